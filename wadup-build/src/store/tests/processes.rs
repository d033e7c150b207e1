//! Several processes on one store, some of them killed. Each test runs itself again as the process that builds.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::*;
use crate::environment::Environment;

/// The folder of the store, set for a process started by one of these tests.
const STORE: &str = "WADUP_TEST_STORE";
/// Set for a process whose build never ends.
const HANGS: &str = "WADUP_TEST_HANGS";

/// Enough files for kills to interrupt a build.
const FILES: u32 = 60;
const KILLS: u32 = 60;

struct Many {
    hangs: bool,
}

impl Many {
    fn content(file: u32) -> Vec<u8> {
        file.to_le_bytes()
            .repeat(usize::try_from(file).unwrap() * 40)
    }

    fn is_whole(artifact: &Artifact) -> bool {
        crate::tree::files(artifact.path()).unwrap().len() == FILES as usize
            && (0..FILES).all(|file| {
                fs::read(artifact.join(file.to_string())).unwrap() == Self::content(file)
            })
    }
}

impl Recipe for Many {
    fn name(&self) -> String {
        "many-1".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::default()
    }

    fn step(&self) -> String {
        "writing many files".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        for file in 0..FILES {
            let path = dirs.content.join(file.to_string());
            fs::write(&path, Self::content(file)).on("write", &path)?;
        }
        println!("built");
        if self.hangs {
            loop {
                std::thread::park();
            }
        }
        Ok(())
    }
}

/// Prints the store's notes, one per line.
struct Printed;

impl Progress for Printed {
    fn begin(&self, _: &str) {}
    fn end(&self, _: &str) {}
    fn note(&self, message: &str) {
        println!("note {message}");
    }
}

/// The store to build in, if this process was started by one of these tests.
fn given() -> Option<(Store, Many)> {
    let environment = Environment::of_process();
    let hangs = environment.system(HANGS).is_some();
    environment
        .system(STORE)
        .map(|store| (Store::new(store, Box::new(Printed)), Many { hangs }))
}

/// A process that runs the test `name` on `store`.
struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(name: &str, store: &Path, hangs: bool) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg(format!(
                "{}::{name}",
                module_path!().split_once("::").unwrap().1
            ))
            .env(STORE, store)
            .env(HANGS, if hangs { "1" } else { "" })
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Reads the output up to a line that contains `text`. Returns whether there is one.
    fn prints(&mut self, text: &str) -> bool {
        self.lines.by_ref().any(|line| line.unwrap().contains(text))
    }

    /// Reads the rest of the output, and returns how often the process built.
    fn builds(mut self) -> usize {
        let built = self
            .lines
            .by_ref()
            .filter(|line| line.as_ref().unwrap() == "built")
            .count();
        assert!(self.child.wait().unwrap().success());
        built
    }

    fn kill(self) {
        drop(self);
    }
}

/// No process outlives its test.
impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn killed_builds_never_leave_a_broken_artifact() {
    if let Some((store, recipe)) = given() {
        println!("ready");
        loop {
            let artifact = store.artifact(&recipe).unwrap();
            // A kill during this leaves half an artifact with a manifest.
            fs::remove_dir_all(artifact.path()).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let recipe = Many { hangs: false };
    let left = folder.path().join("building").join(id_of(&recipe));
    let mut interrupted = 0;
    let mut state = std::process::id();

    for _ in 0..KILLS {
        let name = "killed_builds_never_leave_a_broken_artifact";
        let mut process = Process::start(name, folder.path(), false);
        assert!(process.prints("ready"));
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        std::thread::sleep(Duration::from_micros(u64::from(state >> 8) % 20_000));
        process.kill();

        interrupted += u32::from(left.exists());
        let store = Store::new(folder.path(), Box::new(Silent));
        if let Ok(found) = store.find(&recipe) {
            assert!(Many::is_whole(&found));
        }
        assert!(Many::is_whole(&store.artifact(&recipe).unwrap()));
    }

    assert!(interrupted > 0, "no kill came in the middle of a build");
}

#[test]
fn concurrent_processes_build_once_and_report_waiting() {
    if let Some((store, recipe)) = given() {
        assert!(Many::is_whole(&store.artifact(&recipe).unwrap()));
        return;
    }
    for count in [2, 8] {
        let folder = tempfile::tempdir().unwrap();
        let recipe = Many { hangs: false };
        let store = Store::new(folder.path(), Box::new(Silent));
        let id = id_of(&recipe);
        let held = store.lock(&id, "").unwrap();

        let name = "concurrent_processes_build_once_and_report_waiting";
        let mut processes: Vec<Process> = (0..count)
            .map(|_| Process::start(name, folder.path(), false))
            .collect();
        for process in &mut processes {
            assert!(process.prints(&format!(
                "note waiting for another build: writing many files ({id})"
            )));
        }
        drop(held);

        let built: usize = processes.into_iter().map(Process::builds).sum();
        assert_eq!(built, 1, "of {count}");
    }
}

#[test]
fn locks_of_dead_processes_are_released() {
    if let Some((store, recipe)) = given() {
        assert!(Many::is_whole(&store.artifact(&recipe).unwrap()));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "locks_of_dead_processes_are_released";
    let mut holder = Process::start(name, folder.path(), true);
    assert!(holder.prints("built"));
    let mut waiting = Process::start(name, folder.path(), false);
    assert!(waiting.prints("note waiting for another build"));

    holder.kill();

    assert_eq!(waiting.builds(), 1);
}

#[test]
fn gc_keeps_entries_of_running_builds_only() {
    if let Some((store, recipe)) = given() {
        let artifact = store.artifact(&recipe).unwrap();
        println!("uses {}", artifact.id());
        loop {
            std::thread::park();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "gc_keeps_entries_of_running_builds_only";
    let mut user = Process::start(name, folder.path(), false);
    assert!(user.prints("uses many-1"));
    let maintenance = Maintenance::of(folder.path().to_owned());
    let id = id_of(&Many { hangs: false });

    let freed = maintenance.free(Duration::ZERO).unwrap();
    assert_eq!((freed.removed, freed.in_use), (vec![], vec![id.clone()]));

    user.kill();
    let freed = maintenance.free(Duration::ZERO).unwrap();
    assert_eq!(freed.removed[0].name, id);
    assert!(maintenance.list().unwrap().is_empty());
}

//! Fresh projects outside this workspace, built only by Cargo.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use wadup_host::{Compiler, Engine, Limits, Options, Outcome, Value};

const PYPROJECT: &str = r#"
[project]
name = "users"
version = "0.1.0"
dependencies = ["pydantic==2.12.5"]

[tool.wadup]
entry-point = "users:main"
"#;

const PYTHON: &str = r#"
import fast
import wadup
from pydantic import BaseModel

class User(BaseModel):
    name: str
    age: int

def main():
    wadup.define_table("users", [("name", "String"), ("age", "Int64")])
    for line in open("/data.bin"):
        user = User.model_validate_json(line)
        wadup.insert_row("users", [user.name, fast.double(user.age)])
"#;

const RUST: &str = r#"
wadup_guest::wadup_python! { modules: [fast] }

#[pyo3::pymodule]
mod fast {
    #[pyo3::pyfunction]
    fn double(number: i64) -> i64 {
        2 * number
    }
}
"#;

/// Variables that would change the output of a tool or make it fail, one a line.
const HOSTILE: &str = include_str!("hostile_environment.txt");

/// A build script that sets those variables in its own process, not in Cargo.
const HOSTILE_BUILD_SCRIPT: &str = r#"
fn main() {
    for line in include_str!("hostile.txt").lines() {
        let (name, value) = line.split_once('=').unwrap();
        // SAFETY: this process has one thread.
        unsafe { std::env::set_var(name, value) };
    }
    wadup_build::configure().build();
}
"#;

/// The output of `cargo wadup new`. With its profile, these projects and those of its tests share their compiled dependencies.
const MANIFEST: &str = include_str!("../../../cargo-wadup/src/new/template/manifest.toml");

fn profile() -> &'static str {
    let mut parts = MANIFEST.split("\n\n");
    parts
        .find(|part| part.contains("[profile.release]"))
        .unwrap()
}

/// The same profile for a project with an unchanged manifest.
fn profile_as_variables() -> Vec<(String, String)> {
    let settings = profile().lines().filter_map(|line| line.split_once(" = "));
    settings
        .map(|(key, value)| {
            let key = key.replace('-', "_").to_uppercase();
            let value = value.trim_matches('"').to_owned();
            (format!("CARGO_PROFILE_RELEASE_{key}"), value)
        })
        .collect()
}

/// The folder of wadup's crates.
fn workspace() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    workspace.canonicalize().unwrap()
}

/// An empty folder whose path has a space and a letter outside ASCII.
fn parent() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path().join("my gästs");
    fs::create_dir(&parent).unwrap();
    (folder, parent)
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir(to).unwrap();
        for name in names(from) {
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// A project in its own folder.
struct Project {
    _folder: TempDir,
    root: PathBuf,
}

impl Project {
    fn new(name: &str) -> Self {
        let (_folder, parent) = parent();
        let created = Command::new("cargo")
            .args(["new", "--quiet", "--vcs", "none", "--lib", name])
            .current_dir(&parent)
            .status()
            .unwrap();
        assert!(created.success());
        let root = parent.join(name);
        let project = Self { _folder, root };

        let crates = workspace();
        let crates = crates.display();
        project.append(
            "Cargo.toml",
            &format!(
                "pyo3 = {{ version = \"0.30\", features = [\"abi3-py313\"] }}\n\
                 wadup-guest = {{ path = \"{crates}/wadup-guest\" }}\n\
                 [build-dependencies]\nwadup-build = {{ path = \"{crates}/wadup-build\" }}\n\
                 [lib]\ncrate-type = [\"cdylib\"]\n{}\n",
                profile()
            ),
        );
        project.write(
            "build.rs",
            "fn main() {\n    wadup_build::configure().build();\n}\n",
        );
        project.write("pyproject.toml", PYPROJECT);
        project.write("python/users/__init__.py", PYTHON);
        project.write("src/lib.rs", RUST);
        project
    }

    /// A copy of an example, with the two changes that its README names.
    fn copy_of_example(name: &str) -> Self {
        let (_folder, parent) = parent();
        let root = parent.join(name);
        copy(&workspace().join("examples").join(name), &root);
        let project = Self { _folder, root };
        let manifest = fs::read_to_string(project.root.join("Cargo.toml")).unwrap();
        let own = format!("path = \"{}/", workspace().display());
        assert_eq!(manifest.matches("path = \"../../").count(), 2);
        project.write("Cargo.toml", &manifest.replace("path = \"../../", &own));
        project
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn append(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        let present = fs::read_to_string(&path).unwrap();
        fs::write(path, present + text).unwrap();
    }

    /// `cargo build --target wasm32-wasip1 --release`, as from a shell outside this workspace.
    fn cargo_build(&self, variables: &[(&str, &str)]) -> Output {
        let mut cargo = Command::new("cargo");
        for (name, _) in std::env::vars() {
            if name.starts_with("PYO3_")
                || name.starts_with("CARGO_") && !name.starts_with("CARGO_HOME")
            {
                cargo.env_remove(name);
            }
        }
        cargo
            .args(["build", "--target", "wasm32-wasip1", "--release"])
            // Kept between runs, so that only the project itself is rebuilt.
            .env("CARGO_TARGET_DIR", self.target())
            .envs(variables.iter().copied())
            .current_dir(&self.root)
            .output()
            .unwrap()
    }

    fn build(&self, variables: &[(&str, &str)]) -> String {
        let output = self.cargo_build(variables);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{printed}");
        printed
    }

    /// The module that was built.
    fn guest(&self) -> PathBuf {
        let name = self.root.file_name().unwrap().to_str().unwrap();
        let file = format!("wasm32-wasip1/release/{}.wasm", name.replace('-', "_"));
        self.target().join(file)
    }

    fn run(&self, input: &str) -> Outcome {
        let guest = self.guest();
        let engine = Engine::with_compiler(Limits::default(), Compiler::Baseline).unwrap();
        let mut instance = engine
            .load(&guest)
            .unwrap()
            .instantiate(&Options::default())
            .unwrap();
        instance.process(input.as_bytes()).unwrap()
    }

    /// One folder for all projects, so that their dependencies are built once.
    fn target(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects")
    }
}

/// A package that no index has, in a uv workspace with the guest.
const HELPER: &str = r#"
[build-system]
requires = ["setuptools==80.9.0"]
build-backend = "setuptools.build_meta"

[project]
name = "guests-helper"
version = "1"
"#;

const INPUT: &str = "{\"name\": \"Ada\", \"age\": 36}\n";

#[test]
fn a_fresh_project_is_built_by_cargo_alone_and_rebuilt_only_where_it_changed() {
    let project = Project::new("fresh-project");
    let dependencies = "dependencies = [\"pydantic==2.12.5\", \"guests-helper\"]";
    let pyproject = PYPROJECT.replace("dependencies = [\"pydantic==2.12.5\"]", dependencies);
    let sources = "[tool.uv.sources]\nguests-helper = { workspace = true }\n\
                   [tool.uv.workspace]\nmembers = [\"packages/*\"]\n";
    project.write("pyproject.toml", &format!("{pyproject}{sources}"));
    project.write("packages/helper/pyproject.toml", HELPER);
    project.write("packages/helper/guests_helper.py", "FACTOR = 1\n");
    let python = PYTHON.replace(
        "fast.double(user.age)",
        "guests_helper.FACTOR * fast.double(user.age)",
    );
    let python = format!("import guests_helper{python}");
    project.write("python/users/__init__.py", &python);

    project.build(&[]);
    let output = project.run(INPUT).result.unwrap();
    assert_eq!(
        output.tables[0].rows,
        [[Value::String("Ada".to_owned()), Value::Int64(72)]]
    );
    let lock = fs::read_to_string(project.root.join("wadup.lock")).unwrap();
    assert!(
        lock.contains("guests-helper==1 \\\n    --hash=sha256:"),
        "{lock}"
    );
    assert!(!lock.contains("file:") && !lock.contains("gästs"), "{lock}");

    let again = project.build(&[]);
    assert!(!again.contains("Compiling"), "{again}");

    project.write(
        "python/users/__init__.py",
        &python.replace("fast.double(user.age)", "-user.age"),
    );
    let edited = project.build(&[]);
    assert!(!edited.contains("Compiling wadup"), "{edited}");
    let output = project.run(INPUT).result.unwrap();
    assert_eq!(output.tables[0].rows[0][1], Value::Int64(-36));

    project.write("packages/helper/guests_helper.py", "FACTOR = 2\n");
    project.build(&[]);
    let output = project.run(INPUT).result.unwrap();
    assert_eq!(output.tables[0].rows[0][1], Value::Int64(-72));
    let changed = fs::read_to_string(project.root.join("wadup.lock")).unwrap();
    assert_ne!(lock, changed);
    let again = project.build(&[]);
    assert!(!again.contains("Compiling"), "{again}");

    project.write("packages/helper/guests_helper.py", "FACTOR = 3\n");
    let locked = project.cargo_build(&[("WADUP_LOCKED", "1")]);
    assert!(!locked.status.success());
    let printed = String::from_utf8_lossy(&locked.stderr);
    // Where the newest Python cannot be had, that is the first thing that a locked build refuses.
    let lacks_python = printed.contains("could not get the files that this build needs:");
    assert!(
        lacks_python || printed.contains("a local package"),
        "{printed}"
    );
}

#[test]
fn a_copied_example_builds_and_without_precompilation_shows_every_line() {
    let project = Project::copy_of_example("lockfile");
    let profile = profile_as_variables();
    let mut variables: Vec<(&str, &str)> = profile
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    variables.push(("WADUP_SKIP_PRECOMPILE", "1"));

    project.build(&variables);

    let sample = fs::read_to_string(project.root.join("sample.lock")).unwrap();
    let outcome = project.run(&sample);
    let output = outcome
        .result
        .unwrap_or_else(|failure| panic!("{failure}\n{}", outcome.stderr));
    assert_eq!(output.tables[0].rows.len(), 5);
    let traceback = project.run("[[package]]\nname = \"a\"").stderr;
    for line in [
        "lockfile = Lockfile.model_validate(tomllib.load(file))",
        "return cls.__pydantic_validator__.validate_python(",
    ] {
        assert!(traceback.contains(line), "{line} is not in: {traceback}");
    }
}

#[test]
fn the_same_sources_in_another_folder_build_the_same_module_and_snapshot() {
    let [first, second] = [(), ()].map(|()| {
        let project = Project::new("same-sources");
        project.build(&[]);
        let plain = fs::read(project.guest()).unwrap();
        let options = wadup_snapshot::Options::default();
        let snapshot = wadup_snapshot::take(&plain, &options).unwrap().wasm;
        (plain, snapshot)
    });

    // Printing megabytes of differences would not help.
    assert!(first.0 == second.0, "the modules differ");
    assert!(first.1 == second.1, "the snapshots differ");
}

/// The store that builds use.
fn store() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    variable("WADUP_CACHE_DIR")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("wadup")))
        .unwrap_or_else(|| std::env::home_dir().unwrap().join(".cache/wadup"))
}

/// An empty store with links to the artifacts that take minutes to build.
#[cfg(unix)]
fn borrowing_store() -> TempDir {
    use std::os::unix::fs::symlink;
    const SLOW: [&str; 5] = [
        "build-python-",
        "c-libraries-",
        "c-sources-",
        "cpython-",
        "pydantic-core-",
    ];
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("artifacts")).unwrap();
    for name in ["downloads", "toolchain"] {
        symlink(store().join(name), folder.path().join(name)).unwrap();
    }
    for name in names(&store().join("artifacts")) {
        if SLOW.iter().any(|slow| name.starts_with(slow)) {
            let name = Path::new("artifacts").join(name);
            symlink(store().join(&name), folder.path().join(&name)).unwrap();
        }
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Asserts that two folders hold the same files with the same bytes.
fn assert_same(one: &Path, other: &Path) {
    let sorted = |folder| names(folder).into_iter().collect::<BTreeSet<_>>();
    if !one.is_dir() {
        let same = fs::read(one).unwrap() == fs::read(other).unwrap();
        assert!(same, "{} differs from {}", one.display(), other.display());
        return;
    }
    assert_eq!(sorted(one), sorted(other), "in {}", one.display());
    for name in names(one) {
        assert_same(&one.join(&name), &other.join(&name));
    }
}

#[cfg(unix)]
#[test]
fn a_hundred_variables_change_neither_key_nor_byte_of_what_is_built() {
    assert!(HOSTILE.lines().count() > 100);
    let project = Project::new("hostile-environment");
    project.build(&[]);
    let guest = fs::read(project.guest()).unwrap();
    let lock = project.root.join("wadup.lock");
    let locked = fs::read_to_string(&lock).unwrap();

    // Everything quick is built again, from the lock to the module.
    fs::remove_file(&lock).unwrap();
    let own = borrowing_store();
    project.write("hostile.txt", HOSTILE);
    project.write("build.rs", HOSTILE_BUILD_SCRIPT);
    project.build(&[("WADUP_CACHE_DIR", own.path().to_str().unwrap())]);

    assert_eq!(fs::read_to_string(&lock).unwrap(), locked);
    assert!(
        fs::read(project.guest()).unwrap() == guest,
        "the modules differ"
    );
    let made: Vec<String> = names(&own.path().join("artifacts"))
        .into_iter()
        .filter(|name| !own.path().join("artifacts").join(name).is_symlink())
        .collect();
    for name in ["site-", "compiled-stdlib-", "shim-", "trial-link-"] {
        assert!(
            made.iter().any(|made| made.starts_with(name)),
            "{name}: {made:?}"
        );
    }
    for name in made {
        let content = |store: &Path| store.join("artifacts").join(&name).join("content");
        assert_same(&content(own.path()), &content(&store()));
    }
}

#[test]
fn a_mistake_in_a_project_is_reported_where_it_is() {
    let project = Project::new("broken-project");

    for (pyproject, message) in [
        (
            PYPROJECT.replace("pydantic==2.12.5", "siphash24==1.9"),
            "siphash24 1.9 (required by pyproject.toml) could not be built: ",
        ),
        (
            PYPROJECT.replace("entry-point", "entrypoint"),
            "pyproject.toml",
        ),
        (
            PYPROJECT.replace("users:main", "users:mian"),
            "does not define `mian`",
        ),
        (
            format!(
                "{PYPROJECT}[tool.uv.sources]\npydantic = {{ git = 'https://example.org/x' }}\n"
            ),
            "pyproject.toml: line 10: the source of `pydantic` is the git repository",
        ),
        (
            format!(
                "{PYPROJECT}[tool.uv]\nconstraint-dependencies = ['pydantic<2.12.5']\nindx = 1\n"
            ),
            "unknown field `indx`",
        ),
    ] {
        project.write("pyproject.toml", &pyproject);
        let output = project.cargo_build(&[]);

        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{printed}");
        assert!(printed.contains(message), "{message} is not in: {printed}");
        // Cargo's output for a failing build script would hide the reason.
        assert!(!printed.contains("--- std"), "{printed}");
    }

    project.write(
        "pyproject.toml",
        &PYPROJECT.replace("pydantic==2.12.5", "pydantic==2.12.5\", \"pydantic<2"),
    );
    let output = project.cargo_build(&[]);
    let printed = String::from_utf8_lossy(&output.stderr);
    let reason = printed.find("requirements are unsatisfiable").unwrap();
    let command = printed.find("uv pip compile").unwrap();
    assert!(reason < command, "{printed}");
    assert!(
        printed.ends_with("error: build script logged errors\n"),
        "{printed}"
    );
    assert!(printed.lines().all(|line| line.len() < 300), "{printed}");

    let output = project.cargo_build(&[("TMPDIR", "/no/such/folder")]);
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(
        printed.contains("help: set TMPDIR to a folder that exists"),
        "{printed}"
    );

    project.write("pyproject.toml", PYPROJECT);
    project.write("python/users/__init__.py", "def main(:\n    pass\n");
    project.write("python/users/old.py", "print 1\n");
    project.write("python/json.py", "");
    project.write("python/.env", "TOKEN=secret");
    let printed = String::from_utf8_lossy(&project.cargo_build(&[]).stderr).into_owned();
    for message in [
        "the Python module `users` cannot be imported",
        "users/__init__.py: line 1: SyntaxError: invalid syntax",
        "users/old.py: line 1: SyntaxError: Missing parentheses",
        "python/json.py shadows the standard library's `json`",
        "python/.env is left out of the guest",
    ] {
        assert!(printed.contains(message), "{message} is not in: {printed}");
    }

    project.write("python/encodings.py", "");
    let printed = String::from_utf8_lossy(&project.cargo_build(&[]).stderr).into_owned();
    let message = "shadows the standard library's `encodings`, without which Python does not start";
    assert!(printed.contains(message), "{printed}");
}

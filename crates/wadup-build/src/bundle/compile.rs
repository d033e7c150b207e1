//! Has the build Python compile modules, in two processes, the same way on every machine.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::shares::in_shares;
use crate::command::Program;
use crate::error::{Error, FileContext, Result};

/// What each worker runs.
pub(super) const SCRIPT: &str = include_str!("compile.py");

/// A fixed number, so that the same files are always compiled in the same process.
const WORKERS: usize = 2;

/// One module to compile.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Job {
    pub(super) source: PathBuf,
    /// The `.pyc` to write; the folder it goes into is made.
    pub(super) target: PathBuf,
    /// The path of the source in the guest, which tracebacks show.
    pub(super) guest: String,
    /// Whether the names that the module defines are wanted.
    pub(super) names: bool,
}

/// What became of a module.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Outcome {
    Refused { problem: Problem },
    Compiled(Names),
}

/// Why Python does not take a module.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Problem {
    line: Option<u32>,
    message: String,
    /// The lines in question, marked as Python marks them.
    excerpt: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        write!(formatter, "{}", self.message)?;
        if !self.excerpt.is_empty() {
            write!(formatter, "\n{}", self.excerpt)?;
        }
        Ok(())
    }
}

/// The names that a module defines at its top level.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Names {
    pub(super) names: Vec<String>,
    /// Whether there may be others, which only running the module would tell.
    pub(super) open: bool,
}

/// Compiles modules; the outcomes come in the order of the jobs.
pub(super) fn compile(
    python: &Path,
    jobs: &[Job],
    scratch: &Path,
    log: &Path,
) -> Result<Vec<Outcome>> {
    for job in jobs {
        if let Some(folder) = job.target.parent() {
            fs::create_dir_all(folder).on("create", folder)?;
        }
    }
    let parts: Vec<Result<Vec<Outcome>>> = in_shares(jobs, WORKERS, |number, jobs| {
        work(python, jobs, number, scratch, log)
    });
    Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

fn work(
    python: &Path,
    jobs: &[Job],
    number: usize,
    scratch: &Path,
    log: &Path,
) -> Result<Vec<Outcome>> {
    let file = |name: &str| scratch.join(format!("{name}-{number}"));
    let (script, asked, answered) = (file("compile.py"), file("jobs.json"), file("results.json"));
    let text = serde_json::to_vec(jobs).map_err(|error| Error::malformed(&asked, error))?;
    fs::write(&script, SCRIPT).on("write", &script)?;
    fs::write(&asked, text).on("write", &asked)?;
    Program::new(python, "compiling Python modules")
        // No site, no user folder and no warnings: nothing but the modules may matter.
        .args(["-B", "-S", "-s", "-W", "ignore"])
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONPATH", "")
        .env("PYTHONHOME", "")
        .arg(script)
        .args([&asked, &answered])
        .log(log)
        .run()?;
    let bytes = fs::read(&answered).on("read", &answered)?;
    let outcomes: Vec<Outcome> =
        serde_json::from_slice(&bytes).map_err(|error| Error::malformed(&answered, error))?;
    if outcomes.len() == jobs.len() {
        Ok(outcomes)
    } else {
        Err(Error::malformed(
            &answered,
            "there is not one outcome for each module",
        ))
    }
}

/// These need a Python, though not of any particular version.
#[cfg(test)]
mod tests {
    use super::*;

    fn compile_texts(texts: &[&str]) -> (tempfile::TempDir, Vec<Outcome>) {
        let folder = tempfile::tempdir().unwrap();
        let jobs: Vec<Job> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| {
                let source = folder.path().join(format!("m{number}.py"));
                fs::write(&source, text).unwrap();
                Job {
                    source,
                    target: folder.path().join(format!("made/m{number}.pyc")),
                    guest: format!("/wadup/app/m{number}.py"),
                    names: true,
                }
            })
            .collect();
        let log = folder.path().join("log");
        let outcomes = compile(Path::new("python3"), &jobs, folder.path(), &log).unwrap();
        (folder, outcomes)
    }

    #[track_caller]
    fn names_of(text: &str) -> Names {
        match &compile_texts(&[text]).1[..] {
            [Outcome::Compiled(names)] => names.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_module_becomes_bytecode_with_an_unchecked_hash_and_the_path_in_the_guest() {
        let (folder, outcomes) = compile_texts(&["x = 1", "y = 2", "z = 3"]);

        assert_eq!(outcomes.len(), 3);
        let bytecode = fs::read(folder.path().join("made/m2.pyc")).unwrap();
        // PEP 552: the flags follow the magic number; 1 is a hash that is not checked.
        assert_eq!(bytecode[4..8], [1, 0, 0, 0]);
        let holds = |text: &str| {
            bytecode
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        assert!(holds("/wadup/app/m2.py"));
        assert!(!holds(&folder.path().to_string_lossy()));
    }

    #[test]
    fn the_bytecode_does_not_depend_on_what_else_is_compiled() {
        let module = "import os\ndef main(argument='text'):\n    return {1, 2}, os.name, 'text'\n";
        let (alone, _) = compile_texts(&[module]);
        let (second, _) = compile_texts(&[module, "text = name = argument = main = 'text'"]);

        let read =
            |folder: &tempfile::TempDir| fs::read(folder.path().join("made/m0.pyc")).unwrap();
        assert!(read(&alone) == read(&second));
    }

    #[test]
    fn a_syntax_error_is_told_as_python_tells_it() {
        let (_folder, outcomes) = compile_texts(&["fine = 1\n", "x = 1\ndef f()\n    pass\n"]);

        assert!(matches!(outcomes[0], Outcome::Compiled(_)));
        let Outcome::Refused { problem } = &outcomes[1] else {
            panic!("{outcomes:?}");
        };
        let told = problem.to_string();
        assert!(
            told.starts_with("line 2: SyntaxError: expected ':'\n    def f()\n"),
            "{told}"
        );
        assert!(told.ends_with('^') && !told.contains("File"), "{told}");
    }

    #[test]
    fn every_way_to_define_a_name_at_the_top_level_is_seen() {
        let names = names_of(
            "import os.path, json as j\nfrom sys import argv\na = b, (c, *d) = 1, (2, 3)\ne: int = 1\n\
             def f(): inner = 1\nasync def g(): pass\nclass H: member = 1\n\
             if f: i = 1\nelse: k = 1\ntry: l = 1\nexcept OSError: m = 1\n\
             for n in a: pass\nwith f() as o: pass\nif (p := f()): pass\n\
             q = [r for r in a]\ndef s():\n    global t\n    t = 1\n",
        );

        let expected = "H a argv b c d e f g i j k l m n o os p q s t";
        assert_eq!(names.names.join(" "), expected);
        assert!(!names.open);
    }

    #[test]
    fn a_module_that_can_have_any_name_is_open() {
        for text in [
            "from os import *",
            "def __getattr__(name): pass",
            "globals()['x'] = 1",
            "exec('x = 1')",
        ] {
            let names = names_of(text);
            assert!(
                names.open && !names.names.contains(&"*".to_owned()),
                "{text}: {names:?}"
            );
        }
    }
}

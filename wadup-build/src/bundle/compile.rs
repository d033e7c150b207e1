//! Runs the build Python to compile modules and list what they define and import, in two processes, with the same
//! result on every machine.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wadup_contract::definition::Definitions;

use super::shares::in_shares;
use super::trace::Import;
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};

/// The worker's script and the modules that it imports. All decide the result.
pub(super) const SCRIPTS: [(&str, &str); 3] = [
    ("compile.py", include_str!("compile.py")),
    ("definitions.py", include_str!("definitions.py")),
    ("imports.py", include_str!("imports.py")),
];

/// A fixed number, so that the same files are always compiled in the same process.
const WORKERS: usize = 2;

/// One module to compile.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Job {
    pub(super) source: PathBuf,
    /// The `.pyc` to write. Its parent folders are created.
    pub(super) target: PathBuf,
    /// The path of the source in the guest, as shown in tracebacks.
    pub(super) guest: String,
    /// The dotted name of the module.
    pub(super) module: String,
    pub(super) owner: Owner,
}

/// The owner of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Owner {
    /// The user, for whose modules the defined names are collected.
    User,
    /// A package.
    Package,
    /// The standard library. Imports that a module does only when run as a script do not count.
    Library,
}

/// The result of compiling a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Outcome {
    Refused(Refused),
    Compiled(Compiled),
}

impl Outcome {
    /// What the module imports, and the encoding that decoding its source imports. A refused module always ships as
    /// source.
    pub(super) fn imports(&self, source_is_shipped: bool) -> Vec<Import> {
        let (imports, encoding) = match self {
            Self::Refused(refused) => (&[][..], &refused.encoding),
            Self::Compiled(compiled) => {
                let encoding = &compiled.encoding;
                (
                    &compiled.imports[..],
                    if source_is_shipped { encoding } else { &None },
                )
            }
        };
        let of_source = encoding.iter().map(|module| Import::of(module));
        imports.iter().cloned().chain(of_source).collect()
    }
}

/// A module that does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refused {
    pub(super) problem: Problem,
    encoding: Option<String>,
}

/// A compiled module's names and imports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Compiled {
    #[serde(flatten)]
    pub(super) names: Names,
    /// What the names stand for; only that of the user's modules is collected.
    pub(super) definitions: Definitions,
    pub(super) imports: Vec<Import>,
    /// The module that decodes the source, if it is not UTF-8.
    encoding: Option<String>,
}

/// Why a module does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Problem {
    line: Option<u32>,
    message: String,
    /// The source lines of the error, marked as Python marks them.
    excerpt: String,
}

impl Problem {
    /// The problem without source lines.
    pub(super) fn summary(&self) -> String {
        let line = self.line.map(|line| format!("line {line}: "));
        format!("{}{}", line.unwrap_or_default(), self.message)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.summary())?;
        if !self.excerpt.is_empty() {
            write!(formatter, "\n{}", self.excerpt)?;
        }
        Ok(())
    }
}

/// The names that a module defines at the top level.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Names {
    pub(super) names: Vec<String>,
    /// Whether there may be more names that only running the module would define.
    pub(super) open: bool,
}

/// How to compile modules.
pub(super) struct Compiler<'a> {
    /// The build Python.
    pub(super) python: &'a Path,
    /// Whether the bytecode contains column numbers, which are a fifth of its size. Tracebacks only use them if the
    /// source is shipped.
    pub(super) columns: bool,
    /// A folder for the workers' files.
    pub(super) scratch: &'a Path,
    pub(super) log: &'a Path,
}

impl Compiler<'_> {
    /// Compiles modules and returns their outcomes in the order of the jobs.
    pub(super) fn compile(&self, jobs: &[Job]) -> Result<Vec<Outcome>> {
        for job in jobs {
            if let Some(folder) = job.target.parent() {
                fs::create_dir_all(folder).on("create", folder)?;
            }
        }
        for (name, text) in SCRIPTS {
            let script = self.scratch.join(name);
            fs::write(&script, text).on("write", &script)?;
        }
        let parts: Vec<Result<Vec<Outcome>>> =
            in_shares(jobs, WORKERS, |number, jobs| self.work(jobs, number));
        Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.concat())
    }

    fn work(&self, jobs: &[Job], number: usize) -> Result<Vec<Outcome>> {
        let file = |name: &str| self.scratch.join(format!("{name}-{number}"));
        let (asked, answered) = (file("jobs.json"), file("results.json"));
        let text = serde_json::to_vec(jobs).map_err(|error| Error::malformed(&asked, error))?;
        fs::write(&asked, text).on("write", &asked)?;
        Program::new(Tool::Python, self.python, "compiling Python modules")
            // Without site, user folder and warnings, only the modules themselves matter.
            .args(["-B", "-S", "-s", "-W", "ignore"])
            .args(
                (!self.columns)
                    .then_some(["-X", "no_debug_ranges"])
                    .into_iter()
                    .flatten(),
            )
            .env("PYTHONHASHSEED", "0")
            .arg(self.scratch.join(SCRIPTS[0].0))
            .args([&asked, &answered])
            .log(self.log)
            .run()?;
        outcomes(&answered, jobs.len())
    }
}

fn outcomes(answered: &Path, expected: usize) -> Result<Vec<Outcome>> {
    let bytes = fs::read(answered).on("read", answered)?;
    let outcomes: Vec<Outcome> =
        serde_json::from_slice(&bytes).map_err(|error| Error::malformed(answered, error))?;
    if outcomes.len() == expected {
        Ok(outcomes)
    } else {
        Err(Error::malformed(
            answered,
            "there is not one outcome for each module",
        ))
    }
}

#[cfg(test)]
mod tests;

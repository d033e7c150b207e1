//! What is said to Cargo: typed lines, and the only place that writes them.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::progress::Progress;

/// One instruction of a build script (Cargo book, "Outputs of the Build Script").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// An argument for the linker, for every artifact of this package.
    LinkArg(String),
    /// A folder in which the linker looks for `-l` libraries.
    LinkSearch(PathBuf),
    /// A static library by its name, which stays a file of its own.
    LinkLibrary(&'static str),
    /// An environment variable for rustc, and so for the macro.
    RustcEnv(&'static str, PathBuf),
    /// Run the build script again when this file or folder changes.
    RerunIfChanged(PathBuf),
    /// Run the build script again when this variable changes.
    RerunIfEnvChanged(&'static str),
    /// A message for the user.
    Warning(String),
    /// Why there is no guest. Cargo shows it as its own, and ends the build.
    Error(String),
}

impl Line {
    /// Runs the build script again when a file changes that is there: Cargo takes one that is not for changed each time.
    pub(crate) fn follow(path: &Path) -> Option<Self> {
        path.exists().then(|| Line::RerunIfChanged(path.to_owned()))
    }
}

impl Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::LinkArg(argument) => write!(formatter, "cargo::rustc-link-arg={argument}"),
            Line::LinkSearch(folder) => {
                write!(
                    formatter,
                    "cargo::rustc-link-search=native={}",
                    folder.display()
                )
            }
            Line::LinkLibrary(name) => {
                write!(formatter, "cargo::rustc-link-lib=static:-bundle={name}")
            }
            Line::RustcEnv(name, value) => {
                write!(formatter, "cargo::rustc-env={name}={}", value.display())
            }
            Line::RerunIfChanged(path) => {
                write!(formatter, "cargo::rerun-if-changed={}", path.display())
            }
            Line::RerunIfEnvChanged(name) => {
                write!(formatter, "cargo::rerun-if-env-changed={name}")
            }
            Line::Warning(message) => {
                // Cargo reads to the end of the line.
                write!(formatter, "cargo::warning={}", message.replace('\n', " | "))
            }
            Line::Error(message) => {
                let lines: Vec<String> = message
                    .lines()
                    .map(|line| format!("cargo::error={line}"))
                    .collect();
                formatter.write_str(&lines.join("\n"))
            }
        }
    }
}

/// Writes the lines to Cargo.
pub(crate) fn emit<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
    mut out: impl Write,
) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// Hands the steps of a long build to Cargo as warnings, the only notes of a build script that it shows.
pub(crate) struct Notes;

impl Progress for Notes {
    fn begin(&self, step: &str) {
        self.note(step);
    }

    fn end(&self, _step: &str) {}

    fn note(&self, message: &str) {
        // A note that cannot be written is no reason to stop a build.
        drop(emit([&Line::Warning(message.to_owned())], io::stdout()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_the_spelling_that_cargo_documents() {
        let lines = [
            Line::LinkArg("--stack-first".into()),
            Line::LinkSearch("/store/lib".into()),
            Line::RustcEnv("WADUP_INDEX", "/out/index.json".into()),
            Line::RerunIfChanged("python".into()),
            Line::RerunIfEnvChanged("WADUP_CACHE_DIR"),
            Line::Warning("first\nsecond".into()),
            Line::Error("clang is missing\nhelp: install it".into()),
        ];
        let mut out = Vec::new();

        emit(&lines, &mut out).unwrap();

        assert_eq!(
            String::from_utf8(out).unwrap(),
            "cargo::rustc-link-arg=--stack-first\n\
             cargo::rustc-link-search=native=/store/lib\n\
             cargo::rustc-env=WADUP_INDEX=/out/index.json\n\
             cargo::rerun-if-changed=python\n\
             cargo::rerun-if-env-changed=WADUP_CACHE_DIR\n\
             cargo::warning=first | second\n\
             cargo::error=clang is missing\n\
             cargo::error=help: install it\n"
        );
    }
}

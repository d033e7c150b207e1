//! Build script instructions for Cargo: typed lines, and the only code that writes them.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::progress::Progress;

/// One instruction of a build script (Cargo book, "Outputs of the Build Script").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// An argument for the linker, for every artifact of this package.
    LinkArg(String),
    /// A folder in which the linker searches for `-l` libraries.
    LinkSearch(PathBuf),
    /// A static library by name, linked from its own file instead of being bundled into the rlib.
    LinkLibrary(&'static str),
    /// An environment variable for rustc, which the macro reads.
    RustcEnv(&'static str, PathBuf),
    /// Run the build script again when this file or folder changes.
    RerunIfChanged(PathBuf),
    /// Run the build script again when this variable changes.
    RerunIfEnvChanged(&'static str),
    /// A message for the user.
    Warning(String),
    /// Why the build failed. Cargo shows it as an error and stops.
    Error(String),
}

impl Line {
    /// Tracks a file if it exists: Cargo treats a missing file as always changed.
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
                // Cargo reads one line per instruction.
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

/// Reports the steps of a long build as Cargo warnings, the only build script output that Cargo always shows.
pub(crate) struct Notes;

impl Progress for Notes {
    fn begin(&self, step: &str) {
        self.note(step);
    }

    fn end(&self, _step: &str) {}

    fn note(&self, message: &str) {
        // Failing to write a note must not stop the build.
        drop(emit([&Line::Warning(message.to_owned())], io::stdout()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_match_cargos_documented_syntax() {
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

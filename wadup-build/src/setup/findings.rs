//! Looks for each thing that a build needs, one by one, and says how to get what is missing.

use std::path::Path;

use super::{Setup, rust_target};
use crate::base::Base;
use crate::command::Program;
use crate::cpython::{BuildPython, VERSION};
use crate::environment::Tool;
use crate::error::{Error, Result};
use crate::toolchain::{self, Toolchain};
use crate::uv;

/// What was found of one thing that a build needs.
#[derive(Debug)]
pub struct Finding {
    /// What it is: "Rust target".
    pub what: &'static str,
    /// What was found, with its version and place, or what is wrong.
    pub state: Result<String, Problem>,
}

/// Why a build cannot use what it needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is missing or wrong.
    pub problem: String,
    /// What to do about it: a command, or what to install.
    pub help: String,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Missing { what, help } => Self {
                problem: format!("{what} is missing"),
                help,
            },
            Error::ProgramNotFound { program, help, .. } => Self {
                problem: format!("`{program}` was not found"),
                help,
            },
            Error::Damaged {
                artifact,
                difference,
            } => Self {
                problem: format!("`{artifact}` in the store is damaged: {difference}"),
                help: "run `cargo wadup setup`, which builds it again".into(),
            },
            other => Self {
                problem: other.report(),
                help: "run `cargo wadup setup`".into(),
            },
        }
    }
}

/// One thing that a build needs.
struct Need {
    what: &'static str,
    find: fn(&Setup) -> Result<String>,
}

/// In the order in which they build on one another.
const NEEDS: [Need; 9] = [
    Need {
        what: "rustc",
        find: rustc,
    },
    Need {
        what: "Rust target",
        find: |setup| rust_target::find(&setup.environment),
    },
    Need {
        what: "clang",
        find: |setup| {
            let (clang, description) = toolchain::compiler(&setup.environment, setup.store.root())?;
            Ok(format!("{description}, {}", clang.display()))
        },
    },
    Need {
        what: "WASI sysroot",
        find: |setup| {
            toolchain::sysroot(&setup.environment, setup.store.root())
                .map(|sysroot| sysroot.display().to_string())
        },
    },
    Need {
        what: "wasm linker",
        find: |setup| {
            Toolchain::find(&setup.environment, setup.store.root())
                .map(|toolchain| toolchain.wasm_ld().display().to_string())
        },
    },
    Need {
        what: "uv",
        find: |setup| {
            let uv = uv::find(&setup.environment, setup.store.root())?;
            Ok(format!("{}, {}", version(&uv)?, uv.display()))
        },
    },
    Need {
        what: "build Python",
        find: |setup| {
            let python = setup.store.find(&BuildPython {
                sources: &setup.sources(),
            })?;
            let interpreter = BuildPython::interpreter(&python);
            Ok(format!(
                "{}, {}",
                version(&interpreter)?,
                interpreter.display()
            ))
        },
    },
    Need {
        what: "CPython for guests",
        find: |setup| {
            Base::find(&setup.environment, &setup.store, &setup.sources())
                .map(|base| format!("Python {VERSION}, {}", base.python.path().display()))
        },
    },
    Need {
        what: "store",
        find: |setup| Ok(setup.store.root().display().to_string()),
    },
];

impl Setup {
    /// What is there and what is missing; changes nothing.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        NEEDS
            .iter()
            .map(|need| Finding {
                what: need.what,
                state: (need.find)(self).map_err(Problem::from),
            })
            .collect()
    }
}

/// The compiler, recent enough for wadup's own crates.
fn rustc(setup: &Setup) -> Result<String> {
    let rustc = setup
        .environment
        .system("RUSTC")
        .unwrap_or_else(|| "rustc".into());
    let found = Program::new(Tool::Rust, &rustc, "asking rustc for its version")
        .or_else("install Rust with rustup")
        .arg("--version")
        .output()?;
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    if is_at_least(&found, wanted) {
        Ok(found.trim().to_owned())
    } else {
        Err(Error::missing(
            format!("Rust {wanted} or later (this is {})", found.trim()),
            "run `rustup update stable`",
        ))
    }
}

/// Whether `rustc 1.95.0 (...)` is of the version `1.95` or a later one.
fn is_at_least(found: &str, wanted: &str) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        text.split(['.', '-'])
            .map_while(|number| number.parse().ok())
            .collect()
    };
    let version = found.split_whitespace().nth(1).unwrap_or_default();
    numbers(version) >= numbers(wanted)
}

/// What a program says of its version.
fn version(program: &Path) -> Result<String> {
    Program::new(Tool::Compiler, program, "asking for a version")
        .or_else("run `cargo wadup setup`")
        .arg("--version")
        .output()
        .map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::progress::Silent;
    use crate::store::Store;

    #[test]
    fn versions_of_rust_are_compared_by_number() {
        assert!(is_at_least("rustc 1.95.0 (59807616e 2026-04-14)", "1.95"));
        assert!(is_at_least("rustc 1.100.0-nightly (abc)", "1.95"));
        assert!(!is_at_least("rustc 1.94.1 (abc)", "1.95"));
        assert!(!is_at_least("", "1.95"));
    }

    #[test]
    fn a_bare_machine_lacks_everything_and_is_told_how_to_get_it() {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup {
            environment: Environment::of([
                ("RUSTC", "/nowhere/rustc"),
                ("HOME", "/nowhere"),
                ("WASI_SDK_PATH", "/nowhere/sdk"),
            ]),
            store: Store::new(folder.path(), Box::new(Silent)),
        };

        let findings = setup.findings();

        for finding in &findings {
            match &finding.state {
                Ok(_) => assert_eq!(finding.what, "store"),
                Err(problem) => assert!(!problem.help.is_empty(), "{finding:?}"),
            }
        }
        let help = |what: &str| {
            let finding = findings.iter().find(|finding| finding.what == what);
            finding.unwrap().state.as_ref().unwrap_err().help.clone()
        };
        assert_eq!(help("rustc"), "install Rust with rustup");
        assert!(help("uv").contains("cargo wadup setup"), "{}", help("uv"));
        assert!(help("build Python").contains("cargo wadup setup"));
        assert!(
            std::fs::read_dir(folder.path()).unwrap().next().is_none(),
            "nothing is changed"
        );
    }
}

//! Checks each requirement of a build, and says how to install what is missing.

use std::path::{Path, PathBuf};

use wadup_build::machine::{Machine, Program, Tool};
use wadup_build::{Error, Result};

use super::{binaryen, rust_target};

/// The state of one requirement of a build.
#[derive(Debug)]
pub(crate) struct Finding {
    /// Its name: "Rust target".
    pub(crate) what: &'static str,
    /// What was found, with version and path, or the problem.
    pub(crate) state: Result<String, Problem>,
    /// Whether builds work without it.
    pub(crate) is_optional: bool,
}

/// Why a requirement is not met.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What is missing or wrong.
    pub(crate) problem: String,
    /// What to do about it: a command, or what to install.
    pub(crate) help: String,
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

/// One requirement of a build.
struct Need {
    what: &'static str,
    find: fn(&Machine) -> Result<String>,
    is_optional: bool,
}

/// In the order of their dependencies.
const NEEDS: [Need; 10] = [
    Need {
        what: "rustc",
        find: rustc,
        is_optional: false,
    },
    Need {
        what: "Rust target",
        find: rust_target::find,
        is_optional: false,
    },
    Need {
        what: "clang",
        find: |machine| {
            let (clang, description) = machine.clang()?;
            Ok(format!("{description}, {}", clang.display()))
        },
        is_optional: false,
    },
    Need {
        what: "WASI sysroot",
        find: |machine| machine.sysroot().map(shown),
        is_optional: false,
    },
    Need {
        what: "wasm linker",
        find: |machine| machine.linker().map(shown),
        is_optional: false,
    },
    Need {
        what: "uv",
        find: |machine| with_version(&machine.uv()?),
        is_optional: false,
    },
    Need {
        what: "build Python",
        find: |machine| with_version(&machine.build_python()?),
        is_optional: false,
    },
    Need {
        what: "CPython for guests",
        find: |machine| {
            let python = machine.guest_python()?;
            Ok(format!(
                "{}, {}",
                python.description,
                python.folder.display()
            ))
        },
        is_optional: false,
    },
    Need {
        what: "wasm-opt",
        find: binaryen::find,
        is_optional: true,
    },
    Need {
        what: "store",
        find: |machine| Ok(machine.store().display().to_string()),
        is_optional: false,
    },
];

/// Checks all requirements; changes nothing.
pub(crate) fn all(machine: &Machine) -> Vec<Finding> {
    NEEDS
        .iter()
        .map(|need| Finding {
            what: need.what,
            state: (need.find)(machine).map_err(Problem::from),
            is_optional: need.is_optional,
        })
        .collect()
}

/// Finds rustc; wadup's crates need a minimum version.
fn rustc(machine: &Machine) -> Result<String> {
    let rustc = machine.variable("RUSTC").unwrap_or_else(|| "rustc".into());
    let found = Program::new(Tool::Rust, &rustc, "asking rustc for its version")
        .or_else("install Rust with rustup")
        .arg("--version")
        .output()?;
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    if is_at_least(&found, wanted) {
        Ok(found.trim().to_owned())
    } else {
        Err(Error::Missing {
            what: format!("Rust {wanted} or later (this is {})", found.trim()),
            help: "run `rustup update stable`".into(),
        })
    }
}

/// Whether `rustc 1.95.0 (...)` is version `1.95` or later.
fn is_at_least(found: &str, wanted: &str) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        text.split(['.', '-'])
            .map_while(|number| number.parse().ok())
            .collect()
    };
    let version = found.split_whitespace().nth(1).unwrap_or_default();
    numbers(version) >= numbers(wanted)
}

fn shown(path: PathBuf) -> String {
    path.display().to_string()
}

/// The version of a program, and its path.
fn with_version(program: &Path) -> Result<String> {
    let version = Program::new(Tool::Compiler, program, "asking for a version")
        .or_else("run `cargo wadup setup`")
        .arg("--version")
        .output()?;
    Ok(format!("{}, {}", version.trim(), program.display()))
}

#[cfg(test)]
mod tests {
    use wadup_build::Silent;

    use super::*;

    #[test]
    fn rust_versions_are_compared_as_numbers() {
        assert!(is_at_least("rustc 1.95.0 (59807616e 2026-04-14)", "1.95"));
        assert!(is_at_least("rustc 1.100.0-nightly (abc)", "1.95"));
        assert!(!is_at_least("rustc 1.94.1 (abc)", "1.95"));
        assert!(!is_at_least("", "1.95"));
    }

    #[test]
    fn on_a_bare_machine_every_requirement_is_missing_with_help() {
        let folder = tempfile::tempdir().unwrap();
        let variables = [
            ("RUSTC", "/nowhere/rustc".as_ref()),
            ("HOME", "/nowhere".as_ref()),
            ("WASI_SDK_PATH", "/nowhere/sdk".as_ref()),
            ("WADUP_CACHE_DIR", folder.path().as_os_str()),
        ];
        let machine = Machine::of(variables, Box::new(Silent)).unwrap();

        let findings = all(&machine);

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

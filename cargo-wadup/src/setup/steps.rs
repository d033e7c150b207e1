//! Installs what `cargo build --target wasm32-wasip1` needs, step by step. Repeating it is harmless.

use wadup_build::Result;
use wadup_build::machine::Machine;

use super::{c_toolchain, rust_target, uv};

/// One requirement of a build.
struct Step {
    what: &'static str,
    find: fn(&Machine) -> Result<String>,
    /// Whether a newer one may be had than what was found.
    is_outdated: fn(&Machine) -> bool,
    install: fn(&Machine) -> Result<()>,
}

/// In the order of their dependencies.
const STEPS: [Step; 4] = [
    Step {
        what: "Rust target",
        find: rust_target::find,
        is_outdated: |_| false,
        install: |_| rust_target::install(),
    },
    Step {
        what: "C toolchain",
        find: Machine::toolchain,
        is_outdated: |_| false,
        install: c_toolchain::install,
    },
    Step {
        what: "uv",
        find: |machine| machine.uv().map(|uv| uv.display().to_string()),
        is_outdated: |_| false,
        install: uv::install,
    },
    Step {
        what: "CPython and its libraries",
        find: |machine| {
            let python = machine.guest_python()?;
            Ok(format!(
                "{}, {}",
                python.description,
                python.folder.display()
            ))
        },
        is_outdated: |machine| {
            machine
                .guest_python()
                .is_ok_and(|python| python.is_outdated)
        },
        install: Machine::build_python_and_libraries,
    },
];

/// Installs and builds what is missing.
///
/// # Errors
/// The first step that failed, with what to do by hand.
pub(super) fn run(machine: &Machine) -> Result<()> {
    for step in &STEPS {
        let progress = machine.progress();
        if (step.find)(machine).is_err() || (step.is_outdated)(machine) {
            progress.begin(step.what);
            (step.install)(machine)?;
            progress.end(step.what);
        }
        progress.note(&format!("{}: {}", step.what, (step.find)(machine)?));
    }
    Ok(())
}

//! Installs what `cargo build --target wasm32-wasip1` needs, step by step. Repeating it is harmless.

use wadup_build::Result;
use wadup_build::machine::Machine;

use super::{c_toolchain, rust_target, uv};

/// One requirement of a build.
struct Step {
    what: &'static str,
    find: fn(&Machine) -> Result<String>,
    install: fn(&Machine) -> Result<()>,
}

/// In the order of their dependencies.
const STEPS: [Step; 4] = [
    Step {
        what: "Rust target",
        find: rust_target::find,
        install: |_| rust_target::install(),
    },
    Step {
        what: "C toolchain",
        find: Machine::toolchain,
        install: c_toolchain::install,
    },
    Step {
        what: "uv",
        find: |machine| machine.uv().map(|uv| uv.display().to_string()),
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
        if (step.find)(machine).is_err() {
            progress.begin(step.what);
            (step.install)(machine)?;
            progress.end(step.what);
        }
        progress.note(&format!("{}: {}", step.what, (step.find)(machine)?));
    }
    Ok(())
}

//! Builds and runs the complete program, if this binary was built without wasmtime.
//!
//! In a checkout, `cargo wadup` starts as a binary that compiles in seconds and can set up a machine. Only commands
//! that run guests wait for wasmtime to compile, which `cargo xtask demo` and `cargo test` share.

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cargo_metadata::Message;

use crate::checkout::Checkout;
use crate::project;

/// The commands that work without wasmtime. All others, and `--help`, need the complete program.
const COMMANDS_WITHOUT: [&str; 8] = [
    "audit", "check", "doctor", "new", "sbom", "setup", "size", "store",
];

/// A build with nothing to compile is faster than this.
const ANNOUNCE_AFTER: Duration = Duration::from_secs(3);

/// Whether these arguments, which start with the program's name, need the complete program.
pub(crate) fn is_needed(arguments: &[OsString]) -> bool {
    let works_without = |command: &OsString| {
        COMMANDS_WITHOUT.iter().any(|name| *name == command)
            || cfg!(feature = "stubs") && command == "stubs"
    };
    cfg!(not(feature = "wasmtime")) && !arguments.get(1).is_some_and(works_without)
}

/// Builds the complete program in this one's checkout, and runs it with the same arguments.
///
/// # Errors
/// If Cargo cannot build it, or it cannot be run.
pub(crate) fn run(arguments: &[OsString]) -> crate::Outcome {
    let program = build()?;
    let status = Command::new(&program)
        .args(arguments.iter().skip(1))
        .status()
        .map_err(|error| format!("could not run `{}`: {error}", program.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Builds the program. It selects the same packages as `cargo run` and `cargo test`, so that all share one build of wasmtime.
fn build() -> Result<PathBuf, String> {
    let checkout = Checkout::of_this_program().ok_or(
        "this program was installed without its feature `wasmtime`, which runs guests\n\
         help: run `cargo install cargo-wadup`",
    )?;
    let manifest = checkout.folder().join("Cargo.toml");
    let mut cargo = Command::new(project::cargo());
    cargo
        .args([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
        ])
        .args(["--bin", crate::PROGRAM, "--manifest-path"])
        .arg(&manifest);
    let failed = |error| format!("could not run Cargo on `{}`: {error}", manifest.display());
    let mut child = cargo.stdout(Stdio::piped()).spawn().map_err(failed)?;
    let messages = thread::scope(|scope| {
        let mut stdout = child.stdout.take();
        let reader = scope.spawn(move || {
            let mut messages = String::new();
            match &mut stdout {
                Some(stdout) => stdout.read_to_string(&mut messages).map(|_| messages),
                None => Ok(messages),
            }
        });
        announce(&mut child)?;
        reader
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
    .map_err(failed)?;
    if !child.wait().map_err(failed)?.success() {
        return Err(format!(
            "Cargo could not build `{}` of `{}`",
            crate::PROGRAM,
            manifest.display()
        ));
    }
    Message::parse_stream(messages.as_bytes())
        .filter_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) => artifact.executable,
            _ => None,
        })
        .last()
        .map(PathBuf::from)
        .ok_or_else(|| format!("Cargo did not say where it built `{}`", crate::PROGRAM))
}

/// Prints a message if the build takes long.
fn announce(child: &mut Child) -> std::io::Result<()> {
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > ANNOUNCE_AFTER {
            eprintln!(
                "compiling wasmtime, which runs guests: once per checkout, about five minutes ..."
            );
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

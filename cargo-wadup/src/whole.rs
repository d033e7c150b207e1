//! The whole program, for a binary that was built without wasmtime: it has Cargo build the rest, and runs that.
//!
//! In a checkout `cargo wadup` begins as a binary that compiles in seconds and can set up a machine. Only commands that run guests
//! wait until wasmtime is compiled, which `cargo xtask demo` and `cargo test` share.

use std::env;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::project;

/// The commands that need no wasmtime. All others, and the list of commands, are the whole program's.
const COMMANDS_WITHOUT: [&str; 7] = ["check", "doctor", "new", "sbom", "setup", "size", "store"];

/// A build that has nothing to compile ends sooner.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether these arguments, which begin with the program's name, are for the whole program.
pub(crate) fn is_needed(arguments: &[OsString]) -> bool {
    cfg!(not(feature = "wasmtime"))
        && !arguments
            .get(1)
            .is_some_and(|command| COMMANDS_WITHOUT.iter().any(|name| *name == command))
}

/// Builds the whole program in the checkout of this one, and runs it with the same arguments.
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

/// The selection of packages is that of `cargo run` and `cargo test`, so that all share one build of wasmtime.
fn build() -> Result<PathBuf, String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = own.parent().unwrap_or(own).join("Cargo.toml");
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
    messages
        .lines()
        .rev()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| format!("Cargo did not say where it built `{}`", crate::PROGRAM))
}

/// Says what takes so long, if it does.
fn announce(child: &mut Child) -> std::io::Result<()> {
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > PATIENCE {
            eprintln!(
                "compiling wasmtime, which runs guests: once per checkout, about five minutes ..."
            );
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

//! Runs Cargo and reads from its messages which guests it built.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use cargo_metadata::camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Artifact, Message, PackageId};

use super::arguments::Arguments;
use super::paths;
use crate::project;

/// The result of Cargo's build.
pub(crate) enum Built {
    /// The guests that were built or are up to date.
    All(Vec<Guest>),
    /// Cargo failed, after printing why, with this exit code.
    Failed(ExitCode),
}

/// A module that Cargo linked.
pub(crate) struct Guest {
    /// The module's file.
    pub(crate) module: PathBuf,
    /// Whether it is a command, which runs once from `_start`.
    pub(crate) is_program: bool,
    /// The folder of its package.
    pub(crate) project: PathBuf,
    /// The Cargo.toml of its workspace, which contains the profiles.
    pub(super) workspace: toml::Table,
    /// The folder in which its build script saved its data.
    pub(crate) build_folder: PathBuf,
}

/// The OUT_DIR of each package's build script.
type BuildFolders = HashMap<PackageId, Utf8PathBuf>;

/// What Cargo made.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) artifacts: Vec<Artifact>,
    build_folders: BuildFolders,
}

/// Runs `cargo build` for the guests' target, with its messages on the terminal and `variables` in its environment.
pub(super) fn build(arguments: &Arguments, variables: &[(&str, &OsStr)]) -> Result<Built, String> {
    let mut cargo = cargo("build");
    cargo.envs(variables.iter().copied());
    match paths::flags(arguments) {
        Ok(flags) => {
            cargo.env(paths::VARIABLE, flags);
        }
        Err(_) if arguments.is_quiet() => {}
        Err(reason) => {
            eprintln!("note: the guest may contain paths of this machine: {reason}");
        }
    }
    let made = match run(cargo.args(&arguments.cargo))? {
        Ok(made) => made,
        Err(code) => return Ok(Built::Failed(code)),
    };
    let guests = made
        .artifacts
        .iter()
        .map(|artifact| guest(artifact, &made.build_folders))
        .filter_map(Result::transpose)
        .collect::<Result<_, String>>()?;
    Ok(Built::All(guests))
}

/// A command of Cargo's for the guests' target, for [`run`].
pub(crate) fn cargo(command: &str) -> Command {
    let mut cargo = Command::new(project::cargo());
    cargo
        .args([command, "--target", project::TARGET])
        // Cargo renders the compiler's messages itself, and prints JSON messages about artifacts.
        .arg("--message-format=json-render-diagnostics");
    cargo
}

/// Runs Cargo, with its messages on the terminal.
///
/// # Errors
/// If Cargo cannot be run. Inside: its exit code, if it failed after printing why; one killed by a signal counts as failed.
pub(crate) fn run(cargo: &mut Command) -> Result<Result<Made, ExitCode>, String> {
    let mut cargo = cargo
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not run Cargo: {error}"))?;
    let made = cargo.stdout.take().map(listen).unwrap_or_default();
    let status = cargo
        .wait()
        .map_err(|error| format!("could not wait for Cargo: {error}"))?;
    if status.success() {
        return Ok(Ok(made));
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Err(code.map_or(ExitCode::FAILURE, ExitCode::from)))
}

/// Reads Cargo's messages to their end. Other output goes to standard output, as it would without this program.
fn listen(out: impl Read) -> Made {
    let mut made = Made::default();
    for message in Message::parse_stream(BufReader::new(out)).map_while(Result::ok) {
        match message {
            Message::CompilerArtifact(artifact) => made.artifacts.push(artifact),
            Message::BuildScriptExecuted(script) => {
                made.build_folders.insert(script.package_id, script.out_dir);
            }
            // Cargo goes on without a reader, as it does by itself.
            Message::TextLine(line) => drop(writeln!(io::stdout(), "{line}")),
            _ => {}
        }
    }
    made
}

/// The guest of an artifact, if it is one.
fn guest(artifact: &Artifact, build_folders: &BuildFolders) -> Result<Option<Guest>, String> {
    let module = artifact
        .filenames
        .iter()
        .find(|file| is_for_guests(file))
        .filter(|_| project::is_module(&artifact.target));
    let (Some(module), Some(folder)) = (module, build_folders.get(&artifact.package_id)) else {
        return Ok(None);
    };
    let manifest = &artifact.manifest_path;
    let metadata = project::metadata(manifest.as_ref())?;
    let is_guest = metadata
        .packages
        .iter()
        .any(|package| package.id == artifact.package_id && project::is_guest(package));
    if !is_guest {
        return Ok(None);
    }
    Ok(Some(Guest {
        module: module.into(),
        is_program: artifact.target.is_bin(),
        project: manifest.parent().unwrap_or(manifest).into(),
        workspace: read_toml(metadata.workspace_root.join("Cargo.toml").as_ref())?,
        build_folder: folder.join("wadup").into(),
    }))
}

/// Whether a file is a module in Cargo's folder for the guests' target.
fn is_for_guests(file: &Utf8Path) -> bool {
    file.extension() == Some("wasm") && is_in_target(file)
}

/// Whether a file is in Cargo's folder for the guests' target.
pub(crate) fn is_in_target(file: &Utf8Path) -> bool {
    file.components()
        .any(|part| part.as_str() == project::TARGET)
}

fn read_toml(file: &Path) -> Result<toml::Table, String> {
    fs::read_to_string(file)
        .map_err(|error| error.to_string())
        .and_then(|text| {
            text.parse()
                .map_err(|error: toml::de::Error| error.to_string())
        })
        .map_err(|error| format!("could not read `{}`: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artifacts_and_build_folders_are_read_from_cargos_messages() {
        let messages = r#"
            {"reason":"build-script-executed","package_id":"users","linked_libs":[],"linked_paths":[],
             "cfgs":[],"env":[],"out_dir":"/out"}
            {"reason":"compiler-artifact","package_id":"users","manifest_path":"/users/Cargo.toml",
             "target":{"kind":["cdylib"],"crate_types":["cdylib"],"name":"users","src_path":"/users/lib.rs",
             "edition":"2024","doc":true,"doctest":false,"test":true},
             "profile":{"opt_level":"3","debuginfo":0,"debug_assertions":false,"overflow_checks":false,
             "test":false},"features":[],"filenames":["/t/wasm32-wasip1/release/users.wasm"],
             "executable":null,"fresh":true}
            {"reason":"build-finished","success":true}
        "#
        .replace(",\n", ",");

        let Made {
            artifacts,
            build_folders,
        } = listen(messages.as_bytes());

        assert_eq!(build_folders[&artifacts[0].package_id], "/out");
        assert_eq!(artifacts.len(), 1);
        assert!(project::is_module(&artifacts[0].target) && !artifacts[0].target.is_bin());
    }

    #[test]
    fn only_modules_for_the_guests_target_count() {
        assert!(is_for_guests(Utf8Path::new(
            "/t/wasm32-wasip1/release/users.wasm"
        )));
        assert!(!is_for_guests(Utf8Path::new(
            "/t/wasm32-unknown-unknown/release/users.wasm"
        )));
        assert!(!is_for_guests(Utf8Path::new(
            "/t/wasm32-wasip1/release/libusers.rlib"
        )));
    }
}

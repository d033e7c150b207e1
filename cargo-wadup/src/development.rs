//! The guest that a project is developed with: it has the requirements of its tests, sees the project's folder, and runs programs of
//! ours in Python.

use std::error::Error;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use cargo_wadup::suite::Exchange;
use serde_json::{Value, json};
use wadup_contract::export::TESTS;
use wadup_host::{Engine, Options, Preopen, Printed, Stdin};

use crate::build::{self, Built, Guest};
use crate::engine::EngineArgs;
use crate::project;
use crate::run::console::{Console, Lines};

/// A guest that was built for this, and its project.
pub(crate) struct Development {
    pub(crate) guest: wadup_host::Guest,
    /// The project's folder, which the guest sees under the same path.
    pub(crate) project: PathBuf,
    /// The guest's file.
    pub(crate) module: PathBuf,
    /// The folder with the user's Python.
    pub(crate) python_source: PathBuf,
}

/// The result of the build.
pub(crate) enum Ready {
    Yes(Box<Development>),
    /// Cargo failed, after printing why, with this exit code.
    No(ExitCode),
}

/// How to build it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) release: bool,
    /// Whether to run its snapshot.
    pub(crate) snapshot: bool,
}

/// The folder of the project around the current folder.
pub(crate) fn project() -> Result<PathBuf, Box<dyn Error>> {
    let manifest = project::manifest_around(&std::env::current_dir()?)?;
    Ok(manifest.parent().unwrap_or(&manifest).to_owned())
}

impl Development {
    /// Builds the guest of the project in `folder`, and compiles it for `engine`.
    pub(crate) fn build(
        folder: &Path,
        engine: &Engine,
        wanted: Wanted,
    ) -> Result<Ready, Box<dyn Error>> {
        let profile = wanted.release.then(|| OsString::from("--release"));
        let profile = profile.into_iter().collect();
        let guests = match build::with_tests(folder, profile, wanted.snapshot)? {
            Built::All(guests) => guests,
            Built::Failed(status) => return Ok(Ready::No(status)),
        };
        let guest = chosen(&guests, folder)?;
        let module = if wanted.snapshot {
            project::snapshot_beside(&guest.module)
        } else {
            guest.module.clone()
        };
        Ok(Ready::Yes(Box::new(Self {
            guest: engine.load(&module)?,
            module,
            project: folder.to_owned(),
            python_source: wadup_build::python_source(&guest.build_folder)?,
        })))
    }

    /// What an instance gets that runs a program, beside the folder with that.
    pub(crate) fn options(&self, printed: Printed) -> Options {
        Options {
            preopens: vec![Preopen {
                host: self.project.clone(),
                guest: self.project.display().to_string(),
            }],
            printed,
            ..Options::default()
        }
    }

    /// What an instance gets that runs the program in `exchange`.
    pub(crate) fn options_with(&self, exchange: &Exchange, printed: Printed) -> Options {
        let mut options = self.options(printed);
        options.preopens.push(exchange.preopen());
        options
    }

    /// The settings of a program, with those that all have.
    pub(crate) fn settings(&self, settings: &Value) -> Value {
        let mut all = json!({ "project": self.project, "source": self.python_source });
        if let (Some(all), Some(settings)) = (all.as_object_mut(), settings.as_object()) {
            all.extend(settings.clone());
        }
        all
    }

    /// A folder with a program and its settings.
    pub(crate) fn exchange(&self, program: &str, settings: &Value) -> Result<Exchange, String> {
        Exchange::new(program, &self.settings(settings))
    }
}

/// Builds the guest, and runs the program that `exchange` makes, which talks to the user's terminal.
///
/// The exit status is that of the program, and 1 after a trap.
pub(crate) fn converse(
    release: bool,
    engine: &EngineArgs,
    exchange: impl FnOnce(&Development) -> Result<Exchange, String>,
) -> crate::Outcome {
    let folder = project()?;
    let wanted = Wanted {
        release,
        snapshot: false,
    };
    let development = match Development::build(&folder, &engine.engine()?, wanted)? {
        Ready::Yes(development) => development,
        Ready::No(status) => return Ok(status),
    };
    let exchange = exchange(&development)?;
    let console = Arc::new(Console::new(Box::new(io::stdout())));
    let lines = Arc::new(Lines::at_once(&console));
    let mut options = development.options_with(&exchange, Printed::HandedOn(lines.clone()));
    options.stdin = Stdin::OfThisProcess;
    let call = development.guest.instantiate(&options)?.call(TESTS)?;
    lines.end_input()?;
    match call.end {
        Ok(status) => Ok(u8::try_from(status).map_or(ExitCode::FAILURE, ExitCode::from)),
        Err(trap) => {
            console.say(&format!("{trap}\n"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The guest of the project, its library if it has several.
fn chosen<'a>(guests: &'a [Guest], folder: &Path) -> Result<&'a Guest, String> {
    guests
        .iter()
        .filter(|guest| guest.project == folder)
        .min_by_key(|guest| guest.is_program)
        .ok_or_else(|| {
            format!(
                "the package in `{}` is not a guest\nhelp: its tests run with pytest, or with `cargo test`",
                folder.display()
            )
        })
}

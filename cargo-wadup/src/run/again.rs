//! Runs the entry point again whenever the project's Python changes.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use wadup_contract::export::TESTS;
use wadup_host::{Options, Outcome, Printed};

use super::console::{Console, Lines};
use super::jobs::Report;
use super::rows::{Format, Rows};
use super::show;
use crate::development::{self, Development, Ready, Wanted};
use crate::engine::EngineArgs;
use crate::watch::Watch;

/// What runs in the guest: the entry point with the Python of the project's folder.
const PROGRAM: &str = "def main(testing, settings):\n    testing._call_entry()\n    return 0\n";

/// Processes all inputs, each in an instance of its own, now and after each change. It ends with an error or by the user.
pub(super) fn run(
    inputs: &[PathBuf],
    engine: &EngineArgs,
    format: Format,
    arguments: Vec<String>,
) -> crate::Outcome {
    let folder = development::project()?;
    let wanted = Wanted {
        release: true,
        snapshot: false,
    };
    let development = match Development::build(&folder, &engine.engine()?, wanted)? {
        Ready::Yes(development) => development,
        Ready::No(status) => return Ok(status),
    };
    let arguments = super::arguments(&development.module, arguments);
    let mut watch = Watch::new([&*development.python_source]);
    let console = Arc::new(Console::new(Box::new(io::stderr())));
    loop {
        let mut rows = Rows::default();
        for input in inputs {
            let report = process(&development, input, &arguments, &console)?;
            show(&console, &mut rows, input, report)?;
        }
        rows.write(format, &mut io::stdout().lock())?;
        watch.wait();
    }
}

fn process(
    development: &Development,
    input: &PathBuf,
    arguments: &[String],
    console: &Arc<Console>,
) -> Result<Report, Box<dyn std::error::Error>> {
    let content = match fs::read(input) {
        Ok(content) => content,
        Err(error) => {
            return Ok(Report {
                result: Err(error.to_string()),
                printed: String::new(),
            });
        }
    };
    let exchange = development.exchange(PROGRAM, &json!({}))?;
    let lines = Arc::new(Lines::at_once(console));
    let options = Options {
        arguments: arguments.to_vec(),
        ..development.options_with(&exchange, Printed::HandedOn(lines.clone()))
    };
    let mut instance = development.guest.instantiate(&options)?;
    let Outcome { result, .. } = instance.process_by(TESTS, &content)?;
    lines.end_input()?;
    Ok(Report {
        result: result.map_err(|failure| failure.to_string()),
        printed: String::new(),
    })
}

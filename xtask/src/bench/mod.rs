//! The benchmarks: how fast guests start, run and are built, against what people would use instead.
//!
//! What is compared is measured in turn, within one run: other work on the machine then slows all of it alike.

mod build;
mod prepare;
mod process;
mod startup;
mod statistics;
mod strip;
mod throughput;

use std::fs;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::Value;

use crate::cargo::Outcome;

/// What to measure.
#[derive(Clone, Copy, Subcommand)]
pub(crate) enum What {
    /// The time to the first row, of a whole process and of a fresh instance
    Startup {
        /// How often each case is measured
        #[arg(long, default_value_t = 25)]
        rounds: usize,
    },
    /// The speed of Python programs
    Throughput {
        /// How often each program is run; the fastest run counts
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// The time from an edit to a module
    Build,
}

pub(crate) fn run(what: What, json: Option<PathBuf>) -> Outcome {
    let figures = match what {
        What::Startup { rounds } => startup::run(rounds)?,
        What::Throughput { rounds } => throughput::run(rounds)?,
        What::Build => build::run()?,
    };
    match json {
        Some(file) => write(&file, &figures),
        None => Ok(()),
    }
}

fn write(file: &PathBuf, figures: &Value) -> Outcome {
    fs::write(file, format!("{figures:#}\n"))
        .map_err(|error| format!("could not write `{}`: {error}", file.display()))
}

//! Runs a program, timed, and reads the report that it prints last.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::Result;

/// A program with its arguments, which can run any number of times.
#[derive(Clone)]
pub(crate) struct Program {
    program: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

/// What came of one run.
pub(crate) struct Ran {
    /// From before the process was started until after its end.
    pub(crate) milliseconds: f64,
    /// The last line of its output, if that is JSON.
    pub(crate) report: Value,
    /// Its output.
    printed: String,
}

impl Ran {
    /// Every line of its output that is JSON.
    pub(crate) fn reports(&self) -> impl Iterator<Item = Value> {
        let lines = self.printed.lines();
        lines.filter_map(|line| serde_json::from_str(line).ok())
    }
}

impl Program {
    pub(crate) fn new(program: &Path) -> Self {
        Self {
            program: program.display().to_string(),
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        let arguments = arguments.into_iter();
        self.arguments
            .extend(arguments.map(|argument| argument.as_ref().to_string_lossy().into_owned()));
        self
    }

    pub(crate) fn path(self, path: &Path) -> Self {
        self.args([path])
    }

    pub(crate) fn env(mut self, name: &str, value: &Path) -> Self {
        let value = value.display().to_string();
        self.environment.push((name.to_owned(), value));
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(&self) -> Result<Ran> {
        let start = Instant::now();
        let output = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("could not run `{}`: {error}", self.program))?;
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        let stdout = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            return Err(format!(
                "`{} {}` ended with {}:\n{stdout}{}",
                self.program,
                self.arguments.join(" "),
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )
            .into());
        }
        let last = stdout.lines().last().unwrap_or_default();
        Ok(Ran {
            milliseconds,
            report: serde_json::from_str(last).unwrap_or(Value::Null),
            printed: stdout.into_owned(),
        })
    }
}

//! Runs a program for a stated purpose, captures its output, and reports why it failed.

mod noexec;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};

/// How many of a failed program's last output lines go into the error.
const LINES_IN_ERROR: usize = 25;

/// The variable with the time that tools write where they would write the current one, so that bytes are the same at each build
/// (reproducible-builds.org). The time is the first that a zip can hold.
pub(crate) const DATE: (&str, &str) = ("SOURCE_DATE_EPOCH", "315532800");

/// A program to run, with the reason for running it.
#[derive(Debug)]
pub struct Program {
    purpose: String,
    help: String,
    command: Command,
    log: Option<PathBuf>,
}

impl Program {
    /// `tool` selects the environment variables that the program sees. `purpose` begins an error message: "building
    /// CPython for wasm".
    pub fn new(tool: Tool, program: impl AsRef<OsStr>, purpose: impl Into<String>) -> Self {
        let mut command = Command::new(program);
        command
            .stdin(Stdio::null())
            .env_clear()
            .envs(tool.environment());
        Self {
            purpose: without_password(&purpose.into()).into_owned(),
            help: "install it or put it on PATH".into(),
            command,
            log: None,
        }
    }

    /// What to do if the program is not installed.
    pub fn or_else(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable beside those that the kind of program sees.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn envs<N: AsRef<OsStr>, V: AsRef<OsStr>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.command.envs(variables);
        self
    }

    pub(crate) fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Appends everything that the program prints to `log`.
    pub(crate) fn log(mut self, log: impl Into<PathBuf>) -> Self {
        self.log = Some(log.into());
        self
    }

    /// Runs the program and waits for it to exit.
    pub fn run(self) -> Result<()> {
        self.output().map(drop)
    }

    /// Runs the program and returns its standard output.
    pub fn output(self) -> Result<String> {
        let output = self.wait()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs the program and returns its standard error, which is empty if there is a log.
    pub(crate) fn stderr(self) -> Result<String> {
        let output = self.wait()?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs the program and writes its standard output to `file`. Stops it when there are more than `limit` bytes.
    pub(crate) fn save(mut self, file: &Path, limit: u64) -> Result<()> {
        let line = command_line(&self.command);
        let mut out = File::create(file).on("create", file)?;
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self
            .command
            .spawn()
            .map_err(|error| self.not_started(error))?;
        // The program prints few errors, so that it never waits for someone to read them.
        let copied = match child.stdout.take() {
            Some(stdout) => io::copy(&mut stdout.take(limit + 1), &mut out),
            None => Ok(0),
        };
        if !matches!(copied, Ok(count) if count <= limit) {
            // It may have ended by itself.
            drop(child.kill());
        }
        let output = child
            .wait_with_output()
            .on("wait for", self.command.get_program())?;
        if copied.on("write", file)? > limit {
            let problem = format!("it has more than the {limit} bytes that it should have");
            return Err(Error::malformed(file, problem));
        }
        self.finished(line, output).map(drop)
    }

    fn wait(mut self) -> Result<Output> {
        let line = command_line(&self.command);
        let (output, start) = match &self.log {
            Some(log) => run_into_log(&mut self.command, &line, log)?,
            None => (self.command.output(), 0),
        };
        let mut output = output.map_err(|error| self.not_started(error))?;
        if let Some(log) = self.log.as_ref().filter(|_| !output.status.success()) {
            output.stdout = read_from(log, start).on("read", log)?;
        }
        self.finished(line, output)
    }

    /// The output of a program that succeeded, or an error with what it printed.
    fn finished(self, line: String, output: Output) -> Result<Output> {
        if output.status.success() {
            return Ok(output);
        }
        let printed = [output.stderr, output.stdout].concat();
        Err(Error::ProgramFailed {
            purpose: self.purpose,
            command: line,
            status: output.status.to_string(),
            output: last_lines(&String::from_utf8_lossy(&printed), LINES_IN_ERROR),
            log: self.log,
        })
    }

    fn not_started(&self, error: io::Error) -> Error {
        let program = Path::new(self.command.get_program());
        if error.kind() == io::ErrorKind::NotFound {
            return Error::ProgramNotFound {
                purpose: self.purpose.clone(),
                program: program.display().to_string(),
                help: self.help.clone(),
            };
        }
        let folder = self.command.get_current_dir().unwrap_or(Path::new(""));
        if error.kind() == io::ErrorKind::PermissionDenied
            && let Some(mount) = noexec::mount_of(&folder.join(program))
        {
            return Error::NoExec {
                program: program.to_owned(),
                mount,
            };
        }
        Error::File {
            action: "run",
            path: program.to_owned(),
            source: error,
        }
    }
}

/// Writes standard output and standard error to the log in their order. Returns where in the log they start, beside the
/// outcome.
fn run_into_log(
    command: &mut Command,
    line: &str,
    log: &Path,
) -> Result<(io::Result<Output>, u64)> {
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .on("open", log)?;
    writeln!(file, "$ {line}").on("write", log)?;
    let start = file.metadata().on("read", log)?.len();
    let errors = file.try_clone().on("open", log)?;
    command.stdout(file).stderr(errors);
    let output = command.status().map(|status| Output {
        status,
        stdout: Vec::new(),
        stderr: Vec::new(),
    });
    Ok((output, start))
}

fn read_from(file: &Path, start: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(file)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn command_line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            let word = without_password(&word);
            if word.contains(' ') {
                format!("'{word}'")
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text without the user's name and password in its address, for messages.
pub(crate) fn without_password(text: &str) -> Cow<'_, str> {
    let Some((before, rest)) = text.split_once("://") else {
        return Cow::Borrowed(text);
    };
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    match authority.rfind('@') {
        Some(at) => Cow::Owned(format!("{before}://{}", &rest[at + 1..])),
        None => Cow::Borrowed(text),
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_failing_programs_give_different_errors() {
        let missing = Program::new(Tool::System, "wadup-no-such-program", "testing")
            .or_else("write it")
            .run()
            .unwrap_err();
        let failing = Program::new(Tool::System, "sh", "testing")
            .args(["-c", "echo first; echo second >&2; exit 3"])
            .run()
            .unwrap_err();

        assert_eq!(
            missing.to_string(),
            "testing: `wadup-no-such-program` was not found\nhelp: write it"
        );
        let failing = failing.to_string();
        assert!(failing.contains("exit status: 3"), "{failing}");
        assert!(failing.contains("second\nfirst"), "{failing}");
    }

    #[test]
    fn the_log_holds_the_command_and_both_streams_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");

        let error = Program::new(Tool::System, "sh", "testing")
            .args(["-c", "echo out; echo err >&2; exit 1"])
            .log(&log)
            .run()
            .unwrap_err();

        let text = std::fs::read_to_string(&log).unwrap();
        assert!(text.starts_with("$ sh -c "), "{text}");
        assert!(text.ends_with("out\nerr\n"), "{text}");
        assert!(
            error
                .to_string()
                .contains(&format!("full log: {}", log.display()))
        );
    }

    #[test]
    fn only_the_last_lines_go_into_the_error() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
    }
}

//! Runs programs on the terminal.

use std::path::Path;
use std::process::Command;

/// The result of a task. An error names the step that failed.
pub(crate) type Outcome = Result<(), String>;

/// Succeeds if all outcomes are successes. An error lists all failures, one per line.
pub(crate) fn all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    match failures.is_empty() {
        true => Ok(()),
        false => Err(failures.join("\n")),
    }
}

/// Prints the command and runs it.
pub(crate) fn print_and_run(command: &mut Command) -> Outcome {
    print(command);
    run(command)
}

/// Prints the command.
pub(crate) fn print(command: &Command) {
    eprintln!("\n$ {}", line(command));
}

/// Runs the command, which must succeed.
pub(crate) fn run(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` ended with {status}", line(command))),
        Err(error) => Err(format!("could not run `{}`: {error}", line(command))),
    }
}

/// The command as typed in a shell.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    [program]
        .into_iter()
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_failures_are_reported() {
        let outcomes = [Err("one".to_owned()), Ok(()), Err("two".to_owned())];

        assert_eq!(all(outcomes), Err("one\ntwo".to_owned()));
        assert_eq!(all([Ok(()), Ok(())]), Ok(()));
    }

    #[test]
    fn failures_name_the_command_and_its_status() {
        let problem = run(Command::new("/bin/sh").args(["-c", "exit 3"]));

        assert_eq!(
            problem,
            Err("`sh -c exit 3` ended with exit status: 3".to_owned())
        );
    }
}

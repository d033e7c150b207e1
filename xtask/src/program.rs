//! Runs programs with the terminal's own input and output.

use std::path::Path;
use std::process::Command;

/// Why a task stopped: the step that failed, in words for the terminal.
pub(crate) type Outcome = Result<(), String>;

/// Good if all outcomes are; else the failures, a line each.
pub(crate) fn all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    match failures.is_empty() {
        true => Ok(()),
        false => Err(failures.join("\n")),
    }
}

/// Says what runs, and runs it to its end.
pub(crate) fn tell_and_run(command: &mut Command) -> Outcome {
    eprintln!("\n$ {}", line(command));
    run(command)
}

/// Runs it to its end, which must be a good one.
pub(crate) fn run(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` ended with {status}", line(command))),
        Err(error) => Err(format!("could not run `{}`: {error}", line(command))),
    }
}

/// What somebody would type.
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
    fn of_several_outcomes_no_failure_is_lost() {
        let outcomes = [Err("one".to_owned()), Ok(()), Err("two".to_owned())];

        assert_eq!(all(outcomes), Err("one\ntwo".to_owned()));
        assert_eq!(all([Ok(()), Ok(())]), Ok(()));
    }

    #[test]
    fn a_failure_names_the_line_and_how_it_ended() {
        let problem = run(Command::new("/bin/sh").args(["-c", "exit 3"]));

        assert_eq!(
            problem,
            Err("`sh -c exit 3` ended with exit status: 3".to_owned())
        );
    }
}

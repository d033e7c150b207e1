//! The guest `command`: a program with arguments, an environment and an exit status.

use wadup_host::{Call, Guest, Options, Root};

use crate::instances::Built;

fn run(guest: &Guest, arguments: &[&str]) -> Call {
    let options = Options {
        root: Root::None,
        arguments: ["command"]
            .iter()
            .chain(arguments)
            .map(|argument| (*argument).to_owned())
            .collect(),
        // The second must not reach the interpreter.
        environment: vec![
            ("NAME".into(), "größer".into()),
            ("PYTHONHOME".into(), "/nowhere".into()),
        ],
        ..Options::default()
    };
    guest.run_command(&options).unwrap()
}

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    let echo = run(guest, &["echo", "größer", "two words", ""]);
    assert_eq!(echo.end, Ok(0), "{}", echo.stderr);
    assert_eq!(echo.stdout, "größer two words \n");

    assert_eq!(run(guest, &["environment", "NAME"]).stdout, "größer\n");

    // wasmtime takes no status beyond.
    for status in [0, 3, 125] {
        assert_eq!(run(guest, &["exit", &status.to_string()]).end, Ok(status));
    }
    let reason = run(guest, &["exit"]);
    assert_eq!((reason.end, &*reason.stderr), (Ok(1), "a reason\n"));

    let raises = run(guest, &["raise"]);
    assert_eq!(raises.end, Ok(1));
    assert!(
        raises
            .stderr
            .starts_with("Traceback (most recent call last):\n"),
        "{}",
        raises.stderr
    );
    assert!(
        raises.stderr.ends_with("ValueError: raised on purpose\n"),
        "{}",
        raises.stderr
    );
}

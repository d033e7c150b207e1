//! The failures of the guest `rust`: a failed call leaves no rows and does not spoil the next; after a trap every call refuses.

use wadup_host::{Cause, Failure, Guest, Host, Instance, Output, Value};

use crate::instances::{self, Built, HOSTS, instance, returns, rows};

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);
        exceptions(&mut instance);
        statuses(&mut instance);
        files(&mut instance);
        streams(&mut instance);
        limits(&mut instance);
        exports(&mut instance);
        traps(guest, host);
        exhausted_stack(guest, host);
    }
}

/// A call of `process` with a task that succeeds.
#[track_caller]
fn pass(instance: &mut Instance, task: &str) -> (Output, String) {
    instances::pass(instance, &format!("failures {task}"))
}

/// A call of `process` with a task that fails; what it printed to standard error.
#[track_caller]
fn fail(instance: &mut Instance, task: &str) -> (Failure, String) {
    instances::fail(instance, &format!("failures {task}"))
}

/// The next call works, and it has its own row only.
#[track_caller]
fn goes_on(instance: &mut Instance) {
    let (output, _) = pass(instance, "succeed");
    assert_eq!(rows(&output, "task"), [[Value::String("succeed".into())]]);
    assert_eq!(
        (output.tables.len(), output.sub_content.len()),
        (1, 0),
        "{output:?}"
    );
}

/// A call that returns `status`; its standard error.
#[track_caller]
fn fails_with(instance: &mut Instance, input: &str, status: i32) -> String {
    let (failure, stderr) = fail(instance, input);
    assert!(
        matches!(failure, Failure::Status(found) if found == status),
        "`{input}`: {failure}\n{stderr}"
    );
    goes_on(instance);
    stderr
}

#[track_caller]
fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

fn exceptions(instance: &mut Instance) {
    let stderr = fails_with(instance, "value_error", 1);
    assert_contains(
        &stderr,
        &[
            "Traceback (most recent call last):\n",
            "  File \"/wadup/app/failures/__init__.py\", line 12, in main\n    return getattr(tasks, name)(argument)\n",
            "  File \"/wadup/app/failures/tasks.py\", line ",
            "    int(\"x\")\n",
            "ValueError: invalid literal for int() with base 10: 'x'\n",
            "The above exception was the direct cause of the following exception:",
            "RuntimeError: größer\n",
        ],
    );
    assert_contains(
        &fails_with(instance, "rust_error", 1),
        &["faults.error()", "LookupError: an error from Rust"],
    );
    assert_contains(
        &fails_with(instance, "noted", 1),
        &["RuntimeError: größer\nthe first note\nthe second note\n"],
    );
    assert_contains(
        &fails_with(instance, "several", 1),
        &[
            "ExceptionGroup: several",
            "ValueError: one",
            "TypeError: two",
        ],
    );
    assert_contains(
        &fails_with(instance, "rust_caught", 1),
        &[
            "RuntimeError: invalid digit found in string",
            "direct cause",
            "RuntimeError: the setting cannot be read",
        ],
    );
    pass(instance, "rust_missing_file");
    assert_contains(
        &fails_with(instance, "no_such_task", 1),
        &["AttributeError", "no_such_task"],
    );

    let stderr = fails_with(instance, "break_the_hook", 1);
    assert_contains(
        &stderr,
        &["reported without the hook", "the hook is broken too"],
    );
    pass(instance, "restore_the_hook");
}

fn statuses(instance: &mut Instance) {
    fails_with(instance, "exit_with 3", 3);
    fails_with(instance, "return_status 7", 7);
    fails_with(instance, "return_status -5", -5);
    assert_eq!(
        fails_with(instance, "exit_with_reason because", 1),
        "because\n"
    );

    assert_contains(
        &fails_with(instance, "interrupt", 130),
        &[
            "Traceback (most recent call last):\n",
            "KeyboardInterrupt\n",
        ],
    );

    let (output, _) = pass(instance, "exit_with 0");
    assert_eq!(rows(&output, "task"), [[Value::String("exit_with".into())]]);
}

fn files(instance: &mut Instance) {
    fails_with(instance, "flush_and_raise", 1);
    fails_with(instance, "leave_open_and_raise", 1);

    let (failure, _) = fail(instance, "write_nonsense");
    assert!(
        matches!(&failure, Failure::Contract(breach) if breach.file == "/metadata/nonsense.json"),
        "{failure}"
    );
    goes_on(instance);
}

/// A call does not fail because Python has put something else in the place of a stream.
fn streams(instance: &mut Instance) {
    let call = instance.process(b"failures print_elsewhere here").unwrap();
    assert!(call.result.is_ok(), "{}", call.stderr);
    assert_eq!(call.stderr, "here\n");
    goes_on(instance);
    pass(instance, "forget_stdout");
    goes_on(instance);
    pass(instance, "restore_stdout");
}

fn limits(instance: &mut Instance) {
    assert_contains(&fails_with(instance, "recurse", 1), &["RecursionError"]);
    assert_contains(&fails_with(instance, "use_all_memory", 1), &["MemoryError"]);
}

fn exports(instance: &mut Instance) {
    assert_eq!(returns(instance, "fails"), 1);
    goes_on(instance);
    assert_eq!(returns(instance, "the_error_tells_all"), 0);
    goes_on(instance);
}

/// What a panic prints: itself, the Python code that led to it, and what it means.
const PANIC: &[&str] = &[
    "a panic on purpose",
    "Stack (most recent call first):\n  File \"/wadup/app/failures/tasks.py\", line ",
    " in rust_panic\n",
    " in main\n",
    "wadup: a panic in Rust ends this instance of the guest",
];

/// Nothing can go on after a trap, and every later call says so.
fn traps(guest: &Guest, host: Host) {
    for (input, cause, said) in [
        ("rust_panic", Cause::Other, PANIC),
        ("rust_exit 0", Cause::Exit(0), &[]),
        ("rust_exit 3", Cause::Exit(3), &[]),
        ("exit_from_the_system 4", Cause::Exit(4), &[]),
        ("abort", Cause::Other, &[]),
    ] {
        let mut instance = instance(guest, host);
        goes_on(&mut instance);

        let (failure, stderr) = fail(&mut instance, input);
        assert!(
            matches!(&failure, Failure::Trap(trap) if trap.cause == cause),
            "`{input}`: {failure}"
        );
        assert_contains(&stderr, said);

        for _ in 0..2 {
            let (failure, stderr) = fail(&mut instance, "succeed");
            assert!(
                matches!(failure, Failure::Status(1)),
                "after `{input}`: {failure}\n{stderr}"
            );
            assert_contains(&stderr, &["wadup: Python cannot be called now"]);
        }
        assert_eq!(returns(&mut instance, "fails"), 1);
    }
}

/// Wasm does not give back the stack of a call that trapped: once it is used up, every later call traps too.
fn exhausted_stack(guest: &Guest, host: Host) {
    let mut instance = instance(guest, host);
    goes_on(&mut instance);
    for input in ["rust_recurse", "succeed"] {
        let (failure, stderr) = fail(&mut instance, input);
        assert!(matches!(&failure, Failure::Trap(_)), "`{input}`: {failure}");
        assert!(!stderr.contains("Fatal Python error"), "{stderr}");
    }
}

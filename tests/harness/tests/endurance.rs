//! Thousands of calls of one instance, many of which fail: neither its memory nor its table of files grows.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use harness::{Guests, Variant};
use wadup_host::{Failure, Instance, Options};

/// What the calls do in turn, and the status that each ends with.
const TASKS: [(&str, i32); 12] = [
    ("succeed", 0),
    ("value_error", 1),
    ("noted", 1),
    ("several", 1),
    ("exit_with 3", 3),
    ("exit_with 0", 0),
    ("interrupt", 130),
    ("rust_error", 1),
    ("rust_caught", 1),
    ("recurse", 1),
    ("flush_and_raise", 1),
    ("no_such_task", 1),
];

/// By then everything is imported and all caches are full.
const SETTLED: usize = 50;

/// How much the heap may still grow by fragmentation: less than one small object for each of ten thousand calls.
const FRAGMENTS: usize = 256 << 10;

/// A call; the status that it ends with.
fn call(instance: &mut Instance, input: &str) -> i32 {
    let input = format!("failures {input}");
    match instance.process(input.as_bytes()).unwrap().result {
        Ok(_) => 0,
        Err(Failure::Status(status)) => status,
        Err(other) => panic!("`{input}`: {other}"),
    }
}

/// The lowest number that the host and the mount give to a newly opened file.
fn descriptors(instance: &mut Instance) -> [i32; 2] {
    [
        call(instance, "descriptor /data.bin"),
        call(instance, "descriptor /wadup/app/failures/tasks.py"),
    ]
}

fn endures(calls: usize) {
    let guests = Guests::new(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let guest = guests.guest("rust", Variant::Release).unwrap();
    let mut instance = guest.instantiate(&Options::default()).unwrap();
    let mut settled = None;
    for number in 0..calls {
        let (task, status) = TASKS[number % TASKS.len()];
        assert_eq!(call(&mut instance, task), status, "call {number}: {task}");
        if number == SETTLED * TASKS.len() {
            settled = Some((descriptors(&mut instance), instance.memory_bytes()));
        }
    }
    let (open, memory) = settled.unwrap();
    assert_eq!(descriptors(&mut instance), open, "after {calls} calls");
    let grown = instance.memory_bytes() - memory;
    assert!(grown <= FRAGMENTS, "{grown} bytes more after {calls} calls");
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn two_thousand_calls_leave_nothing_behind() {
    endures(2_000);
}

#[test]
#[ignore = "takes minutes: `cargo xtask test --thorough`"]
fn a_hundred_thousand_calls_leave_nothing_behind() {
    endures(100_000);
}

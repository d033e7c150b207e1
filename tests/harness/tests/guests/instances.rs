//! Instances of guests, and calls that are expected to succeed or to fail.

use harness::{Guests, STACK_OF_BASELINE, Variant};
use wadup_host::{
    Compiler, Failure, Guest, Host, Instance, Limits, Options, Outcome, Output, Value,
};

/// Where compiled guests are kept.
const TEMPORARY: &str = env!("CARGO_TARGET_TMPDIR");

/// Both ways to run a guest.
pub(crate) const HOSTS: [Host; 2] = [Host::Standard, Host::Wadup];

/// Guests that recurse until the native stack is nearly full. Their release builds have the stack of real hosts and the frames of those
/// hosts' compiler. Debug builds and snapshots run the same code in the frames of the baseline compiler, with more stack.
const RECURSING: [&str; 3] = ["pydantic", "rust", "scientific"];

/// A guest as Cargo built it.
pub(crate) struct Built {
    name: &'static str,
    variant: Variant,
}

impl Built {
    pub(crate) fn new(name: &'static str, variant: &str) -> Self {
        let variant = match variant {
            "debug" => Variant::Debug,
            "release" => Variant::Release,
            "snapshot" => Variant::Snapshot,
            other => panic!("`{other}` is not a variant of a guest"),
        };
        Self { name, variant }
    }

    /// Compiles it for a host with the WADUP host's limits.
    pub(crate) fn load(&self) -> Guest {
        self.guests()
            .guest(self.name, self.variant)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    fn guests(&self) -> Guests {
        let mut limits = Limits::default();
        let compiler = match (RECURSING.contains(&self.name), self.variant) {
            (true, Variant::Release) => Compiler::Optimizing,
            (true, _) => {
                limits.stack *= STACK_OF_BASELINE;
                Compiler::Baseline
            }
            (false, _) => Compiler::Baseline,
        };
        Guests::of(TEMPORARY.as_ref(), limits, compiler).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Why it cannot be loaded.
    pub(crate) fn refusal(&self) -> String {
        self.guests()
            .guest(self.name, self.variant)
            .unwrap_err()
            .to_string()
    }

    /// Whether its interpreter was started before any instance.
    pub(crate) fn is_snapshot(&self) -> bool {
        self.variant == Variant::Snapshot
    }
}

/// An instance under `host` with a root folder of its own.
pub(crate) fn instance(guest: &Guest, host: Host) -> Instance {
    // Shown if the test fails.
    eprintln!("host: {host:?}");
    guest
        .instantiate(&Options {
            host,
            ..Options::default()
        })
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A call of `process` that succeeds.
#[track_caller]
pub(crate) fn pass(instance: &mut Instance, input: &str) -> (Output, String) {
    let Outcome {
        result,
        stdout,
        stderr,
    } = instance.process(input.as_bytes()).unwrap();
    match result {
        Ok(output) => (output, stdout),
        Err(failure) => panic!("`{input}` failed: {failure}\n{stdout}{stderr}"),
    }
}

/// A call of `process` that fails, with what it printed to standard error.
#[track_caller]
pub(crate) fn fail(instance: &mut Instance, input: &str) -> (Failure, String) {
    let Outcome { result, stderr, .. } = instance.process(input.as_bytes()).unwrap();
    match result {
        Ok(output) => panic!("`{input}` succeeded: {output:?}\n{stderr}"),
        Err(failure) => (failure, stderr),
    }
}

/// A call of an export that returns.
#[track_caller]
pub(crate) fn returns(instance: &mut Instance, export: &str) -> i32 {
    let call = instance.call(export).unwrap();
    call.end
        .unwrap_or_else(|trap| panic!("`{export}` trapped: {trap}\n{}{}", call.stdout, call.stderr))
}

/// The rows of the table `name`, which must exist.
#[track_caller]
pub(crate) fn rows(output: &Output, name: &str) -> Vec<Vec<Value>> {
    let table = output.tables.iter().find(|table| table.name == name);
    table
        .unwrap_or_else(|| panic!("no table `{name}` in {output:?}"))
        .rows
        .clone()
}

/// For guests that assert everything by themselves: `process` succeeds, and again on the same instance.
pub(crate) fn passes(built: &Built) {
    processes(built, "");
}

/// The same for a part of a guest that the input names.
pub(crate) fn processes(built: &Built, input: &str) {
    let guest = built.load();
    for host in HOSTS {
        let mut instance = instance(&guest, host);
        pass(&mut instance, input);
        pass(&mut instance, input);
    }
}

/// The same for a part of a guest that is an export of its own.
pub(crate) fn succeeds(built: &Built, export: &str) {
    let guest = built.load();
    for host in HOSTS {
        let mut instance = instance(&guest, host);
        for _ in 0..2 {
            let call = instance.call(export).unwrap();
            assert_eq!(call.end, Ok(0), "`{export}`: {}", call.stderr);
        }
    }
}

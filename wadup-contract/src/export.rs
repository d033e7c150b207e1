//! The exports of a guest.

/// The entry of a reactor, `() -> i32`: the host calls it once per input, and 0 means success.
pub const PROCESS: &str = "process";

/// The initializer of a reactor, `() -> ()`. A host may call it any number of times, or never.
pub const INITIALIZE: &str = "_initialize";

/// The entry of a command, `() -> ()`.
pub const START: &str = "_start";

/// How the last call of an export with a result ended, `() -> i32`: 0 means success. Only guests with such exports have it.
pub const STATUS: &str = "wadup_status";

/// The linear memory.
pub const MEMORY: &str = "memory";

/// Brings the guest to where its snapshot starts, `() -> ()`. Wizer chose the name; a snapshot does not export it any more.
pub const SNAPSHOT_PREPARE: &str = "wizer-initialize";

/// Replaces [`INITIALIZE`] in a snapshot, where the constructors have run.
pub const SNAPSHOT_INITIALIZE: &str = "wadup-snapshot-initialize";

/// Replaces [`START`] in a snapshot, where the constructors have run.
pub const SNAPSHOT_RESUME: &str = "wadup-snapshot-resume";

/// Runs a program of `cargo wadup` (see [`crate::suite`]), `() -> i32`. Only a guest built with `WADUP_TESTS=1` exports it.
pub const TESTS: &str = "wadup-tests";

/// Which Python functions are running, `() -> i32`: the address of a C string, or 0 if the interpreter has not started.
pub const SNAPSHOT_STACK: &str = crate::snapshot_stack!();

/// What was read from the environment, `() -> i32`: the address of a C string in JSON, a list of pairs.
pub const SNAPSHOT_ENVIRONMENT: &str = crate::snapshot_environment!();

/// [`SNAPSHOT_STACK`](crate::export::SNAPSHOT_STACK) as a literal, which `#[export_name]` requires.
#[macro_export]
macro_rules! snapshot_stack {
    () => {
        "wadup-snapshot-stack"
    };
}

/// [`SNAPSHOT_ENVIRONMENT`](crate::export::SNAPSHOT_ENVIRONMENT) as a literal, which `#[export_name]` requires.
#[macro_export]
macro_rules! snapshot_environment {
    () => {
        "wadup-snapshot-environment"
    };
}

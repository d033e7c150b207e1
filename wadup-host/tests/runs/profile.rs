//! Samples are taken for as long as a call runs.

use std::time::Duration;

use wadup_host::{Compiler, Engine, Limits, Options, Profile};

use crate::modules::compile;

/// `process` returns when 50 milliseconds have passed.
const GUEST: &str = r#"(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func $now (result i64)
    (drop (call $time (i32.const 1) (i64.const 0) (i32.const 8)))
    (i64.load (i32.const 8)))
  (func (export "process") (result i32)
    (local $end i64)
    (local.set $end (i64.add (call $now) (i64.const 50000000)))
    (loop (br_if 0 (i64.lt_u (call $now) (local.get $end))))
    (i32.const 0)))"#;

#[test]
fn a_guest_without_python_has_samples_without_functions() {
    let profile = Profile::every(Duration::from_millis(1));
    let engine = Engine::for_profiles(Limits::default(), Compiler::Optimizing).unwrap();
    let options = Options {
        profile: Some(profile.clone()),
        ..Options::default()
    };
    let mut instance = compile(&engine, GUEST).instantiate(&options).unwrap();

    // On a busy machine, a call may be over before its samples are due.
    for _ in 0..100 {
        instance.process(b"").unwrap().result.unwrap();
        if profile.samples().stacks.len() > 1 {
            break;
        }
    }

    let samples = profile.samples();
    assert!(samples.stacks.len() > 1, "{samples:?}");
    assert!(
        samples
            .stacks
            .iter()
            .all(|stack| stack.functions.is_empty())
    );
    let whole: Duration = samples.stacks.iter().map(|stack| stack.time).sum();
    assert!(whole <= Duration::from_secs(60), "{whole:?}");
}

//! Each limit stops the guest, is named, and leaves the instance usable.

use std::time::{Duration, Instant};

use wadup_host::{Cause, Engine, Error, Failure, Instance, Limits, Options, Trap};

use crate::modules::compile;

/// `endless` never returns, `deep` recurses forever, `deep_enough` 20,000 frames, `grow` requests 16 MiB and traps if refused.
const GUEST: &str = r#"(module
  (memory (export "memory") 1)
  (func $down (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))))
  (func (export "endless") (result i32) (loop (br 0)) (i32.const 0))
  (func (export "deep") (result i32) (call $down (i32.const -1)))
  (func (export "deep_enough") (result i32) (call $down (i32.const 200000)))
  (func (export "grow") (result i32)
    (if (i32.eq (memory.grow (i32.const 256)) (i32.const -1)) (then unreachable))
    (i32.const 0))
  (func (export "short") (result i32) (i32.const 0))
  (func (export "process") (result i32) (i32.const 0)))"#;

fn instance(limits: Limits) -> Instance {
    compile(&Engine::new(limits).unwrap(), GUEST)
        .instantiate(&Options::default())
        .unwrap()
}

fn trap(instance: &mut Instance, export: &str) -> Trap {
    let trap = instance.call(export).unwrap().end.unwrap_err();
    assert_eq!(
        instance.call("short").unwrap().end,
        Ok(0),
        "the instance goes on"
    );
    trap
}

#[test]
fn fuel() {
    let mut instance = instance(Limits {
        fuel: Some(100_000),
        ..Limits::default()
    });
    let trap = trap(&mut instance, "endless");
    assert_eq!(trap.cause, Cause::Fuel);
    assert_eq!(trap.message, "out of fuel: 100000 units were not enough");
}

#[test]
fn fuel_is_full_again_for_each_call() {
    let mut instance = instance(Limits {
        fuel: Some(100),
        ..Limits::default()
    });
    for _ in 0..100 {
        assert_eq!(instance.call("short").unwrap().end, Ok(0));
    }
}

#[test]
fn timeout() {
    let mut instance = instance(Limits {
        timeout: Some(Duration::from_millis(50)),
        ..Limits::default()
    });
    let trap = trap(&mut instance, "endless");
    assert_eq!(trap.cause, Cause::Timeout);
    assert_eq!(trap.message, "timed out after 50ms");
}

#[test]
fn a_timeout_does_not_stop_a_neighbor_with_time_left() {
    let engine = Engine::new(Limits {
        timeout: Some(Duration::from_millis(300)),
        ..Limits::default()
    })
    .unwrap();
    let guest = compile(&engine, GUEST);
    let run = || {
        let mut instance = guest.instantiate(&Options::default()).unwrap();
        let started = Instant::now();
        assert_eq!(
            instance.call("endless").unwrap().end.unwrap_err().cause,
            Cause::Timeout
        );
        started.elapsed()
    };
    std::thread::scope(|scope| {
        let first = scope.spawn(run);
        std::thread::sleep(Duration::from_millis(150));
        let second = scope.spawn(run);
        assert!(first.join().unwrap() >= Duration::from_millis(300));
        assert!(second.join().unwrap() >= Duration::from_millis(300));
    });
}

#[test]
fn stack() {
    let mut instance = instance(Limits::default());
    let trap = trap(&mut instance, "deep");
    assert_eq!(trap.cause, Cause::Stack);
    assert!(
        trap.message.starts_with("stack overflow: 524288 bytes"),
        "{}",
        trap.message
    );
    assert!(trap.backtrace.lines().count() < 30, "{}", trap.backtrace);
}

#[test]
fn a_large_stack_fits_on_any_thread() {
    let mut small = instance(Limits::default());
    assert_eq!(trap(&mut small, "deep_enough").cause, Cause::Stack);

    let mut large = instance(Limits {
        stack: 64 * 1024 * 1024,
        ..Limits::default()
    });
    assert_eq!(large.call("deep_enough").unwrap().end, Ok(200_000));
    assert_eq!(trap(&mut large, "deep").cause, Cause::Stack);
}

#[test]
fn memory() {
    let mut instance = instance(Limits {
        memory: Some(1024 * 1024),
        ..Limits::default()
    });
    let trap = trap(&mut instance, "grow");
    assert_eq!(trap.cause, Cause::Memory);
    assert!(
        trap.message
            .starts_with("out of memory: the limit is 1048576 bytes"),
        "{}",
        trap.message
    );
    assert_eq!(instance.memory_bytes(), 65536);
}

#[test]
fn memory_that_the_module_starts_with() {
    let engine = Engine::new(Limits {
        memory: Some(65535),
        ..Limits::default()
    })
    .unwrap();
    let result = compile(&engine, GUEST).instantiate(&Options::default());
    assert!(matches!(result, Err(Error::Instantiate { .. })));
}

#[test]
fn all_limits_together() {
    let limits = Limits {
        memory: Some(32 * 1024 * 1024),
        stack: 8 * 1024 * 1024,
        fuel: Some(1_000_000),
        timeout: Some(Duration::from_secs(30)),
        ..Limits::default()
    };
    let mut instance = instance(limits);
    assert_eq!(instance.call("grow").unwrap().end, Ok(0));
    assert_eq!(trap(&mut instance, "endless").cause, Cause::Fuel);
    assert!(instance.process(b"").unwrap().result.is_ok());
}

#[test]
fn a_stopped_call_of_process_is_a_failure() {
    let engine = Engine::new(Limits {
        fuel: Some(1000),
        ..Limits::default()
    })
    .unwrap();
    let text = r#"(module (func (export "process") (result i32) (loop (br 0)) (i32.const 0)))"#;
    let outcome = compile(&engine, text)
        .instantiate(&Options::default())
        .unwrap()
        .process(b"")
        .unwrap();
    assert!(matches!(
        outcome.result,
        Err(Failure::Trap(Trap {
            cause: Cause::Fuel,
            ..
        }))
    ));
}

#[test]
fn limits_that_wasmtime_refuses_are_an_error() {
    assert!(matches!(
        Engine::new(Limits {
            stack: 0,
            ..Limits::default()
        }),
        Err(Error::Limits { .. })
    ));
}

//! Pools: a fresh instance for each input, results from any thread, progress and cancellation.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use wadup_host::{CancellationToken, Cause, Failure, Input, Limits, Outcome, Pool};

use crate::modules::{guest, module, writes};

fn pool(text: &str) -> Pool {
    guest(text).pool(Limits::default()).unwrap()
}

/// `process` returns how often it was called on the same instance, before.
const COUNTS: &str = r#"(module
  (global $calls (mut i32) (i32.const 0))
  (func (export "process") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.sub (global.get $calls) (i32.const 1))))"#;

/// `process` never returns, and `waits` sleeps for ever in the host.
const ENDLESS: &str = r#"(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "process") (result i32) (loop (br 0)) (i32.const 0))
  (func (export "waits") (result i32)
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const -1))
    (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))"#;

fn status(outcome: &Outcome) -> i32 {
    match outcome.result {
        Ok(_) => 0,
        Err(Failure::Status(status)) => status,
        _ => panic!("{outcome:?}"),
    }
}

fn cause(outcome: &Outcome) -> Cause {
    match &outcome.result {
        Err(Failure::Trap(trap)) => trap.cause,
        _ => panic!("{outcome:?}"),
    }
}

/// The simplest executor: one future on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn an_instance_is_fresh_unless_it_is_reused() {
    let fresh = pool(COUNTS);
    let reused = pool(COUNTS).reused();

    for calls in 0..3 {
        assert_eq!(status(&fresh.run("").unwrap()), 0);
        assert_eq!(status(&reused.run("").unwrap()), calls);
    }
}

#[test]
fn files_of_one_input_are_not_there_for_the_next() {
    // `O_EXCL`: a file of the last input would be in the way.
    let text = writes("tmp/left", "x", "i32.const 0").replace("(i32.const 9)", "(i32.const 5)");
    let pool = pool(&text);

    for _ in 0..3 {
        assert!(pool.run("").unwrap().result.is_ok());
    }
}

#[test]
fn functions_put_into_a_table_are_not_there_for_the_next() {
    let text = r#"(module
      (table $functions 4 funcref)
      (elem declare func $process)
      (func $process (export "process") (result i32)
        (if (i32.eqz (ref.is_null (table.get $functions (i32.const 1)))) (then (return (i32.const 1))))
        (table.set $functions (i32.const 1) (ref.func $process))
        (i32.const 0)))"#;
    let pool = pool(text);

    for _ in 0..3 {
        assert_eq!(status(&pool.run("").unwrap()), 0);
    }
}

#[test]
fn a_stopped_instance_is_not_reused() {
    let first_traps =
        "(if (i32.eq (global.get $calls) (i32.const 2)) (then unreachable)) i32.const 0";
    let pool = pool(&module("", first_traps)).reused();

    let results: Vec<bool> = (0..4)
        .map(|_| pool.run("").unwrap().result.is_ok())
        .collect();

    assert_eq!(results, [true, false, true, false]);
}

#[test]
fn other_exports_get_the_input_too() {
    let text = writes("tmp/x", "x", "i32.const 0").replace("\"process\"", "\"convert\"");
    let pool = pool(&text);

    assert!(pool.call("convert", "").unwrap().result.is_ok());
    assert!(pool.run("").is_err());
}

#[test]
fn several_threads_share_a_pool() {
    let pool = pool(COUNTS);

    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..20).for_each(|_| assert_eq!(status(&pool.run("").unwrap()), 0)));
        }
    });
}

#[test]
fn futures_need_no_executor_of_their_own() {
    let pool = pool(COUNTS);

    let pending: Vec<_> = (0..20).map(|_| pool.run_async("")).collect();

    for outcome in pending {
        assert_eq!(status(&block_on(outcome).unwrap()), 0);
    }
}

#[test]
fn a_token_stops_calls_that_run_wait_or_have_not_begun() {
    let pool = pool(ENDLESS);
    let token = CancellationToken::new();
    let input = Input::bytes(&b""[..]).cancelled_by(&token);

    let running = pool.run_async(input.clone());
    let waiting = pool.call_async("waits", input.clone());
    token.cancel();

    assert_eq!(cause(&block_on(running).unwrap()), Cause::Cancelled);
    assert_eq!(cause(&block_on(waiting).unwrap()), Cause::Cancelled);
    assert_eq!(cause(&pool.run(input).unwrap()), Cause::Cancelled);
}

#[test]
fn a_dropped_future_frees_its_thread() {
    let pool = pool(ENDLESS);

    for _ in 0..10 {
        drop(pool.run_async(""));
    }

    // Would wait for ever behind ten endless calls.
    let token = CancellationToken::new();
    let last = pool.run_async(Input::bytes(&b""[..]).cancelled_by(&token));
    token.cancel();
    assert_eq!(cause(&block_on(last).unwrap()), Cause::Cancelled);
}

#[test]
fn progress_is_reported_and_may_cancel() {
    let pool = pool(ENDLESS);
    let token = CancellationToken::new();
    let (reports, memory) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(0)));
    let input = {
        let (token, reports, memory) = (token.clone(), reports.clone(), memory.clone());
        Input::bytes(&b""[..])
            .cancelled_by(&token.clone())
            .progress(Duration::from_millis(1), move |progress| {
                *memory.lock().unwrap() = progress.memory;
                if reports.fetch_add(1, Ordering::SeqCst) == 2 {
                    token.cancel();
                }
            })
    };

    let outcome = pool.run(input).unwrap();

    assert_eq!(cause(&outcome), Cause::Cancelled);
    assert_eq!(reports.load(Ordering::SeqCst), 3);
    assert_eq!(*memory.lock().unwrap(), 65536);
}

/// The next report is due before the last one has ended, so that many epochs begin while the guest's thread looks at one.
#[test]
fn reports_faster_than_they_can_be_made_stop_nothing() {
    let pool = pool(ENDLESS);
    let token = CancellationToken::new();
    let reports = Arc::new(AtomicU64::new(0));
    let input = {
        let (token, reports) = (token.clone(), reports.clone());
        Input::bytes(&b""[..])
            .cancelled_by(&token.clone())
            .progress(Duration::from_nanos(1), move |_| {
                thread::sleep(Duration::from_micros(100));
                if reports.fetch_add(1, Ordering::SeqCst) == 99 {
                    token.cancel();
                }
            })
    };

    let outcome = pool.run(input).unwrap();

    assert_eq!(cause(&outcome), Cause::Cancelled);
    assert_eq!(reports.load(Ordering::SeqCst), 100);
}

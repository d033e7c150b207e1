//! Waiting, for hosts that return from it before anything has happened.

use wasip1::{Event, Size, Subscription};

mod host {
    use super::{Event, Size, Subscription};

    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        pub(super) fn poll_oneoff(
            subscriptions: *const Subscription,
            events: *mut Event,
            count: Size,
            happened: *mut Size,
        ) -> i32;
    }
}

/// Clears the memory for the events, then calls the host.
///
/// wasi-libc's `nanosleep` reads the first event without checking how many there are. The WADUP host does not wait and reports none, so
/// the previous contents of the caller's stack would be read as an error.
#[unsafe(export_name = "__imported_wasi_snapshot_preview1_poll_oneoff")]
unsafe extern "C" fn poll_oneoff(
    subscriptions: *const Subscription,
    events: *mut Event,
    count: Size,
    happened: *mut Size,
) -> i32 {
    // SAFETY: the caller has room for as many events as subscriptions, and all zeros are an event without an error.
    unsafe { events.write_bytes(0, count) };
    // SAFETY: the caller's arguments, for the function that it called.
    unsafe { host::poll_oneoff(subscriptions, events, count, happened) }
}

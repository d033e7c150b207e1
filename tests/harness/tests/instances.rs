//! Hundreds of instances of one snapshot, one after the other: the host keeps nothing of those that were dropped.
//!
//! A program of its own, because it looks at the whole process.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;

use harness::{Guests, Variant};
use wadup_host::{Host, Options};

/// By then the allocator has its arenas, and wasmtime its tables.
const SETTLED: usize = 20;

/// How much may stay by fragmentation: a page of memory for each of a thousand instances.
const FRAGMENTS: usize = 4 << 20;

/// The bytes of memory that this process has (proc(5), `VmRSS`).
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kibibytes.unwrap().parse::<usize>().unwrap() << 10
}

/// How many files this process has open.
fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

fn come_and_go(instances: usize) {
    let guests = Guests::new(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let guest = guests.guest("rust", Variant::Snapshot).unwrap();
    let hosts = [Host::Standard, Host::Wadup].map(|host| Options {
        host,
        ..Options::default()
    });
    let mut memory_of_guests = [None; 2];
    let mut settled = None;
    for number in 0..instances {
        let which = number % hosts.len();
        let mut instance = guest.instantiate(&hosts[which]).unwrap();
        assert!(
            instance
                .process(b"failures succeed")
                .unwrap()
                .result
                .is_ok()
        );
        assert!(instance.process(b"failures noted").unwrap().result.is_err());
        let memory = instance.memory_bytes();
        assert_eq!(*memory_of_guests[which].get_or_insert(memory), memory);
        drop(instance);
        if number == SETTLED {
            settled = Some((open_files(), resident()));
        }
    }
    let (files, memory) = settled.unwrap();
    let grown = resident().saturating_sub(memory);
    println!("{instances} instances: {files} files, {memory} bytes resident and {grown} more");
    assert_eq!(open_files(), files, "after {instances} instances");
    assert!(
        grown <= FRAGMENTS,
        "{grown} bytes more after {instances} instances"
    );
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn a_hundred_instances_leave_nothing_behind() {
    come_and_go(100);
}

#[test]
#[ignore = "takes a minute: `cargo xtask test --thorough`"]
fn a_thousand_instances_leave_nothing_behind() {
    come_and_go(1000);
}

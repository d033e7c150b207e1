//! A guest after wasm-opt, which changes how much of the native stack its functions take: it still fits the default host.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use harness::{Guests, Variant};
use wadup_build::Silent;
use wadup_build::machine::Machine;
use wadup_host::{Compiler, Engine, Host, Limits, Options};

#[test]
#[ignore = "wasm-opt takes minutes: `cargo xtask test --thorough` runs it"]
fn endless_recursion_raises_in_an_optimized_guest() {
    let guests = Guests::new(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let linked = guests.module("pydantic", Variant::Release).unwrap();
    let machine = Machine::new(Box::new(Silent)).unwrap();
    let wasm_opt = machine.wasm_opt().unwrap_or_else(|error| panic!("{error}"));
    let optimized = machine
        .optimize(&fs::read(linked).unwrap(), None, &wasm_opt)
        .unwrap();
    let guest = Engine::with_compiler(Limits::default(), Compiler::Optimizing)
        .unwrap()
        .compile("optimized", &optimized.module)
        .unwrap();

    for host in [Host::Standard, Host::Wadup] {
        let mut instance = guest
            .instantiate(&Options {
                host,
                ..Options::default()
            })
            .unwrap();
        let call = instance.call("recurse").unwrap();

        assert_eq!(call.end, Ok(0), "{host:?}: {}", call.stderr);
    }
}

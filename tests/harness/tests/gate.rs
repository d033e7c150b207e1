//! The gate accepts every guest that Cargo linked.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use wadup_build::Profile;
use wadup_inspect::gate::{self, Kind, Rules};

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn every_guest_passes_the_link_gate_in_both_profiles() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("wasm32-wasip1");
    for name in harness::names()
        .unwrap()
        .into_iter()
        .chain(["lockfile".to_owned()])
    {
        let profile = if name == "modern" {
            Profile::Modern
        } else {
            Profile::Baseline
        };
        let rules = Rules {
            profile,
            kind: if name == "command" {
                Kind::Command
            } else {
                Kind::Reactor
            },
            maximum_memory: Some(256 << 20),
            ..Rules::default()
        };
        for folder in ["debug", "release"] {
            let module = target.join(folder).join(format!("{name}.wasm"));
            let report = gate::check(&module, &rules).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(report.stack, 8 << 20, "{}", module.display());
            assert_eq!(report.profile, profile, "{}", module.display());
        }
    }
}

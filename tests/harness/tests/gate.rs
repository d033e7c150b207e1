//! The gate accepts every guest that Cargo linked.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::env;
use std::path::Path;

use wadup_inspect::gate::{self, Kind, Profile, Rules};

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn every_guest_passes_the_link_gate_in_both_profiles() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("wasm32-wasip1");
    let all_are_modern = env::var("WADUP_PROFILE").is_ok_and(|profile| profile == "modern");
    for name in harness::names()
        .unwrap()
        .into_iter()
        .chain(["lockfile".to_owned()])
    {
        let is_modern = name == "modern" || all_are_modern;
        let profile = if is_modern {
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
            // A guest without native packages has no SIMD in any profile.
            assert!(name != "modern" || report.profile == Profile::Modern);
        }
    }
}

//! The guest `src-layout`: its entry is a module, imported once and called through its `main`, and its Python lies beside Rust.

use harness::{Guests, Variant};
use wadup_host::{Options, Root, Value};

use crate::instances::{Built, HOSTS, fail, instance, pass, returns, rows};

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);
        for call in 1..3 {
            let (output, _) = pass(&mut instance, "{\"name\": \"Ada\", \"age\": \"36\"}\n");
            assert_eq!(rows(&output, "calls"), [[Value::Int64(call)]]);
            let name = Value::String("Ada".to_owned());
            let none = Value::String(String::new());
            assert_eq!(rows(&output, "users"), [[name, Value::Int64(36), none]]);
        }
        let (_, told) = fail(&mut instance, "{\"name\": \"Ada\", \"age\": -1}\n");
        assert!(told.contains("greater than or equal to 0"), "{told}");
        assert_eq!(returns(&mut instance, "sides"), 4);
    }
}

/// A program of the same crate, whose entry is a module without `main`.
#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn a_module_without_main_runs_when_it_is_imported_and_never_while_a_snapshot_is_taken() {
    let guests = Guests::new(env!("CARGO_TARGET_TMPDIR").as_ref()).unwrap();
    for variant in [Variant::Release, Variant::Snapshot] {
        let program = guests.guest("on_import", variant).unwrap();
        let options = Options {
            root: Root::None,
            arguments: ["on_import", "größer"].map(str::to_owned).to_vec(),
            ..Options::default()
        };

        let call = program.run_command(&options).unwrap();

        assert_eq!(call.end, Ok(0), "{}", call.stderr);
        assert_eq!(call.stdout, "imported with größer\n");
    }
}

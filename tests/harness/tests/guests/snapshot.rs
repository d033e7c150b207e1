//! The guest `snapshot`: each instance has its own chances and its own host, whenever its interpreter was started.

use std::collections::BTreeMap;

use wadup_runner::{Guest, Host, Options, Value};

use crate::instances::{Built, pass, rows};

/// What an instance tells of itself under wasmtime, with arguments and variables.
fn moments(guest: &Guest) -> BTreeMap<String, String> {
    let options = Options {
        environment: [("FROM_HOST", "größer"), ("SET_BY_GUEST", "host")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        arguments: ["moments", "größer"].map(str::to_owned).into(),
        ..Options::default()
    };
    told(guest, &options)
}

fn told(guest: &Guest, options: &Options) -> BTreeMap<String, String> {
    let mut instance = guest.instantiate(options).unwrap();
    let (output, _) = pass(&mut instance, "");
    pass(&mut instance, "");
    rows(&output, "moments")
        .into_iter()
        .map(|row| match &row[..] {
            [Value::String(what), Value::String(value)] => (what.clone(), value.clone()),
            other => panic!("{other:?}"),
        })
        .collect()
}

pub(crate) fn check(built: &Built) {
    let guest = &built.load();

    let [first, second] = [moments(guest), moments(guest)];

    for what in ["random", "urandom", "uuid4", "node", "temporary"] {
        assert_ne!(first[what], second[what], "{what} in two instances");
    }
    for told in [&first, &second] {
        assert_eq!(told["variable"], "größer");
        assert_eq!(told["variables"], "['FROM_HOST', 'SET_BY_GUEST']");
        assert_eq!(told["arguments"], "['moments', 'größer']");
        // Preloading costs a guest without a snapshot nothing: it imports what it uses.
        assert_eq!(
            told["decimal"],
            if built.is_snapshot() { "True" } else { "False" }
        );
    }

    let under_wadup = told(
        guest,
        &Options {
            host: Host::Wadup,
            ..Options::default()
        },
    );
    assert_eq!(under_wadup["variables"], "['SET_BY_GUEST']");
    assert_eq!(under_wadup["arguments"], "['']");
}

//! The guest `pydantic` in instances one after the other: each starts with the memory that the module describes.

use wadup_host::{Guest, Options};

use crate::instances::Built;

/// Many users, so that the memory grows.
const USERS: usize = 20_000;

pub(crate) fn check(built: &Built) {
    let guest = built.load();
    let before = memory(&guest);

    for export in ["users", "recurse", "schemas"] {
        let user = r#"{"id": 7, "name": "Ada", "score": 0.5, "emails": []}"#;
        let users = vec![user; USERS].join("\n");
        let mut instance = guest.instantiate(&Options::default()).unwrap();
        instance.process_by(export, users.as_bytes()).unwrap();
        assert!(instance.memory() != before, "`{export}` wrote nothing");
        drop(instance);

        assert!(memory(&guest) == before, "after `{export}`");
    }
}

/// The memory of a fresh instance, before any of its code runs.
fn memory(guest: &Guest) -> Vec<u8> {
    let options = Options {
        initialize: false,
        ..Options::default()
    };
    guest.instantiate(&options).unwrap().memory().to_vec()
}

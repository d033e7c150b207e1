//! The first row of a snapshot of the guest `pydantic`: it changes few pages, each of which its host must copy.

use wadup_host::Host;

use crate::instances::{Built, instance};

const USER: &[u8] = br#"{"id": 7, "name": "Ada", "score": 0.5, "emails": []}"#;

const PAGE: usize = 4096;

/// What pydantic-core sets up when it reads its first JSON has 64 pages more, if the snapshot does not contain it.
const CHANGED_PAGES: usize = 100;

pub(crate) fn check(built: &Built) {
    let mut instance = instance(&built.load(), Host::Standard);
    let before = instance.memory().to_vec();

    let outcome = instance.process_by("users", USER).unwrap();

    assert_eq!(outcome.result.unwrap().tables[0].rows.len(), 1);
    let pages = before.chunks(PAGE).zip(instance.memory().chunks(PAGE));
    let changed = pages.filter(|(before, after)| before != after).count();
    assert!(changed <= CHANGED_PAGES, "{changed} pages have changed");
}

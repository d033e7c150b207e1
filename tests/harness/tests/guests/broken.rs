//! The guest `broken`: an export whose module raises fails alone; a snapshot, which needs all modules, cannot be taken.

use crate::instances::{Built, HOSTS, instance, pass};

const RAISED: &str = "raise ImportError(\"broken on purpose\")\nImportError: broken on purpose\n";

pub(crate) fn check(built: &Built) {
    if built.is_snapshot() {
        let refusal = built.refusal();
        assert!(
            refusal.contains(
                "Traceback (most recent call last):\n  File \"/wadup/app/broken.py\", line 3"
            ),
            "{refusal}"
        );
        assert!(refusal.contains(RAISED), "{refusal}");
        return;
    }
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);
        for _ in 0..2 {
            let call = instance.call("cannot_be_imported").unwrap();

            assert_eq!(call.end, Ok(1));
            assert!(call.stderr.ends_with(RAISED), "{}", call.stderr);
            pass(&mut instance, "");
        }
    }
}

//! Runs programs without a network, if the system allows it.

use std::sync::OnceLock;

use crate::command::Program;
use crate::environment::Tool;

/// Options of `unshare`, the first for root and the second for others.
const WAYS: [&[&str]; 2] = [&["--net"], &["--net", "--map-root-user"]];

/// The options that work on this machine.
pub(super) fn way() -> Option<&'static [&'static str]> {
    static FOUND: OnceLock<Option<&'static [&'static str]>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        WAYS.into_iter().find(|options| {
            Program::new(
                Tool::Backend,
                "unshare",
                "creating a namespace without network",
            )
            .args(*options)
            .arg("true")
            .run()
            .is_ok()
        })
    })
}

/// The beginning of a command that runs `program` without a network if possible, else with it.
pub(super) fn program(program: &std::path::Path, purpose: String) -> Program {
    match way() {
        Some(options) => Program::new(Tool::Backend, "unshare", purpose)
            .args(options)
            .arg("--")
            .arg(program),
        None => Program::new(Tool::Backend, program, purpose),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_build_sees_no_network_but_its_own_machine() {
        let Some(_) = way() else {
            // The system does not allow it, as TRUST.md says.
            return;
        };

        let devices = program("cat".as_ref(), "listing networks".to_owned())
            .arg("/proc/net/dev")
            .output()
            .unwrap();

        let others: Vec<&str> = devices
            .lines()
            .skip(2)
            .filter(|line| !line.trim().starts_with("lo:"))
            .collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

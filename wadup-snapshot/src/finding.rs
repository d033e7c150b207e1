//! What an initialization reads from the machine, and which Python line does it.

use std::fmt;

use wadup_contract::mount::LIBRARY;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Read {
    /// Random bytes of the host.
    Entropy,
    /// The time.
    Clock,
    /// A variable of the environment, or all of them.
    Environment(String),
    /// A file or folder outside the guest, by its path.
    File(String),
    /// Standard input.
    Input,
}

/// One read of the initialization. All instances of the snapshot share its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was read.
    pub read: Read,
    /// The Python line that did it, as `file:line in function`; none if no Python function was running.
    pub place: Option<String>,
}

impl Finding {
    /// The finding for a read while `stack` was running: Python functions, the innermost first, one to a line; none before the
    /// interpreter had started.
    pub(crate) fn of(read: Read, stack: Option<&str>) -> Self {
        let place = stack.and_then(place).map(str::to_owned);
        Self { read, place }
    }
}

/// The innermost function outside the standard library, or else the innermost.
pub(crate) fn place(stack: &str) -> Option<&str> {
    let is_users = |frame: &&str| !frame.starts_with(LIBRARY) && !frame.starts_with('<');
    stack
        .lines()
        .find(is_users)
        .or_else(|| stack.lines().next())
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, place } = self;
        let place = place
            .as_deref()
            .unwrap_or("an unknown place, as no Python function is running");
        match read {
            Read::Entropy => write!(
                formatter,
                "{place}: reads entropy (random_get), which all instances of the snapshot will share"
            ),
            Read::Clock => write!(
                formatter,
                "{place}: reads the clock (clock_time_get), which stands still while a snapshot is taken"
            ),
            Read::Environment(name) => write!(
                formatter,
                "{place}: reads the environment ({name}), which is empty while a snapshot is taken"
            ),
            Read::Input => write!(
                formatter,
                "{place}: reads standard input, which is empty while a snapshot is taken"
            ),
            Read::File(path) => write!(
                formatter,
                "{place}: looks for `{path}` on the host, which has no files while a snapshot is taken"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_the_users_line_and_not_the_librarys() {
        let stack = "/wadup/lib/python3.13/random.py:126 in Random.seed\n\
                     /wadup/app/users/__init__.py:7 in deal\n\
                     /wadup/app/users/__init__.py:9 in <module>\n";

        let finding = Finding::of(Read::Entropy, Some(stack));

        let place = "/wadup/app/users/__init__.py:7 in deal";
        assert_eq!(finding.place.as_deref(), Some(place));
        assert!(finding.to_string().contains("random_get"), "{finding}");
    }

    #[test]
    fn a_read_without_a_place_is_reported_too() {
        for stack in [None, Some("")] {
            let finding = Finding::of(Read::Entropy, stack);

            assert_eq!(finding.place, None);
            assert!(
                finding.to_string().starts_with("an unknown place"),
                "{finding}"
            );
        }
    }

    #[test]
    fn where_only_the_library_runs_its_own_line_is_the_place() {
        let stack =
            "/wadup/lib/python3.13/locale.py:5 in <module>\n<frozen importlib._bootstrap>:4 in x\n";

        assert_eq!(
            place(stack),
            Some("/wadup/lib/python3.13/locale.py:5 in <module>")
        );
        assert_eq!(place(""), None);
    }
}

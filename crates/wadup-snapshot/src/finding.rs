//! What an initialisation read of the machine and the moment, and where in the Python code.

use std::fmt;

/// Where wadup mounts the standard library in a guest.
const LIBRARY: &str = "/wadup/lib/";

/// Reads that nobody has to be told of, by the kind and a part of the file that does it.
const SEEN_TO: [(Kind, &str); 5] = [
    // When the guest wakes up it seeds these, or has them note the time anew (`snapshot.py` in wadup-guest).
    (Kind::Entropy, "/random.py"),
    (Kind::Entropy, "/numpy/random/"),
    (Kind::Clock, "/logging/__init__.py"),
    // The keys of Rust's hash maps of field names, which are pydantic's own and not the input's.
    (Kind::Entropy, "/wadup/site/pydantic"),
    // The import of a module in C: `time` asks for the time to know the time zone, which is always UTC under WASI.
    (Kind::Clock, "<frozen importlib."),
];

/// Variables that nobody has to be told of, by the beginning of their names.
const WITHOUT_EFFECT: [&str; 3] = [
    // The interpreter of a guest is isolated from them (`PyConfig_InitIsolatedConfig`).
    "PYTHON",
    "_PYTHON",
    // Read when a model class is made; those of a snapshot are made with all plugins that the guest has.
    "PYDANTIC_DISABLE_PLUGINS",
];

/// What kind of thing was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Entropy,
    Clock,
}

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
    /// A file or folder outside the guest, by the path that was asked for.
    File(String),
}

/// One thing that the initialisation read: all instances of the snapshot share what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was read.
    pub read: Read,
    /// The Python line that did it, as `file:line in function`.
    pub place: String,
}

impl Finding {
    /// The finding for a read while `stack` was running: Python functions, the innermost first, one to a line.
    ///
    /// There is none for what the interpreter reads while it starts, before any Python runs, nor for what the guest sees to.
    pub(crate) fn of(read: Read, stack: &str) -> Option<Self> {
        let place = place(stack)?;
        if is_seen_to(&read, stack, place) {
            return None;
        }
        let place = place.to_owned();
        Some(Self { read, place })
    }
}

fn is_seen_to(read: &Read, stack: &str, place: &str) -> bool {
    let kind = match read {
        Read::Entropy => Kind::Entropy,
        Read::Clock => Kind::Clock,
        Read::Environment(name) => {
            return WITHOUT_EFFECT
                .iter()
                .any(|beginning| name.starts_with(beginning));
        }
        Read::File(_) => return false,
    };
    // What a module does while it is imported itself, and not while a function of it is called by another.
    let importing = stack.lines().find(|frame| frame.ends_with(" in <module>"));
    let files = [file(importing.unwrap_or_default()), file(place)];
    SEEN_TO
        .iter()
        .any(|(what, part)| *what == kind && files.iter().any(|file| file.contains(part)))
}

/// The innermost function outside the standard library, or else the innermost.
pub(crate) fn place(stack: &str) -> Option<&str> {
    let is_users = |frame: &&str| !frame.starts_with(LIBRARY) && !frame.starts_with('<');
    stack
        .lines()
        .find(is_users)
        .or_else(|| stack.lines().next())
}

/// The file in `file:line in function`.
fn file(frame: &str) -> &str {
    frame
        .split_once(" in ")
        .and_then(|(place, _)| place.rsplit_once(':'))
        .map_or(frame, |(file, _)| file)
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, place } = self;
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

        let finding = Finding::of(Read::Entropy, stack).unwrap();

        assert_eq!(finding.place, "/wadup/app/users/__init__.py:7 in deal");
        assert!(finding.to_string().contains("random_get"), "{finding}");
    }

    #[test]
    fn what_the_guest_sees_to_and_what_starts_the_interpreter_is_no_finding() {
        let importing = "/wadup/lib/python3.13/random.py:126 in Random.seed\n\
                         /wadup/lib/python3.13/random.py:881 in <module>\n\
                         /wadup/app/users/__init__.py:1 in <module>\n";

        assert_eq!(Finding::of(Read::Entropy, importing), None);
        assert_eq!(Finding::of(Read::Clock, ""), None);
        assert!(Finding::of(Read::Clock, importing).is_some());
        for (name, told) in [("PYTHONTZPATH", false), ("HOME", true)] {
            let finding = Finding::of(Read::Environment(name.to_owned()), importing);
            assert_eq!(finding.is_some(), told, "{name}");
        }
    }

    #[test]
    fn where_only_the_library_runs_its_own_line_is_told() {
        let stack =
            "/wadup/lib/python3.13/locale.py:5 in <module>\n<frozen importlib._bootstrap>:4 in x\n";

        assert_eq!(
            place(stack),
            Some("/wadup/lib/python3.13/locale.py:5 in <module>")
        );
        assert_eq!(place(""), None);
    }
}

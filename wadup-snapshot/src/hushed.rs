//! Reads that are not reported: each instance repeats them, or their result has no effect.
//!
//! The list is data. An entry says what is read and by which code, as narrowly as it can: a read that it matches by mistake could be a
//! secret that all instances share without a warning.

use wadup_contract::mount::{LIBRARY, MOUNT};

use crate::finding::Read;

/// One read that is not reported.
struct Hushed {
    what: What,
    by: By,
}

/// What is read.
enum What {
    Entropy,
    Clock,
    /// Variables by these beginnings of their names.
    Variables(&'static [&'static str]),
    /// Files by an end of their paths.
    Files(&'static [&'static str]),
}

/// Which code reads it. Files are named relative to `/wadup/`, those of the standard library relative to its own folder:
/// `lib/random.py`.
enum By {
    /// A module in a file with this beginning while it is imported, or functions that it calls.
    Import(&'static str),
    /// Functions in files with this beginning.
    Code(&'static str),
    /// Functions in files with this beginning that such functions call, and not others.
    Within(&'static str),
    /// What runs before the interpreter has started.
    Start,
}

const HUSHED: [Hushed; 18] = [
    // The allocator and the interpreter look at the clock when they start, and keep nothing of the date.
    Hushed {
        what: What::Clock,
        by: By::Start,
    },
    // The first import of `time`, which looks for the time zone: always UTC under WASI.
    Hushed {
        what: What::Clock,
        by: By::Import("<frozen zipimport>"),
    },
    // The module's generator is seeded when the guest wakes up.
    Hushed {
        what: What::Entropy,
        by: By::Import("lib/random.py"),
    },
    // The module's generator is seeded when the guest wakes up.
    Hushed {
        what: What::Entropy,
        by: By::Import("site/numpy/random/_pickle.py"),
    },
    // The start of logging is recorded again when the guest wakes up.
    Hushed {
        what: What::Clock,
        by: By::Import("lib/logging/__init__.py"),
    },
    // The year that completes two digits is recorded again when the guest wakes up.
    Hushed {
        what: What::Clock,
        by: By::Import("site/dateutil/parser/_parser.py"),
    },
    // A wait looks at the clock only to know when it is over.
    Hushed {
        what: What::Clock,
        by: By::Code("lib/selectors.py"),
    },
    // An event loop asks what is due, and each instance asks again. Whoever calls `loop.time` keeps what it returns.
    Hushed {
        what: What::Clock,
        by: By::Within("lib/asyncio/"),
    },
    // The interpreter of a guest is isolated from them (PyConfig_InitIsolatedConfig).
    Hushed {
        what: What::Variables(&["PYTHON", "_PYTHON"]),
        by: By::Code("lib/"),
    },
    // It looks whether it runs in CPython's own source tree, where guests do not run.
    Hushed {
        what: What::Files(&["/Modules/Setup", "/Modules/Setup.local"]),
        by: By::Import("lib/sysconfig/__init__.py"),
    },
    // Keys of Rust's hash maps, which hold names of fields and nothing from the input.
    Hushed {
        what: What::Entropy,
        by: By::Import("site/pydantic_core/"),
    },
    // The same, for the schemas of its own types.
    Hushed {
        what: What::Entropy,
        by: By::Import("site/pydantic/"),
    },
    // The same, for the schemas of the user's models.
    Hushed {
        what: What::Entropy,
        by: By::Code("site/pydantic/plugin/_schema_validator.py"),
    },
    // The models of a snapshot are made with all plugins of the guest.
    Hushed {
        what: What::Variables(&["PYDANTIC_DISABLE_PLUGINS"]),
        by: By::Code("site/pydantic/plugin/"),
    },
    // It sets the processors of a thread of OpenBLAS; a guest has neither.
    Hushed {
        what: What::Variables(&["OPENBLAS_MAIN_FREE"]),
        by: By::Code("site/numpy/_core/__init__.py"),
    },
    // The first is for Linux only; the second only causes a warning.
    Hushed {
        what: What::Variables(&["NUMPY_MADVISE_HUGEPAGE", "NPY_PROMOTION_STATE"]),
        by: By::Code("site/numpy/__init__.py"),
    },
    // They are how pandas is tested; its options are set with `pandas.set_option`.
    Hushed {
        what: What::Variables(&[
            "PANDAS_COPY_ON_WRITE",
            "PANDAS_DATA_MANAGER",
            "PANDAS_FUTURE_INFER_STRING",
        ]),
        by: By::Code("site/pandas/"),
    },
    // Dateutil has the same zone without its file.
    Hushed {
        what: What::Files(&["/zoneinfo/UTC"]),
        by: By::Import("site/pandas/_libs/tslibs/__init__.py"),
    },
];

/// Whether a read is in the list. `stack` has the Python functions that were running; it is none before the interpreter has started.
pub(crate) fn is_hushed(read: &Read, stack: Option<&str>) -> bool {
    HUSHED
        .iter()
        .any(|hushed| hushed.what.is(read) && hushed.by.is(stack))
}

impl What {
    fn is(&self, read: &Read) -> bool {
        match (self, read) {
            (Self::Entropy, Read::Entropy) | (Self::Clock, Read::Clock) => true,
            (Self::Variables(names), Read::Environment(name)) => {
                names.iter().any(|beginning| name.starts_with(beginning))
            }
            (Self::Files(paths), Read::File(path)) => paths.iter().any(|end| path.ends_with(end)),
            _ => false,
        }
    }
}

impl By {
    fn is(&self, stack: Option<&str>) -> bool {
        let Some(stack) = stack else {
            return matches!(self, Self::Start);
        };
        match self {
            Self::Start => false,
            Self::Import(beginning) => {
                let importing = stack.lines().find(|frame| frame.ends_with(" in <module>"));
                importing
                    .and_then(file_of)
                    .is_some_and(|file| file.starts_with(beginning))
            }
            Self::Code(beginning) => readers(stack, 1, beginning),
            Self::Within(beginning) => readers(stack, 2, beginning),
        }
    }
}

/// Whether the innermost functions, as many as `count`, are in files with this beginning.
fn readers(stack: &str, count: usize, beginning: &str) -> bool {
    // The methods of `os.environ` are functions of frozen modules.
    let frames = stack.lines().filter(|frame| !frame.starts_with('<'));
    let files = frames.take(count).filter_map(file_of);
    files.filter(|file| file.starts_with(beginning)).count() == count
}

/// The file in `file:line in function`, named as in the list.
fn file_of(frame: &str) -> Option<String> {
    let (place, _) = frame.split_once(" in ")?;
    let (file, _) = place.rsplit_once(':')?;
    if let Some(of_library) = file.strip_prefix(LIBRARY) {
        let (_python, file) = of_library.split_once('/')?;
        return Some(format!("lib/{file}"));
    }
    let below_mount = file
        .strip_prefix(MOUNT)
        .and_then(|below| below.strip_prefix('/'));
    Some(below_mount.unwrap_or(file).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "/wadup/app/users/__init__.py:1 in <module>\n";

    fn variable(name: &str) -> Read {
        Read::Environment(name.to_owned())
    }

    #[test]
    fn what_a_module_of_the_library_reads_while_it_is_imported_is_hushed_for_that_module_only() {
        let seed = "/wadup/lib/python3.13/random.py:126 in Random.seed\n";
        let random = format!("{seed}/wadup/lib/python3.13/random.py:881 in <module>\n{USERS}");
        let generator = format!("{seed}{USERS}");
        let namesake = format!("/wadup/app/random.py:3 in <module>\n{USERS}");

        assert!(is_hushed(&Read::Entropy, Some(&random)));
        assert!(!is_hushed(&Read::Clock, Some(&random)));
        assert!(!is_hushed(&Read::Entropy, Some(&generator)));
        assert!(!is_hushed(&Read::Entropy, Some(&namesake)));
    }

    #[test]
    fn a_variable_without_effect_is_hushed_where_the_code_reads_it_that_has_none() {
        let os = "<frozen os>:714 in _Environ.__getitem__\n<frozen _collections_abc>:811 in Mapping.get\n";
        let library = format!("{os}/wadup/lib/python3.13/sysconfig/__init__.py:5 in f\n{USERS}");
        let users = format!("{os}{USERS}");

        assert!(is_hushed(&variable("PYTHONTZPATH"), Some(&library)));
        assert!(!is_hushed(&variable("HOME"), Some(&library)));
        assert!(!is_hushed(&variable("PYTHONTZPATH"), Some(&users)));
        assert!(!is_hushed(&variable("NPY_PROMOTION_STATE"), Some(&users)));
    }

    #[test]
    fn a_loop_that_looks_at_its_clock_is_hushed_and_not_a_user_who_asks_it() {
        let time = "/wadup/lib/python3.13/asyncio/base_events.py:779 in BaseEventLoop.time\n";
        let loops = format!(
            "{time}/wadup/lib/python3.13/asyncio/timeouts.py:58 in Timeout.__aenter__\n{USERS}"
        );
        let users = format!("{time}{USERS}");

        assert!(is_hushed(&Read::Clock, Some(&loops)));
        assert!(!is_hushed(&Read::Entropy, Some(&loops)));
        assert!(!is_hushed(&Read::Clock, Some(&users)));
        assert!(!is_hushed(&Read::Clock, Some(time)));
    }

    #[test]
    fn before_the_interpreter_starts_nothing_is_hushed_but_the_clock() {
        assert!(is_hushed(&Read::Clock, None));
        assert!(!is_hushed(&Read::Entropy, None));
        assert!(!is_hushed(&Read::File("/etc/hosts".to_owned()), None));
        assert!(!is_hushed(&Read::Clock, Some("")));
    }
}

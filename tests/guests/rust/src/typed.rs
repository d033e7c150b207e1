//! Calls with values, from Rust to Python and back.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use pyo3::prelude::*;

use crate::{self as calls, kinds};

/// What Python makes as a dataclass.
#[derive(Debug, PartialEq, FromPyObject)]
pub(crate) struct User {
    name: String,
    age: u8,
}

/// What Python takes as a `TypedDict`.
#[derive(IntoPyObject, IntoPyObjectRef)]
pub(crate) struct Options {
    pub(crate) limit: usize,
    pub(crate) reverse: bool,
}

/// An export in Rust: 0 if every kind of value arrives, whether the host calls it first or later.
#[allow(unsafe_code, reason = "an export is a name for all to see")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn call_with_values() -> i32 {
    match every_kind().and_then(|()| wrong_values()) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{error:?}");
            1
        }
    }
}

/// Every kind of value, there and back.
pub(crate) fn every_kind() -> Result<(), wadup_guest::Error> {
    assert!(!calls::negated(true)?);
    assert_eq!(calls::incremented(u64::MAX - 1)?, u64::MAX);
    assert_eq!(calls::half(3.0)?, 1.5);
    assert_eq!(calls::upper("größe")?, "GRÖSSE");
    assert_eq!(calls::mirrored(b"\x00ab\xff")?, b"\xffba\x00");
    assert_eq!(calls::doubled(&[1, 2, 3])?, [2, 4, 6]);
    assert_eq!(
        calls::lengths(&["a", "bcd"])?,
        HashMap::from([("a".to_owned(), 1), ("bcd".to_owned(), 3)])
    );
    assert_eq!(
        calls::keys(&HashMap::from([("a", 1), ("b", 2)]))?,
        HashSet::from(["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(calls::swapped(("a", 1))?, (1, "a".to_owned()));
    assert_eq!(calls::maybe(None)?, None);
    assert_eq!(calls::maybe(Some(1))?, Some(2));
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400);
    assert_eq!(
        calls::later(moment, Duration::from_millis(1500))?,
        moment + Duration::from_millis(1500)
    );
    assert_eq!(
        calls::parent("/data/users.csv".as_ref())?,
        PathBuf::from("/data")
    );
    assert_eq!(
        calls::user("Ada", 36)?,
        User {
            name: "Ada".to_owned(),
            age: 36
        }
    );
    let options = Options {
        limit: 2,
        reverse: true,
    };
    assert_eq!(calls::chosen(&[1, 2, 3], &options)?, [3, 2]);
    let object = calls::person()?;
    assert_eq!(calls::name_of(&object)?, "Ada");

    assert_eq!(calls::described("a", None, "b")?, "a-7-b");
    assert_eq!(calls::described("a", Some(1), "b")?, "a-1-b");
    assert_eq!(calls::total(1, 2, 3)?, 6);
    assert_eq!(calls::reexported(2)?, 3);
    calls::ignored()?;
    kinds::every_other_kind()
}

/// What does not fit shows at run time, with the function and the reason.
fn wrong_values() -> Result<(), wadup_guest::Error> {
    let fault = |result: Result<u8, wadup_guest::Error>| match result {
        Err(wadup_guest::Error::Exception(exception)) => exception,
        other => panic!("{other:?}"),
    };

    let wrong_type = fault(calls::anything("text"));
    assert_eq!(wrong_type.type_name, "TypeError");
    assert!(
        wrong_type
            .message
            .starts_with("`typed:anything` returned a value of type `str` that does not fit: "),
        "{}",
        wrong_type.message
    );
    assert_eq!(
        wrong_type.cause.as_ref().map(|cause| &*cause.type_name),
        Some("TypeError")
    );

    let too_large = fault(calls::anything("large"));
    assert_eq!(too_large.type_name, "OverflowError");
    assert!(
        too_large.message.contains("typed:anything"),
        "{}",
        too_large.message
    );

    let raised = fault(calls::anything("raise"));
    assert_eq!(
        (&*raised.type_name, &*raised.message),
        ("typed.Refused", "refused")
    );
    let chain: Vec<String> =
        std::iter::successors(std::error::Error::source(&raised), |error| error.source())
            .map(ToString::to_string)
            .collect();
    assert_eq!(chain, ["KeyError: 'key'", "ValueError: value"]);
    assert!(
        raised.traceback.contains("typed/__init__.py\", line "),
        "{}",
        raised.traceback
    );

    let exit = calls::anything("exit");
    assert!(
        matches!(exit, Err(wadup_guest::Error::Exit { status: 3, .. })),
        "{exit:?}"
    );
    Ok(())
}

/// An export in Rust whose call leaves a row: of the call that succeeds, and not of the one that fails.
#[allow(unsafe_code, reason = "an export is a name for all to see")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn call_with_rows() -> i32 {
    let failed = calls::leave_row("dropped", true).is_err();
    let kept = calls::leave_row("kept", false).is_ok();
    i32::from(!(failed && kept))
}

/// What Python calls to be called back.
#[pyo3::pymodule]
pub(crate) mod back {
    use pyo3::prelude::*;

    use crate as calls;

    /// Every kind of value, inside of a call.
    #[pyfunction]
    fn every_kind() -> Result<(), wadup_guest::Error> {
        super::every_kind()
    }

    /// Returns what a Python function has raised.
    #[pyfunction]
    fn raised(what: &str) -> Result<u8, wadup_guest::Error> {
        calls::anything(what)
    }

    /// Leaves a row as a part of the call.
    #[pyfunction]
    fn leave_row(name: &str) -> Result<(), wadup_guest::Error> {
        calls::leave_row(name, false)
    }

    /// Fails with the errors of `anyhow`: one of Rust with context, or one of Python without.
    #[pyfunction]
    fn with_anyhow(of_python: bool) -> Result<u8, wadup_guest::Error> {
        use anyhow::Context;
        let read = || -> anyhow::Result<u8> {
            if of_python {
                Ok(calls::anything("raise")?)
            } else {
                "x".parse::<u8>().context("the setting cannot be read")
            }
        };
        Ok(read()?)
    }

    /// Fails with an error that has causes of its own and one of Python.
    #[pyfunction]
    fn with_context() -> PyResult<u8> {
        #[derive(Debug)]
        struct Context(wadup_guest::Error);
        impl std::fmt::Display for Context {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("the number cannot be read")
            }
        }
        impl std::error::Error for Context {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        wadup_guest::catch(|| calls::anything("raise").map_err(Context))
    }
}

//! Reads the compiler's warnings about casts of function pointers out of a build's log.

use std::fs;
use std::path::Path;

use super::{Accepted, Finding, count_parameters, refuse, up_to_closing};
use crate::error::{FileContext, Result};

/// The flag with which every file is compiled. It tells of types that a machine tells apart, and not of
/// pointers to different things.
pub(in crate::extension) const WARNING: &str = "-Wcast-function-type-mismatch";

/// Fails if the log of a build holds a warning that is neither accepted nor about a method's own calling convention.
pub(in crate::extension) fn check_casts(log: &Path, accepted: &[Accepted]) -> Result<()> {
    let text = fs::read(log).on("read", log)?;
    let text = String::from_utf8_lossy(&text);
    refuse(text.lines().filter_map(finding).collect(), accepted, log)
}

/// "a.c:1:2: warning: cast from 'A' (aka 'B') to 'C' converts to incompatible function type [-W...]"
fn finding(line: &str) -> Option<Finding> {
    let (place, problem) = line.split_once(": warning: ")?;
    let problem = problem.strip_suffix(&format!(" [{WARNING}]"))?;
    if is_method_with_flags(problem) {
        return None;
    }
    let mut place = place.rsplitn(3, ':');
    let _column = place.next()?;
    let line = place.next()?.parse().ok()?;
    Some(Finding {
        file: place.next()?.to_owned(),
        line,
        problem: problem.to_owned(),
    })
}

/// Every method is kept as a `PyCFunction`; with `METH_KEYWORDS` or `METH_FASTCALL` CPython casts it back to the type
/// of three to five parameters before the call. Whether the flags are right is checked in the method tables.
fn is_method_with_flags(problem: &str) -> bool {
    let Some((from, to)) = problem
        .split_once("' to '")
        .or_else(|| problem.split_once(") to '"))
    else {
        return false;
    };
    to.starts_with("PyCFunction'")
        && from
            .split_once("(*)(")
            .and_then(|(_, parameters)| up_to_closing(parameters))
            .is_some_and(|parameters| (3..=5).contains(&count_parameters(parameters)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_of_one_parameter_is_found_with_its_place() {
        let found = finding(
            "../src/a.c:12:9: warning: cast from 'PyObject *(*)(PyObject *)' (aka 'struct _object *(*)(struct _object \
             *)') to 'PyCFunction' (aka 'struct _object *(*)(struct _object *, struct _object *)') converts to \
             incompatible function type [-Wcast-function-type-mismatch]",
        )
        .unwrap();

        assert_eq!((found.file.as_str(), found.line), ("../src/a.c", 12));
        assert!(
            found
                .problem
                .starts_with("cast from 'PyObject *(*)(PyObject *)'")
        );
    }

    #[test]
    fn a_method_that_takes_keywords_is_called_by_its_own_type() {
        let found = finding(
            "a.c:1:2: warning: cast from 'PyObject *(*)(PyObject *, PyObject *const *, Py_ssize_t)' (aka 'x (*)(y)') to \
             'PyCFunction' (aka 'z') converts to incompatible function type [-Wcast-function-type-mismatch]",
        );

        assert_eq!(found, None);
    }

    #[test]
    fn other_warnings_and_other_lines_are_none_of_this() {
        assert_eq!(
            finding("a.c:1:2: warning: unused variable 'x' [-Wunused-variable]"),
            None
        );
        assert_eq!(finding("[12/331] Compiling C object a.o"), None);
    }
}

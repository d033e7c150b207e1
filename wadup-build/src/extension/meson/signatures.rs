//! Finds functions that would be called through a pointer of another signature, in the warnings of the compiler.
//!
//! Other processors ignore an argument too many; WebAssembly traps (core specification, `call_indirect`), and the trap
//! ends the guest. Where such a function lies in a table that CPython reads, it gets an adapter (`extension/thunks`).
//! Other pointers are the package's own, and a recipe must patch the cast or say why it is harmless.

use std::fs;
use std::path::Path;

use crate::error::{Error, FileContext, Result};

/// The flag that every file is compiled with. It reports types that differ for a machine, and not
/// pointers to different types.
pub(super) const WARNING: &str = "-Wcast-function-type-mismatch";

/// The types of the functions in CPython's tables. (A `vectorcallfunc` mostly lies in an object.)
const IN_TABLES: [&str; 32] = [
    "PyCFunction",
    "allocfunc",
    "binaryfunc",
    "descrgetfunc",
    "descrsetfunc",
    "destructor",
    "freefunc",
    "getattrfunc",
    "getattrofunc",
    "getbufferproc",
    "getiterfunc",
    "getter",
    "hashfunc",
    "initproc",
    "inquiry",
    "iternextfunc",
    "lenfunc",
    "newfunc",
    "objobjargproc",
    "objobjproc",
    "releasebufferproc",
    "reprfunc",
    "richcmpfunc",
    "sendfunc",
    "setattrfunc",
    "setattrofunc",
    "setter",
    "ssizeargfunc",
    "ssizeobjargproc",
    "ternaryfunc",
    "traverseproc",
    "unaryfunc",
];

/// A finding that cannot trap.
pub(in crate::extension) struct Accepted {
    /// The end of the source file's path.
    pub(in crate::extension) file: &'static str,
    /// A part of the finding's text.
    pub(in crate::extension) text: &'static str,
    /// Why it cannot trap, for readers of the recipe.
    #[allow(dead_code, reason = "no program reads it, and no entry may lack it")]
    pub(in crate::extension) reason: &'static str,
}

/// One place in a source file, and what is wrong there.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    line: usize,
    problem: String,
}

impl Finding {
    /// "a.c:1:2: warning: cast from 'A' (aka 'B') to 'C' converts to incompatible function type [-W...]"
    fn of(line: &str) -> Option<Self> {
        let (place, problem) = line.split_once(": warning: ")?;
        let problem = problem.strip_suffix(&format!(" [{WARNING}]"))?;
        let mut place = place.rsplitn(3, ':');
        let _column = place.next()?;
        let line = place.next()?.parse().ok()?;
        Some(Self {
            file: place.next()?.to_owned(),
            line,
            problem: problem.to_owned(),
        })
    }

    /// Whether the cast is to the type of a function in one of CPython's tables.
    fn is_for_a_table(&self) -> bool {
        let target = self
            .problem
            .split_once("' to '")
            .or_else(|| self.problem.split_once(") to '"))
            .and_then(|(_, target)| target.split('\'').next());
        target.is_some_and(|target| IN_TABLES.contains(&target))
    }

    fn is_accepted(&self, accepted: &[Accepted]) -> bool {
        accepted
            .iter()
            .any(|known| self.file.ends_with(known.file) && self.problem.contains(known.text))
    }
}

/// Fails if the log of a build holds a warning that is neither accepted nor about a function in one of CPython's tables.
pub(super) fn check_casts(log: &Path, accepted: &[Accepted]) -> Result<()> {
    let text = fs::read(log).on("read", log)?;
    refuse(&String::from_utf8_lossy(&text), accepted, log)
}

fn refuse(log: &str, accepted: &[Accepted], origin: &Path) -> Result<()> {
    let mut findings: Vec<Finding> = log.lines().filter_map(Finding::of).collect();
    findings.retain(|finding| !finding.is_for_a_table() && !finding.is_accepted(accepted));
    findings.sort();
    findings.dedup();
    if findings.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = findings
        .iter()
        .map(|finding| format!("  {}:{}: {}", finding.file, finding.line, finding.problem))
        .collect();
    Err(Error::malformed(
        origin,
        format!(
            "calls through pointers of another signature trap on wasm, and the recipe has no patch for these:\n{}",
            list.join("\n")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TO_ITS_OWN: &str = "../src/b.c:3:9: warning: cast from 'void (*)(int)' to 'Loop *' (aka 'int (*)(void)') \
        converts to incompatible function type [-Wcast-function-type-mismatch]";

    #[test]
    fn a_cast_to_a_type_of_the_package_is_rejected_with_its_location() {
        let error = refuse(TO_ITS_OWN, &[], Path::new("log")).unwrap_err();

        assert!(
            error
                .to_string()
                .contains("  ../src/b.c:3: cast from 'void (*)(int)' to 'Loop *'"),
            "{error}"
        );
    }

    #[test]
    fn a_cast_that_is_known_to_be_harmless_is_accepted() {
        let accepted = [Accepted {
            file: "src/b.c",
            text: "'Loop *'",
            reason: "it is never called",
        }];

        refuse(TO_ITS_OWN, &accepted, Path::new("log")).unwrap();
    }

    #[test]
    fn a_cast_to_a_type_of_cpython_is_left_to_the_tables() {
        for cast in [
            "cast from 'PyObject *(*)(PyObject *)' (aka 'struct _object *(*)(struct _object *)') to 'PyCFunction' (aka \
             'struct _object *(*)(struct _object *, struct _object *)')",
            "cast from 'void (*)(Thing *)' to 'inquiry' (aka 'int (*)(struct _object *)')",
        ] {
            let line = format!(
                "a.c:12:9: warning: {cast} converts to incompatible function type [{WARNING}]"
            );

            refuse(&line, &[], Path::new("log")).unwrap();
        }
    }

    #[test]
    fn other_warnings_and_lines_are_ignored() {
        for line in [
            "a.c:1:2: warning: unused variable 'x' [-Wunused-variable]",
            "[12/331] Compiling C object a.o",
        ] {
            assert_eq!(Finding::of(line), None);
        }
    }
}

//! Finds functions that would be called through a pointer of another signature.
//!
//! Other processors ignore an argument too many; WebAssembly traps (core specification, `call_indirect`), and the trap
//! ends the guest. CPython's trampoline for such calls exists on Emscripten alone. Two checks see nearly all of it:
//! the compiler's warning about casts, and a comparison of the flags in method tables with what the functions take.

mod casts;
mod methods;

use std::path::Path;

pub(in crate::extension) use casts::{WARNING, check_casts};
pub(in crate::extension) use methods::check_method_tables;

use crate::error::{Error, Result};

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
    fn is_accepted(&self, accepted: &[Accepted]) -> bool {
        accepted
            .iter()
            .any(|known| self.file.ends_with(known.file) && self.problem.contains(known.text))
    }
}

fn refuse(mut findings: Vec<Finding>, accepted: &[Accepted], origin: &Path) -> Result<()> {
    findings.retain(|finding| !finding.is_accepted(accepted));
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

/// The parts of a list between commas, where brackets of any kind keep their content together.
fn split_list(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (index, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(text[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// How many parameters a C parameter list has.
fn count_parameters(list: &str) -> usize {
    match list.trim() {
        "" | "void" => 0,
        list => split_list(list).len(),
    }
}

/// The text up to the bracket that closes the one before `text`.
fn up_to_closing(text: &str) -> Option<&str> {
    let mut depth = 1usize;
    for (index, letter) in text.char_indices() {
        match letter {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&text[..index]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_as_c_does() {
        assert_eq!(count_parameters(""), 0);
        assert_eq!(count_parameters(" void "), 0);
        assert_eq!(count_parameters("PyObject *self, int (*f)(int, int)"), 2);
    }

    #[test]
    fn an_accepted_finding_is_no_error_and_any_other_is() {
        let finding = |file: &str| Finding {
            file: file.into(),
            line: 3,
            problem: "cast from 'void (*)(void)' to 'int (*)(void)'".into(),
        };
        let accepted = [Accepted {
            file: "src/a.c",
            text: "'void (*)(void)'",
            reason: "it is never called",
        }];

        assert!(refuse(vec![finding("../src/a.c")], &accepted, Path::new("x")).is_ok());
        let error = refuse(vec![finding("../src/b.c")], &accepted, Path::new("x"));
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("../src/b.c:3: cast")
        );
    }
}

//! Compares the flags of every entry of a `PyMethodDef` table with the parameters of the function that it names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Accepted, Finding, count_parameters, refuse, split_list, up_to_closing};
use crate::error::{FileContext, Result};
use crate::tree;

/// Fails if a method of the C sources below `tree` takes another number of arguments than CPython hands it.
///
/// Entries whose function is made by a macro or a template are not understood, and passed over.
pub(in crate::extension) fn check_method_tables(tree: &Path, accepted: &[Accepted]) -> Result<()> {
    let mut sources = Vec::new();
    for file in tree::files(tree)?
        .into_iter()
        .filter(|file| is_source(file))
    {
        let path = tree.join(&file);
        let text = fs::read(&path).on("read", &path)?;
        sources.push((file, String::from_utf8_lossy(&text).into_owned()));
    }
    refuse(findings(&sources), accepted, tree)
}

fn is_source(file: &str) -> bool {
    [".c", ".cpp", ".c.src", ".h"]
        .iter()
        .any(|ending| file.ends_with(ending))
}

/// The findings in sources, each with its name.
fn findings(sources: &[(String, String)]) -> Vec<Finding> {
    let definitions: Vec<Definitions<'_>> =
        sources.iter().map(|(_, text)| definitions(text)).collect();
    let elsewhere = of_all(&definitions);
    let mut found = Vec::new();
    for ((file, text), here) in sources.iter().zip(&definitions) {
        for entry in entries(text) {
            let takes = here.get(entry.function).copied();
            let takes = takes.or_else(|| *elsewhere.get(entry.function)?);
            if let (Some(takes), Some(gets)) = (takes, entry.arguments())
                && takes != gets
            {
                found.push(Finding {
                    file: file.clone(),
                    line: text[..entry.place].matches('\n').count() + 1,
                    problem: format!(
                        "`{}` takes {takes} parameters, and with {} it is called with {gets}",
                        entry.function, entry.flags
                    ),
                });
            }
        }
    }
    found
}

/// The number of parameters of each function that is defined.
type Definitions<'a> = BTreeMap<&'a str, usize>;

/// The same for many files; none for a name that has different numbers in two of them.
fn of_all<'a>(files: &[Definitions<'a>]) -> BTreeMap<&'a str, Option<usize>> {
    let mut all = BTreeMap::new();
    for (name, count) in files.iter().flatten() {
        all.entry(*name)
            .and_modify(|known| {
                if *known != Some(*count) {
                    *known = None;
                }
            })
            .or_insert(Some(*count));
    }
    all
}

/// An entry of a table: `{"name", (PyCFunction)function, METH_VARARGS, "documentation"}`.
struct Entry<'a> {
    place: usize,
    function: &'a str,
    flags: &'a str,
}

impl Entry<'_> {
    /// How many arguments CPython hands a method with these flags (C API, "Common Object Structures").
    fn arguments(&self) -> Option<usize> {
        let mut flags: Vec<&str> = self.flags.split('|').map(str::trim).collect();
        // These change what is handed over as self, and not how many there are.
        flags.retain(|flag| !["METH_CLASS", "METH_STATIC", "METH_COEXIST"].contains(flag));
        flags.sort_unstable();
        match flags[..] {
            ["METH_NOARGS"] | ["METH_O"] | ["METH_VARARGS"] => Some(2),
            ["METH_KEYWORDS", "METH_VARARGS"] | ["METH_FASTCALL"] => Some(3),
            ["METH_FASTCALL", "METH_KEYWORDS"] => Some(4),
            ["METH_FASTCALL", "METH_KEYWORDS", "METH_METHOD"] => Some(5),
            _ => None,
        }
    }
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    for (place, _) in text.match_indices("METH_") {
        let Some(start) = text[..place].rfind('{') else {
            continue;
        };
        // Flags joined by `|` lie in one entry.
        if found.last().is_some_and(|entry| entry.place == start) {
            continue;
        }
        let Some(content) = up_to_closing(&text[start + 1..]) else {
            continue;
        };
        let [name, function, flags, ..] = split_list(content)[..] else {
            continue;
        };
        // A template's placeholder stands between `@`.
        if function.contains('@') {
            continue;
        }
        let function = function.trim_end_matches([')', ' ', '\n']);
        let function = &function[last_word(function)..];
        if name.starts_with('"') && !function.is_empty() {
            found.push(Entry {
                place: start,
                function,
                flags,
            });
        }
    }
    found
}

/// The parameters of every function that is defined in a file, counted.
fn definitions(text: &str) -> Definitions<'_> {
    let mut found = BTreeMap::new();
    for (bracket, _) in text.match_indices('(') {
        let before = text[..bracket].trim_end();
        let name = &before[last_word(before)..];
        let Some(parameters) = up_to_closing(&text[bracket + 1..]) else {
            continue;
        };
        let after = &text[bracket + 1 + parameters.len() + 1..];
        if !name.is_empty() && after.trim_start().starts_with('{') {
            found.insert(name, count_parameters(parameters));
        }
    }
    found
}

/// Where the last word of a text begins.
fn last_word(text: &str) -> usize {
    text.rfind(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric())
        .map_or(0, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
static PyObject *
one(PyObject *self)
{
    return self;
}

static PyObject *two(PyObject *self, PyObject *args) { if (one(self)) { return args; } return self; }

static PyMethodDef methods[] = {
    {"right", (PyCFunction)two, METH_NOARGS, "It takes two."},
    {"class", two, METH_VARARGS | METH_CLASS, NULL},
    {"short", (PyCFunction)one,
        METH_NOARGS, NULL},
    {"long", (PyCFunction)(void (*)(void))two, METH_VARARGS | METH_KEYWORDS, NULL},
    {"@name@", (PyCFunction)array_@name@, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL}
};
"#;

    fn problems(sources: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<(String, String)> = sources
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
            .collect();
        findings(&sources)
            .into_iter()
            .map(|finding| format!("{}:{}: {}", finding.file, finding.line, finding.problem))
            .collect()
    }

    #[test]
    fn a_method_with_another_number_of_parameters_is_found() {
        assert_eq!(
            problems(&[("a.c", SOURCE)]),
            [
                "a.c:13: `one` takes 1 parameters, and with METH_NOARGS it is called with 2",
                "a.c:15: `two` takes 2 parameters, and with METH_VARARGS | METH_KEYWORDS it is called with 3",
            ]
        );
    }

    #[test]
    fn a_method_may_be_defined_in_another_file_unless_two_define_it_differently() {
        let table = "{\"name\", (PyCFunction)far, METH_NOARGS, NULL},";

        let found = problems(&[("a.c", table), ("b.c", "int far(void) {}")]);
        let unclear = problems(&[
            ("a.c", table),
            ("b.c", "int far(void) {}"),
            ("c.c", "int far(int x, int y) {}"),
        ]);

        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(unclear, [""; 0]);
    }
}

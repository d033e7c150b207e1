//! Where a guest begins: its entry, and what comes before a snapshot is written out.

use proc_macro2::Span;
use syn::{Error, Result};
use wadup_contract::index::Index;

use super::python_name::PythonNames;
use super::{Export, Passing};
use crate::errors::Errors;
use crate::signature::Function;
use crate::target::{Entry, Target};

/// The function that is called if the entry is a module.
const MAIN: &str = "main";

/// The entry: the one of the macro, else that of pyproject.toml.
pub(super) fn check(entry: Option<Entry>, names: &PythonNames<'_>) -> Result<Entry> {
    if let Some(entry) = entry {
        return check_parsed(&entry, names).map(|()| entry);
    }
    let span = Span::call_site();
    let Some(text) = &names.index.entry else {
        let message = "this guest has no entry\n\
                       help: name the function that it runs: `entry: \"module:function\"` here, or \
                       `entry-point = \"module:function\"` under [tool.wadup] in pyproject.toml";
        return Err(Error::new(span, message));
    };
    let entry = Entry::parse(text, span).and_then(|entry| {
        check_parsed(&entry, names)?;
        Ok(entry)
    });
    entry.map_err(|error| in_pyproject("entry-point", &error))
}

fn check_parsed(entry: &Entry, names: &PythonNames<'_>) -> Result<()> {
    let (module, span) = match entry {
        Entry::Function(target) => return names.check_target(target),
        Entry::Module { module, span } => (module, *span),
    };
    let Err(error) = names.find_module(module, span) else {
        return Ok(());
    };
    // `users.main` for `users:main` is the likeliest slip, and no module has a name near to it.
    let meant = module.rsplit_once('.').and_then(|(package, function)| {
        let known = names.index.modules.as_ref()?.get(package)?;
        let defines = known.names.iter().any(|name| name == function);
        defines.then(|| {
            format!(
                "the bundle does not have a Python module `{module}`\nhelp: did you mean `{package}:{function}`?"
            )
        })
    });
    Err(meant.map_or(error, |message| Error::new(span, message)))
}

/// The function that runs before a snapshot is written out, if pyproject.toml names one.
pub(super) fn check_snapshot_init(names: &PythonNames<'_>) -> Result<Option<Target>> {
    let text = names.index.snapshot.init.as_ref();
    text.map(|text| {
        let target = Target::parse(text, Span::call_site()).and_then(|target| {
            names.check_target(&target)?;
            Ok(target)
        });
        target.map_err(|error| in_pyproject("snapshot-init", &error))
    })
    .transpose()
}

/// Checks the modules that pyproject.toml wants imported before a snapshot is written out.
pub(super) fn check_preload(names: &PythonNames<'_>, errors: &mut Errors) {
    for module in &names.index.snapshot.preload {
        let checked = names.find_module(module, Span::call_site());
        errors.keep(checked.map_err(|error| in_pyproject("preload", &error)));
    }
}

/// The modules to import before a snapshot is written out, each once.
pub(super) fn snapshot_imports(
    entry: &Entry,
    exports: &[Export],
    functions: &[(Function, Vec<Passing>)],
    index: &Index,
) -> Vec<String> {
    let of_entry = is_prepared_by_import(entry, index).then(|| entry.module());
    let of_exports = exports.iter().map(|export| export.target.module.as_str());
    let of_functions = functions
        .iter()
        .map(|(function, _)| function.target.module.as_str());
    let preloaded = index.snapshot.preload.iter().map(String::as_str);
    let mut imports: Vec<String> = Vec::new();
    for module in of_entry
        .into_iter()
        .chain(of_exports)
        .chain(of_functions)
        .chain(preloaded)
    {
        if !imports.iter().any(|import| import == module) {
            imports.push(module.to_owned());
        }
    }
    imports
}

/// Whether importing the module of the entry only prepares the work. For a module without `main` the import is the work, and a
/// snapshot would do it before there is an input.
fn is_prepared_by_import(entry: &Entry, index: &Index) -> bool {
    match entry {
        Entry::Function(_) => true,
        Entry::Module { module, .. } => index
            .modules
            .as_ref()
            .and_then(|modules| modules.get(module))
            .is_some_and(|found| found.names.iter().any(|name| name == MAIN)),
    }
}

fn in_pyproject(key: &str, error: &Error) -> Error {
    Error::new(
        error.span(),
        format!("`{key}` under [tool.wadup] in pyproject.toml: {error}"),
    )
}

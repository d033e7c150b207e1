//! The part of the standard library in guests.

use std::fs;
use std::path::Path;

use crate::error::{FileContext, Result};

/// Packages that are not part of the library, and the text of `help("if")`, which is large.
const LEFT_OUT: [&str; 6] = [
    "__phello__",
    "_pyrepl",
    "idlelib",
    "pydoc_data",
    "site-packages",
    "test",
];

/// Files of those packages that other modules import: `pydoc` uses them as its pager.
const IMPORTED: [&str; 3] = [
    "_pyrepl/__init__.py",
    "_pyrepl/pager.py",
    "pydoc_data/__init__.py",
];

/// Modules that no guest has, and why. Importing one raises an error with this reason.
const ABSENT: [(&str, &str); 12] = [
    ("_curses", NO_TERMINAL),
    ("_curses_panel", NO_TERMINAL),
    ("_dbm", NO_DBM),
    ("_gdbm", NO_DBM),
    ("_tkinter", NO_DISPLAY),
    ("_uuid", "a guest has no libuuid, and `uuid` does without"),
    ("curses", NO_TERMINAL),
    ("idlelib", NO_DISPLAY),
    (
        "readline",
        "a guest has no terminal on which lines are edited",
    ),
    ("tkinter", NO_DISPLAY),
    ("turtle", NO_DISPLAY),
    ("turtledemo", NO_DISPLAY),
];

const NO_TERMINAL: &str = "a guest controls no terminal";
const NO_DISPLAY: &str = "a guest has no display";
const NO_DBM: &str = "a guest has no ndbm or GDBM; `dbm.sqlite3` and `dbm.dumb` need neither";

/// Identifies the selection of files, for the inputs of the recipe.
pub(super) fn identity() -> String {
    format!(
        "{} but {}, absent {}",
        LEFT_OUT.join(" "),
        IMPORTED.join(" "),
        ABSENT
            .map(|(name, reason)| format!("{name}: {reason}"))
            .join(" ")
    )
}

/// Writes the modules that say why they are absent.
pub(super) fn write_absent(library: &Path) -> Result<()> {
    ABSENT.iter().try_for_each(|(name, reason)| {
        let file = library.join(format!("{name}.py"));
        fs::write(&file, raising(name, reason)).on("write", &file)
    })
}

/// A module whose import fails. The error is the one of a missing module, which is what code expects that does without.
fn raising(name: &str, reason: &str) -> String {
    format!("raise ModuleNotFoundError(\"No module named '{name}': {reason}\", name=\"{name}\")\n")
}

/// Whether a file of `Lib` goes into the guest.
pub(super) fn is_kept(file: &str) -> bool {
    if IMPORTED.contains(&file) {
        return true;
    }
    let absent = ABSENT.iter().map(|(name, _)| name);
    let left_out = LEFT_OUT.iter().chain(absent).any(|part| {
        file.strip_prefix(part)
            .is_some_and(|rest| rest.starts_with('/') || rest == ".py")
    });
    !left_out && file != "__hello__.py" && file.ends_with(".py")
}

/// Copies the module with the build configuration, which `sysconfig` and so `zoneinfo` import, without paths of the
/// build machine.
pub(super) fn write_sysconfig(
    from: &Path,
    library: &Path,
    private_paths: &[(String, &'static str)],
) -> Result<()> {
    let mut text = fs::read_to_string(from).on("read", from)?;
    for (path, stands_for) in private_paths {
        text = text.replace(path, stands_for);
    }
    let to = library.join(from.file_name().unwrap_or_default());
    fs::write(&to, text).on("write", &to)
}

/// Converts the inittab that makesetup writes (`Modules/config.c`) to lines with a module's name and its init function.
/// `NULL` marks modules that the interpreter creates itself.
pub(super) fn builtin_modules(table: &str) -> String {
    table
        .lines()
        .filter_map(|line| line.trim().strip_prefix("{\"")?.split_once('"'))
        .map(|(name, rest)| {
            let function = rest.trim_matches([',', '}', ' ']);
            format!("{name} {function}\n")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_graphical_modules_are_left_out() {
        for file in [
            "os.py",
            "json/decoder.py",
            "xml/etree/ElementTree.py",
            "testing.py",
            "_pyrepl/pager.py",
            "venv/__init__.py",
        ] {
            assert!(is_kept(file), "{file}");
        }
        for file in [
            "test/test_os.py",
            "idlelib/idle.py",
            "turtle.py",
            "_pyrepl/unix_console.py",
            "ensurepip/_bundled/pip.whl",
        ] {
            assert!(!is_kept(file), "{file}");
        }
    }

    #[test]
    fn absent_modules_say_why() {
        let folder = tempfile::tempdir().unwrap();

        write_absent(folder.path()).unwrap();

        let text = fs::read_to_string(folder.path().join("readline.py")).unwrap();
        assert_eq!(
            text,
            "raise ModuleNotFoundError(\"No module named 'readline': a guest has no terminal on which lines are edited\", \
             name=\"readline\")\n"
        );
        assert!(!is_kept("curses/ascii.py"));
    }

    #[test]
    fn built_in_modules_are_parsed_from_the_inittab() {
        let table = "struct _inittab _PyImport_Inittab[] = {\n    {\"zlib\", PyInit_zlib},\n\n\
                     /* Sentinel */\n    {\"sys\", NULL},\n    {0, 0}\n};";

        assert_eq!(builtin_modules(table), "zlib PyInit_zlib\nsys NULL\n");
    }

    #[test]
    fn sysconfig_contains_no_paths_of_the_build_machine() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("_sysconfigdata__wasi_wasm32-wasi.py");
        fs::write(&from, "build_time_vars = {'srcdir': '/home/me/build/x'}").unwrap();
        let library = folder.path().join("stdlib");
        fs::create_dir(&library).unwrap();

        write_sysconfig(
            &from,
            &library,
            &[("/home/me/build".into(), "/wadup/build")],
        )
        .unwrap();

        let text = fs::read_to_string(library.join(from.file_name().unwrap())).unwrap();
        assert_eq!(text, "build_time_vars = {'srcdir': '/wadup/build/x'}");
    }
}

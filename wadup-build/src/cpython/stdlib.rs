//! The part of the standard library in guests.

use std::fs;
use std::path::Path;

use crate::error::{FileContext, Result};

/// Packages that need what WASI lacks (a display, a terminal, processes), or that are not libraries.
const LEFT_OUT: [&str; 11] = [
    "__phello__",
    "_pyrepl",
    "curses",
    "ensurepip",
    "idlelib",
    "pydoc_data",
    "site-packages",
    "test",
    "tkinter",
    "turtledemo",
    "venv",
];

/// Files of those packages that other modules import: `pydoc` uses them as its pager.
const IMPORTED: [&str; 2] = ["_pyrepl/__init__.py", "_pyrepl/pager.py"];

/// Identifies the selection of files, for the inputs of the recipe.
pub(super) fn identity() -> String {
    format!("{} but {}", LEFT_OUT.join(" "), IMPORTED.join(" "))
}

/// Whether a file of `Lib` goes into the guest.
pub(super) fn is_kept(file: &str) -> bool {
    if IMPORTED.contains(&file) {
        return true;
    }
    let left_out = LEFT_OUT.iter().any(|part| {
        file.strip_prefix(part)
            .is_some_and(|rest| rest.starts_with('/'))
    });
    let single = ["__hello__.py", "antigravity.py", "turtle.py"].contains(&file);
    !left_out && !single && file.ends_with(".py")
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

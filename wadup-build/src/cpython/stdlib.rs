//! Which part of the standard library a guest carries.

use std::fs;
use std::path::Path;

use crate::error::{FileContext, Result};

/// Parts that need what WASI has not (a display, a terminal, another process), or that are no library.
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

/// Of those parts, what other modules import: `pydoc` pages its texts with it.
const IMPORTED: [&str; 2] = ["_pyrepl/__init__.py", "_pyrepl/pager.py"];

/// What decides which files of `Lib` are kept.
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

/// Copies the build's configuration module, which `sysconfig` and so `zoneinfo` import,
/// without the paths of the machine it was built on.
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

/// The table of built-in modules that makesetup writes (`Modules/config.c`), as lines of a module's name
/// and the function that makes it; `NULL` are those that the interpreter makes by itself.
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
    fn the_library_stays_and_the_tests_and_windows_of_it_go() {
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
    fn the_built_in_modules_are_read_from_the_interpreters_own_table() {
        let table = "struct _inittab _PyImport_Inittab[] = {\n    {\"zlib\", PyInit_zlib},\n\n\
                     /* Sentinel */\n    {\"sys\", NULL},\n    {0, 0}\n};";

        assert_eq!(builtin_modules(table), "zlib PyInit_zlib\nsys NULL\n");
    }

    #[test]
    fn no_path_of_the_build_machine_reaches_the_guest() {
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

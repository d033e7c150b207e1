//! Makes installed packages reproducible on every machine.

use std::fs;
use std::path::Path;

use crate::error::{Error, FileContext, Result};
use crate::store::code;
use crate::tree;

/// The code that decides the bytes of a tidied folder.
pub(crate) const CODE: &[&str] = code!["dist_info.rs"];

/// The files of a dist-info folder that depend on the machine, the request or the installer's cache.
const PRIVATE: [&str; 4] = [
    "REQUESTED",
    "direct_url.json",
    "uv_build.json",
    "uv_cache.json",
];

/// Suffixes of files with machine code.
const NATIVE: [&str; 5] = [".so", ".pyd", ".dylib", ".dll", ".a"];

/// Removes files that guests do not need or that depend on the machine.
pub(super) fn tidy(folder: &Path) -> Result<()> {
    drop_files(folder, &is_dropped)
}

/// Removes files of an installed package. Their lines in its RECORD stay: the bundle writes another for the guest.
pub(crate) fn drop_files(folder: &Path, is_dropped: &dyn Fn(&str) -> bool) -> Result<()> {
    for file in tree::files(folder)? {
        if is_dropped(&file) {
            let path = folder.join(&file);
            fs::remove_file(&path).on("remove", &path)?;
        }
    }
    Ok(())
}

/// Whether a guest does not need an installed file, or the file depends on the machine.
pub(crate) fn is_dropped(file: &str) -> bool {
    let private = file
        .split_once(".dist-info/")
        .is_some_and(|(_, name)| PRIVATE.contains(&name));
    // The installer's lock, scripts for this machine's Python, and its bytecode.
    private || file == ".lock" || file.starts_with("bin/") || file.contains("__pycache__/")
}

/// The first file with machine code.
pub(super) fn native_file(folder: &Path) -> Result<Option<String>> {
    let files = tree::files(folder)?;
    Ok(files
        .into_iter()
        .find(|file| NATIVE.iter().any(|suffix| file.ends_with(suffix))))
}

/// Whether the metadata of an installed package says that it runs on every platform.
pub(super) fn is_pure(folder: &Path) -> Result<bool> {
    let tags = fields(folder, "WHEEL", "Tag: ")?;
    Ok(tags.iter().all(|tag| tag.ends_with("-none-any")))
}

/// The version of an installed package.
pub(super) fn version(folder: &Path) -> Result<Option<String>> {
    Ok(fields(folder, "METADATA", "Version: ")?.into_iter().next())
}

/// The values of `key` in a file of the only dist-info folder.
fn fields(folder: &Path, name: &str, key: &str) -> Result<Vec<String>> {
    let files = tree::files(folder)?;
    let file = files
        .iter()
        .find(|file| file.ends_with(&format!(".dist-info/{name}")))
        .ok_or_else(|| Error::malformed(folder, format!("the built package has no {name} file")))?;
    let path = folder.join(file);
    let text = fs::read_to_string(&path).on("read", &path)?;
    // The body after the headers of METADATA is free text.
    let headers = text.lines().take_while(|line| !line.is_empty());
    Ok(headers
        .filter_map(|line| line.strip_prefix(key))
        .map(|value| value.trim().to_owned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn what_depends_on_the_machine_is_removed() {
        let folder = folder_of(&[
            ("bin/tqdm", "#!/home/me/python"),
            (".lock", ""),
            ("tqdm/__init__.py", ""),
            ("tqdm-4.dist-info/REQUESTED", ""),
            ("tqdm-4.dist-info/uv_build.json", "{}"),
            ("tqdm-4.dist-info/METADATA", "Name: tqdm"),
            ("tqdm-4.dist-info/RECORD", "tqdm/__init__.py,sha256=b,2\n"),
        ]);

        tidy(folder.path()).unwrap();

        assert_eq!(
            tree::files(folder.path()).unwrap(),
            [
                "tqdm-4.dist-info/METADATA",
                "tqdm-4.dist-info/RECORD",
                "tqdm/__init__.py"
            ]
        );
    }

    #[test]
    fn machine_code_is_found_wherever_it_lies() {
        let pure = folder_of(&[("x/__init__.py", ""), ("x/data.also", "")]);
        let native = folder_of(&[("x/__init__.py", ""), ("x/deep/_fast.cpython-313.so", "")]);

        assert_eq!(native_file(pure.path()).unwrap(), None);
        assert_eq!(
            native_file(native.path()).unwrap().as_deref(),
            Some("x/deep/_fast.cpython-313.so")
        );
    }

    #[test]
    fn a_built_package_says_its_version_and_whether_it_is_pure() {
        let wheel = "Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n";
        let metadata = "Name: x\nVersion: 0.6.2\n\nVersion: none, this is text\n";
        let pure = folder_of(&[
            ("x-0.6.2.dist-info/WHEEL", wheel),
            ("x-0.6.2.dist-info/METADATA", metadata),
        ]);
        let native = folder_of(&[(
            "x-1.dist-info/WHEEL",
            "Tag: py3-none-any\nTag: cp313-cp313-linux_x86_64\n",
        )]);

        assert!(is_pure(pure.path()).unwrap());
        assert_eq!(version(pure.path()).unwrap().as_deref(), Some("0.6.2"));
        assert!(!is_pure(native.path()).unwrap());
    }
}

//! Writes the RECORD of each package of a tree, which lists its files, as the guest has them: bytecode instead of sources,
//! and without the files that were left out.
//!
//! Source: "Recording installed projects", packaging.python.org. As in RECORD files of pip, bytecode has no hash and no
//! size.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::archive::Entry;
use crate::error::{FileContext, Result};

/// An entry of the zip.
pub(super) struct Shipped {
    /// The file of the tree that it is or was compiled from.
    pub(super) source: String,
    pub(super) entry: Entry,
}

/// The entries of a tree, each package with a RECORD of its files among them.
///
/// A file belongs to the package whose RECORD in the tree lists it. A tree with one package belongs to it whole, since a
/// native package's tree has files that its wheel does not have.
pub(super) fn renewed(shipped: Vec<Shipped>, prefix: &str, scratch: &Path) -> Result<Vec<Entry>> {
    let packages: BTreeSet<String> = shipped
        .iter()
        .filter_map(|file| file.source.strip_suffix(".dist-info/METADATA"))
        .filter(|package| !package.contains('/'))
        .map(str::to_owned)
        .collect();
    let mut entries = Vec::new();
    for package in &packages {
        let record = format!("{package}.dist-info/RECORD");
        let old = shipped.iter().find(|file| file.source == record);
        let old = match old {
            Some(file) => fs::read_to_string(&file.entry.path).on("read", &file.entry.path)?,
            None => String::new(),
        };
        let lines: BTreeMap<String, &str> = old.lines().map(|line| (path(line), line)).collect();
        let is_alone = packages.len() == 1;
        let mut names: Vec<(&str, Option<&str>)> = shipped
            .iter()
            .filter(|file| file.source != record)
            .filter(|file| is_alone || lines.contains_key(&file.source))
            .map(|file| {
                let name = below(&file.entry.name, prefix);
                (name, lines.get(name).copied())
            })
            .collect();
        names.push((&record, None));
        names.sort_unstable();
        let text = names.into_iter().fold(String::new(), |text, (name, line)| {
            let new = || format!("{},,", quoted(name));
            text + &line.map_or_else(new, str::to_owned) + "\n"
        });
        let path = scratch.join(format!("{package}.RECORD"));
        fs::write(&path, text).on("write", &path)?;
        let name = format!("{prefix}/{record}");
        entries.push(Entry { name, path });
    }
    let is_renewed = |file: &Shipped| {
        let package = file.source.strip_suffix(".dist-info/RECORD");
        package.is_some_and(|package| packages.contains(package))
    };
    let kept = shipped.into_iter().filter(|file| !is_renewed(file));
    entries.extend(kept.map(|file| file.entry));
    Ok(entries)
}

/// The name of an entry as RECORD has it, relative to the folder of packages.
fn below<'a>(name: &'a str, prefix: &str) -> &'a str {
    let below = name.strip_prefix(prefix);
    below
        .and_then(|name| name.strip_prefix('/'))
        .unwrap_or(name)
}

/// The path in a line: the first field of CSV, in quotes where it contains a comma or a quote.
fn path(line: &str) -> String {
    let Some(quoted) = line.strip_prefix('"') else {
        let path = line.split(',').next();
        return path.unwrap_or(line).to_owned();
    };
    let mut path = String::new();
    let mut characters = quoted.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '"' && characters.next_if_eq(&'"').is_none() {
            break;
        }
        path.push(character);
    }
    path
}

fn quoted(path: &str) -> String {
    if path.contains([',', '"']) {
        format!("\"{}\"", path.replace('"', "\"\""))
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The RECORDs of a tree, of which the files with a `.py` are compiled.
    fn records(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let shipped = files.iter().enumerate().map(|(number, (source, text))| {
            let path = folder.path().join(number.to_string());
            fs::write(&path, text).unwrap();
            let name = match source.strip_suffix(".py") {
                Some(stem) => format!("site/{stem}.pyc"),
                None => format!("site/{source}"),
            };
            Shipped {
                source: (*source).to_owned(),
                entry: Entry { name, path },
            }
        });
        let entries = renewed(shipped.collect(), "site", folder.path()).unwrap();
        let names: BTreeSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names.len(), entries.len(), "{names:?}");
        let records = entries
            .iter()
            .filter(|entry| entry.name.ends_with("/RECORD"));
        records
            .map(|entry| (entry.name.clone(), fs::read_to_string(&entry.path).unwrap()))
            .collect()
    }

    #[test]
    fn each_package_of_a_tree_lists_what_the_guest_has_of_it() {
        let records = records(&[
            ("x-1.dist-info/METADATA", "Name: x"),
            (
                "x-1.dist-info/RECORD",
                "../../bin/x,sha256=d,4\nx-1.dist-info/METADATA,sha256=c,3\nx-1.dist-info/RECORD,,\n\
                 x/__init__.py,sha256=a,1\nx/data.txt,sha256=b,2\n",
            ),
            ("x/__init__.py", ""),
            ("x/data.txt", ""),
            ("x/left.behind", ""),
            ("y-2.dist-info/METADATA", "Name: y"),
            ("y-2.dist-info/RECORD", "y.py,sha256=e,5\n"),
            ("y.py", ""),
        ]);

        let expected = [
            (
                "site/x-1.dist-info/RECORD",
                "x-1.dist-info/METADATA,sha256=c,3\nx-1.dist-info/RECORD,,\nx/__init__.pyc,,\nx/data.txt,sha256=b,2\n",
            ),
            (
                "site/y-2.dist-info/RECORD",
                "y-2.dist-info/RECORD,,\ny.pyc,,\n",
            ),
        ];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(records, expected);
    }

    #[test]
    fn the_only_package_of_a_tree_has_all_of_its_files() {
        let records = records(&[
            ("x-1.dist-info/METADATA", "Name: x"),
            ("x/__init__.py", ""),
            ("x/a,b.txt", ""),
        ]);

        let expected =
            "\"x/a,b.txt\",,\nx-1.dist-info/METADATA,,\nx-1.dist-info/RECORD,,\nx/__init__.pyc,,\n";
        let sorted = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(sorted(&records[0].1), sorted(expected));
    }

    #[test]
    fn paths_are_quoted_as_in_csv() {
        for (path_of_file, in_line) in [("x,y", "\"x,y\""), ("x\"y", "\"x\"\"y\""), ("x", "x")] {
            assert_eq!(quoted(path_of_file), in_line);
            assert_eq!(path(&format!("{in_line},sha256=a,1")), path_of_file);
        }
    }

    #[test]
    fn trees_without_packages_stay_as_they_are() {
        assert!(records(&[("os.py", ""), ("vendored/x-1.dist-info/METADATA", "")]).is_empty());
    }
}

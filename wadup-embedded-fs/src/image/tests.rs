//! How paths are found in the tree of a zip, and which trees are refused.

use super::*;
use crate::samples;

const FILES: &[(&str, &str)] = &[
    ("app/users/__init__.py", "users"),
    ("app/users/data/table.csv", "1,2"),
    ("app/users-old.py", "old"),
    ("lib/os.py", "os"),
    ("top.txt", "top"),
];

fn found(path: &str) -> Result<String, AccessError> {
    found_from("", path)
}

/// The contents of the file at `path`, or the names in the directory.
fn found_from(base: &str, path: &str) -> Result<String, AccessError> {
    let zip = samples::deflated(FILES);
    let image = Image::parse(&zip).unwrap();
    let base = if base.is_empty() {
        Node::ROOT
    } else {
        image.lookup(Node::ROOT, base).unwrap()
    };
    let node = image.lookup(base, path)?;
    Ok(match image.kind(node) {
        Kind::File => String::from_utf8(image.read(node).unwrap().into_owned()).unwrap(),
        Kind::Directory => image
            .entries(node)
            .map(|entry| entry.name)
            .collect::<Vec<_>>()
            .join(" "),
    })
}

fn refusal(names: &[&str]) -> ImageError {
    let files: Vec<_> = names.iter().map(|name| (*name, "")).collect();
    Image::parse(&samples::stored(&files)).err().unwrap()
}

#[test]
fn directories_are_implied_by_names() {
    assert_eq!(found("."), Ok("app lib top.txt".into()));
    assert_eq!(found("app"), Ok("users users-old.py".into()));
    assert_eq!(found("app/users"), Ok("__init__.py data".into()));
    assert_eq!(found("app/users/data"), Ok("table.csv".into()));
}

#[test]
fn entries_need_no_order() {
    let mut files = FILES.to_vec();
    files.reverse();
    let zip = samples::stored(&files);
    let image = Image::parse(&zip).unwrap();
    for (path, text) in FILES {
        let node = image.lookup(Node::ROOT, path).unwrap();
        assert_eq!(*image.read(node).unwrap(), *text.as_bytes());
    }
}

#[test]
fn entries_of_directories_are_welcome_but_not_needed() {
    let zip = samples::stored(&[("empty/", ""), ("a/b", "x"), ("a/", "")]);
    let image = Image::parse(&zip).unwrap();
    let names = |path| {
        let node = image.lookup(Node::ROOT, path).unwrap();
        image
            .entries(node)
            .map(|entry| entry.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("."), ["a", "empty"]);
    assert_eq!(names("a"), ["b"]);
    assert_eq!(names("empty"), [""; 0]);
}

#[test]
fn an_archive_without_entries_is_an_empty_root() {
    let zip = samples::stored(&[]);
    let image = Image::parse(&zip).unwrap();
    assert_eq!(image.kind(Node::ROOT), Kind::Directory);
    assert_eq!(image.entries(Node::ROOT).count(), 0);
    assert_eq!(image.lookup(Node::ROOT, "a"), Err(AccessError::NotFound));
}

#[test]
fn files_are_found_and_read() {
    assert_eq!(found("top.txt"), Ok("top".into()));
    assert_eq!(found("app/users/__init__.py"), Ok("users".into()));
    assert_eq!(found("app/users-old.py"), Ok("old".into()));
}

#[test]
fn a_path_is_relative_to_its_base() {
    assert_eq!(found_from("app/users", "data/table.csv"), Ok("1,2".into()));
    assert_eq!(found_from("app/users", "../../lib/os.py"), Ok("os".into()));
    assert_eq!(found_from("top.txt", "."), Err(AccessError::NotDirectory));
}

#[test]
fn dots_and_doubled_slashes_are_followed() {
    assert_eq!(
        found("./app//users/./data/..//__init__.py"),
        Ok("users".into())
    );
    assert_eq!(found("app/.."), found("."));
}

#[test]
fn what_does_not_exist_is_not_found() {
    for path in [
        "",
        "nothing",
        "app/nothing",
        "app/nothing/..",
        "app/user",
        "app/users/__init__.py2",
        "app\0",
    ] {
        assert_eq!(found(path), Err(AccessError::NotFound), "{path:?}");
    }
}

#[test]
fn a_file_is_no_directory() {
    for path in [
        "top.txt/",
        "top.txt/.",
        "top.txt/..",
        "top.txt/below",
        "app/users-old.py//",
    ] {
        assert_eq!(found(path), Err(AccessError::NotDirectory), "{path:?}");
    }
    assert!(found("app/").is_ok());
}

#[test]
fn no_path_leads_out() {
    for path in ["..", "../app", "app/../..", "./..", "/", "/app"] {
        assert_eq!(found(path), Err(AccessError::Escapes), "{path:?}");
    }
}

#[test]
fn a_directory_has_no_contents() {
    let zip = samples::stored(FILES);
    assert_eq!(
        Image::parse(&zip).unwrap().read(Node::ROOT),
        Err(AccessError::IsDirectory)
    );
}

#[test]
fn sizes_and_inodes_tell_files_apart() {
    let zip = samples::deflated(FILES);
    let image = Image::parse(&zip).unwrap();
    let [first, second] =
        ["top.txt", "lib/os.py"].map(|path| image.lookup(Node::ROOT, path).unwrap());
    assert_eq!(
        [
            image.size(first),
            image.size(second),
            image.size(Node::ROOT)
        ],
        [3, 2, 0]
    );
    assert_ne!(image.inode(first), image.inode(second));
    assert_ne!(image.inode(Node::ROOT), 0);
    assert_eq!(
        image.parent(second),
        image.lookup(Node::ROOT, "lib").unwrap()
    );
    assert_eq!(image.parent(Node::ROOT), Node::ROOT);
}

#[test]
fn names_must_be_relative_paths_of_plain_components() {
    for name in ["/a", "a//b", "./a", "a/../b", "..", "a/.", "", "/", "a//"] {
        // The zip crate tidies some names, so the names are put in afterwards.
        let mut zip = samples::stored(&[("#".repeat(name.len()).as_str(), "")]);
        for start in [30, zip.len() - 22 - name.len()] {
            zip[start..start + name.len()].copy_from_slice(name.as_bytes());
        }
        assert_eq!(
            Image::parse(&zip).err(),
            Some(ImageError::Name { name: name.into() })
        );
    }
}

#[test]
fn a_name_may_occur_once() {
    let mut zip = samples::stored(&[("one", ""), ("two", "")]);
    while let Some(start) = zip.windows(3).position(|window| window == b"two") {
        zip[start..start + 3].copy_from_slice(b"one");
    }
    assert_eq!(
        Image::parse(&zip).err(),
        Some(ImageError::Duplicate { name: "one".into() })
    );
}

#[test]
fn a_name_is_a_file_or_a_directory() {
    let clash = ImageError::FileAndDirectory { name: "a".into() };
    assert_eq!(refusal(&["a", "a/b"]), clash);
    assert_eq!(refusal(&["a/b/c", "a-b", "a"]), clash);
    assert_eq!(
        refusal(&["a", "a/"]),
        ImageError::Duplicate { name: "a".into() }
    );
}

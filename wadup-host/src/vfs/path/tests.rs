use super::*;
use crate::limits::Limits;
use crate::vfs::Fault;
use crate::vfs::tree::{Content, ROOT};

/// `/folder/file`, and links to them and away.
fn tree() -> Tree {
    let mut tree = Tree::new(&Limits::default());
    let folder = tree.create(ROOT, "folder", Kind::Folder(Default::default()));
    let folder = folder.unwrap();
    let empty = Kind::File(Content::Own(Vec::new()));
    tree.create(folder, "file", empty).unwrap();
    for (name, target) in [
        ("to-folder", "folder"),
        ("to-file", "to-folder/../folder/./file"),
        ("to-nothing", "nothing"),
        ("up", "../outside"),
        ("absolute", "/folder"),
        ("round", "round"),
    ] {
        let link = Kind::Link(target.to_owned());
        tree.create(ROOT, name, link).unwrap();
    }
    tree
}

fn errno<T: std::fmt::Debug>(answer: Answer<T>) -> Errno {
    match answer {
        Err(Fault::Errno(errno)) => errno,
        other => panic!("{other:?}"),
    }
}

fn found(tree: &Tree, path: &str) -> Id {
    tree.resolve(ROOT, path, true).unwrap().found().unwrap()
}

#[test]
fn paths_of_one_file_lead_to_it() {
    let tree = tree();
    let file = found(&tree, "folder/file");

    for path in [
        "./folder//file",
        "folder/../folder/./file",
        "to-folder/file",
        "to-file",
    ] {
        assert_eq!(found(&tree, path), file, "{path}");
    }
    assert_eq!(found(&tree, "."), ROOT);
    assert_eq!(found(&tree, "folder/.."), ROOT);
}

#[test]
fn nothing_leads_out_of_the_folder() {
    let tree = tree();
    let folder = found(&tree, "folder");

    for path in [
        "..",
        "folder/../..",
        "../folder",
        "/folder",
        "up",
        "absolute/file",
    ] {
        assert_eq!(errno(tree.resolve(ROOT, path, true)), Errno::Perm, "{path}");
    }
    // Also not out of a folder that the guest has opened itself.
    assert_eq!(errno(tree.resolve(folder, "..", true)), Errno::Perm);
}

#[test]
fn a_path_that_leads_nowhere_says_why() {
    let tree = tree();
    for (path, expected) in [
        ("", Errno::Noent),
        ("nothing/file", Errno::Noent),
        ("folder/file/more", Errno::Notdir),
        ("folder/file/", Errno::Notdir),
        ("folder/file/.", Errno::Notdir),
        ("to-nothing/more", Errno::Noent),
        ("round", Errno::Loop),
        (&"n".repeat(256), Errno::Nametoolong),
        (&"n/".repeat(2049), Errno::Nametoolong),
    ] {
        assert_eq!(errno(tree.resolve(ROOT, path, true)), expected, "{path}");
    }
    assert_eq!(
        errno(tree.resolve(ROOT, "new", true).unwrap().found()),
        Errno::Noent
    );
}

#[test]
fn the_last_link_is_followed_only_if_asked_for() {
    let tree = tree();

    let link = tree.resolve(ROOT, "to-folder", false).unwrap();
    let behind = tree.resolve(ROOT, "to-folder/", false).unwrap();

    assert_eq!(link.name, "to-folder");
    assert_eq!(behind.node, Some(found(&tree, "folder")));
}

#[test]
fn renaming_replaces_only_what_is_alike() {
    let mut tree = tree();
    tree.create(ROOT, "empty", Kind::Folder(Default::default()))
        .unwrap();
    let place = |tree: &Tree, path: &str| tree.resolve(ROOT, path, false).unwrap();
    let mut rename = |from: &str, to: &str| {
        let (from, to) = (place(&tree, from), place(&tree, to));
        tree.rename(&from, &to)
    };

    assert_eq!(errno(rename("folder/file", "empty")), Errno::Isdir);
    assert_eq!(errno(rename("empty", "folder/file")), Errno::Notdir);
    assert_eq!(errno(rename("empty", "folder")), Errno::Notempty);
    assert_eq!(errno(rename("folder", "folder/below")), Errno::Inval);
    assert_eq!(errno(rename("nothing", "folder/x")), Errno::Noent);
    rename("folder", "empty").unwrap();
    rename("empty/file", "to-nothing").unwrap();
    rename("to-nothing", "to-nothing").unwrap();

    assert!(tree.resolve(ROOT, "folder", false).unwrap().node.is_none());
    assert!(tree.content(found(&tree, "to-nothing")).is_ok());
    assert!(tree.folder(found(&tree, "empty")).unwrap().is_empty());
}

#[test]
fn what_cannot_be_renamed_stays_as_it_was() {
    let mut tree = tree();
    let removed = tree.create(ROOT, "removed", Kind::Folder(Default::default()));
    let removed = removed.unwrap();
    tree.open(removed).unwrap();
    tree.unlink(ROOT, "removed").unwrap();
    let counts = tree.counts();
    let from = tree.resolve(ROOT, "folder", false).unwrap();
    let to = tree.resolve(removed, "inside", false).unwrap();

    assert_eq!(errno(tree.rename(&from, &to)), Errno::Noent);

    found(&tree, "folder/file");
    assert_eq!(tree.counts(), counts);
}

#[test]
fn a_guest_with_more_names_than_its_limit_can_rename() {
    let mut tree = Tree::new(&Limits::default().files(0));
    tree.without_limit_on_names(|tree| {
        for number in 0..100 {
            let folder = Kind::Folder(Default::default());
            let folder = tree.create(ROOT, &number.to_string(), folder).unwrap();
            let empty = Kind::File(Content::Own(Vec::new()));
            tree.create(folder, "file", empty).unwrap();
        }
    });
    let from = tree.resolve(ROOT, "7", false).unwrap();
    let to = tree.resolve(ROOT, "seven", false).unwrap();

    tree.rename(&from, &to).unwrap();

    found(&tree, "seven/file");
}

#[test]
fn removing_takes_the_right_kind() {
    let mut tree = tree();
    let place = |tree: &Tree, path: &str| tree.resolve(ROOT, path, false).unwrap();

    let (folder, file) = (place(&tree, "folder"), place(&tree, "folder/file"));
    assert_eq!(errno(tree.remove_file(&folder)), Errno::Isdir);
    assert_eq!(errno(tree.remove_folder(&file)), Errno::Notdir);
    assert_eq!(errno(tree.remove_folder(&folder)), Errno::Notempty);
    tree.remove_file(&file).unwrap();
    tree.remove_folder(&folder).unwrap();

    assert!(place(&tree, "folder").node.is_none());
}

use super::*;
use crate::vfs::Fault;

fn tree(limits: Limits) -> Tree {
    Tree::new(&limits)
}

fn file(tree: &mut Tree, name: &str) -> Id {
    let empty = Kind::File(Content::Own(Vec::new()));
    tree.create(ROOT, name, empty).unwrap()
}

fn exceeded<T: std::fmt::Debug>(answer: Answer<T>) -> Limit {
    match answer {
        Err(Fault::Stop(error)) => error.downcast_ref::<Exceeded>().unwrap().limit,
        other => panic!("{other:?}"),
    }
}

fn errno<T: std::fmt::Debug>(answer: Answer<T>) -> Errno {
    match answer {
        Err(Fault::Errno(errno)) => errno,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_host_gave_stays_and_counts_nothing_where_it_cannot_grow() {
    let mut tree = tree(Limits::default().file_bytes(u64::MAX));
    tree.replace(ROOT, "given", b"abc"[..].into()).unwrap();
    let id = tree.folder(ROOT).unwrap().get("given").unwrap();

    assert_eq!(exceeded(tree.resize(id, 1 << 62)), Limit::FileBytes);

    assert_eq!(tree.content(id).unwrap(), b"abc");
    tree.replace(ROOT, "given", b"next"[..].into()).unwrap();
    assert_eq!(tree.counts().1, 0);
}

#[test]
fn a_hole_reads_as_zeros() {
    let mut tree = tree(Limits::default());
    let id = file(&mut tree, "f");

    tree.write(id, 3, b"ab").unwrap();
    tree.write(id, 1, b"xyz").unwrap();

    let mut buffer = [9; 8];
    assert_eq!(tree.read(id, 0, &mut buffer).unwrap(), 5);
    assert_eq!(&buffer, b"\0xyzb\x09\x09\x09");
    assert_eq!(tree.read(id, u64::MAX, &mut buffer).unwrap(), 0);
}

#[test]
fn sizes_are_refused_before_anything_is_allocated() {
    let mut tree = tree(Limits::default());
    let id = file(&mut tree, "f");

    for size in [(1 << 30) + 1, 1 << 40, u64::MAX] {
        assert_eq!(exceeded(tree.resize(id, size)), Limit::FileBytes);
        assert_eq!(exceeded(tree.write(id, size - 1, b"ab")), Limit::FileBytes);
    }
    assert_eq!(tree.content(id).unwrap(), b"");
}

#[test]
fn bytes_are_counted_over_all_files_and_given_back() {
    let mut tree = tree(Limits::default().file_bytes(10));
    let (one, two) = (file(&mut tree, "one"), file(&mut tree, "two"));
    tree.write(one, 0, b"123456").unwrap();

    assert_eq!(exceeded(tree.write(two, 0, b"12345")), Limit::FileBytes);
    assert_eq!(
        exceeded(tree.create(ROOT, "link", Kind::Link("12345".into()))),
        Limit::FileBytes
    );
    tree.resize(one, 5).unwrap();
    tree.write(two, 0, b"12345").unwrap();
    tree.unlink(ROOT, "one").unwrap();
    tree.write(two, 5, b"67890").unwrap();
}

#[test]
fn an_input_counts_once_it_is_changed() {
    let mut tree = tree(Limits::default().file_bytes(4));
    let given: Arc<[u8]> = Arc::from(&b"12345"[..]);
    tree.replace(ROOT, "data.bin", given.clone()).unwrap();
    let id = tree.folder(ROOT).unwrap().get("data.bin").unwrap();

    assert_eq!(exceeded(tree.write(id, 0, b"x")), Limit::FileBytes);
    tree.resize(id, 4).unwrap();

    assert_eq!(tree.content(id).unwrap(), b"1234");
    assert_eq!(&*given, b"12345");
}

#[test]
fn names_are_counted_also_second_ones() {
    let mut tree = tree(Limits::default().files(2));
    for prepared in 0..crate::vfs::PREPARED {
        file(&mut tree, &format!("prepared {prepared}"));
    }
    let id = file(&mut tree, "f");
    tree.link(ROOT, "second", id).unwrap();

    assert_eq!(exceeded(tree.link(ROOT, "third", id)), Limit::Files);
    let folder = Kind::Folder(Folder::default());
    assert_eq!(exceeded(tree.create(ROOT, "folder", folder)), Limit::Files);
    tree.unlink(ROOT, "f").unwrap();
    tree.link(ROOT, "third", id).unwrap();
}

#[test]
fn a_file_lives_until_it_is_closed() {
    let mut tree = tree(Limits::default());
    let id = file(&mut tree, "f");
    tree.write(id, 0, b"bytes").unwrap();
    tree.open(id).unwrap();

    tree.unlink(ROOT, "f").unwrap();
    assert_eq!(tree.content(id).unwrap(), b"bytes");
    tree.close(id).unwrap();

    assert_eq!(errno(tree.content(id)), Errno::Badf);
    assert_eq!(tree.bytes, 0);
    assert_eq!(file(&mut tree, "new"), id, "the place is used again");
}

#[test]
fn a_removed_folder_takes_no_entries() {
    let mut tree = tree(Limits::default());
    let folder = Kind::Folder(Folder::default());
    let id = tree.create(ROOT, "folder", folder).unwrap();
    tree.open(id).unwrap();
    tree.unlink(ROOT, "folder").unwrap();

    let link = Kind::Link("x".into());

    assert_eq!(errno(tree.create(id, "inside", link)), Errno::Noent);
}

#[test]
fn a_listing_goes_on_where_it_was_while_entries_are_removed() {
    let mut tree = tree(Limits::default());
    for name in ["c", "a", "b", "d"] {
        file(&mut tree, name);
    }

    let names = |tree: &Tree, number| {
        let entries = tree.folder(ROOT).unwrap().after(number);
        entries
            .map(|(_, name, _)| name.to_owned())
            .collect::<Vec<_>>()
    };
    let second = tree.folder(ROOT).unwrap().after(0).nth(1).unwrap().0;
    tree.unlink(ROOT, "c").unwrap();
    tree.unlink(ROOT, "a").unwrap();

    assert_eq!(names(&tree, second), ["b", "d"]);
    assert_eq!(names(&tree, u64::MAX), [""; 0]);
}

#[test]
fn removing_all_removes_what_is_inside() {
    let mut tree = tree(Limits::default());
    let mut folder = ROOT;
    for depth in 0..1000 {
        folder = tree
            .create(folder, &format!("{depth}"), Kind::Folder(Folder::default()))
            .unwrap();
    }

    tree.remove_all(ROOT, "0").unwrap();

    assert!(tree.folder(ROOT).unwrap().is_empty());
    assert_eq!(tree.names, 0);
}

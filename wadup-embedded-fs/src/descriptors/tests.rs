//! How open files behave.

use super::*;
use crate::samples;

const ROOT: Descriptor = Descriptor::ROOT;
const READ: OpenOptions = OpenOptions {
    directory: false,
    create: false,
    exclusive: false,
    truncate: false,
    write: false,
};

fn with_files<T>(test: impl FnOnce(Descriptors<'_>) -> T) -> T {
    let zip = samples::deflated(&[
        ("dir/digits", "0123456789"),
        ("dir/sub/file", ""),
        ("top", "text"),
    ]);
    test(Descriptors::new(Image::parse(&zip).unwrap()))
}

#[test]
fn reading_moves_the_position() {
    with_files(|mut files| {
        let file = files.open(ROOT, "dir/digits", READ).unwrap();
        assert_eq!(files.read(file, 4), Ok(&b"0123"[..]));
        assert_eq!(files.read(file, 100), Ok(&b"456789"[..]));
        assert_eq!(files.read(file, 100), Ok(&b""[..]));
    });
}

#[test]
fn reading_at_a_position_does_not_move_it() {
    with_files(|mut files| {
        let file = files.open(ROOT, "dir/digits", READ).unwrap();
        assert_eq!(files.read_at(file, 8, 100), Ok(&b"89"[..]));
        assert_eq!(files.read_at(file, u64::MAX, 1), Ok(&b""[..]));
        assert_eq!(files.read(file, usize::MAX), Ok(&b"0123456789"[..]));
    });
}

#[test]
fn each_descriptor_has_its_own_position() {
    with_files(|mut files| {
        let [one, other] = [(); 2].map(|()| files.open(ROOT, "dir/digits", READ).unwrap());
        assert_ne!(one, other);
        assert_eq!(files.read(one, 4), Ok(&b"0123"[..]));
        assert_eq!(files.read(other, 2), Ok(&b"01"[..]));
    });
}

#[test]
fn seeking_is_relative_to_start_position_or_end() {
    with_files(|mut files| {
        let file = files.open(ROOT, "dir/digits", READ).unwrap();
        assert_eq!(files.seek(file, SeekFrom::Start(3)), Ok(3));
        assert_eq!(files.seek(file, SeekFrom::Current(2)), Ok(5));
        assert_eq!(files.seek(file, SeekFrom::Current(-1)), Ok(4));
        assert_eq!(files.seek(file, SeekFrom::End(-2)), Ok(8));
        assert_eq!(files.read(file, 100), Ok(&b"89"[..]));
        assert_eq!(files.seek(file, SeekFrom::Current(0)), Ok(10));
        assert_eq!(files.seek(file, SeekFrom::End(5)), Ok(15));
        assert_eq!(files.read(file, 100), Ok(&b""[..]));
    });
}

#[test]
fn a_refused_seek_leaves_the_position() {
    with_files(|mut files| {
        let file = files.open(ROOT, "dir/digits", READ).unwrap();
        files.seek(file, SeekFrom::Start(3)).unwrap();
        for to in [
            SeekFrom::Current(-4),
            SeekFrom::End(-11),
            SeekFrom::Start(u64::MAX),
            SeekFrom::End(i64::MAX),
        ] {
            assert_eq!(files.seek(file, to), Err(AccessError::Invalid));
        }
        assert_eq!(files.seek(file, SeekFrom::Current(0)), Ok(3));
    });
}

#[test]
fn a_directory_is_opened_and_used_as_a_base_but_not_read() {
    with_files(|mut files| {
        let directory = files
            .open(
                ROOT,
                "dir",
                OpenOptions {
                    directory: true,
                    ..READ
                },
            )
            .unwrap();
        let file = files.open(directory, "digits", READ).unwrap();
        assert_eq!(files.node(file), files.lookup(ROOT, "dir/digits"));
        assert_eq!(files.read(directory, 1), Err(AccessError::IsDirectory));
        assert_eq!(
            files.read_at(directory, 0, 1),
            Err(AccessError::IsDirectory)
        );
        assert_eq!(
            files.seek(directory, SeekFrom::Start(0)),
            Err(AccessError::IsDirectory)
        );
        assert_eq!(
            files.open(file, "below", READ),
            Err(AccessError::NotDirectory)
        );
    });
}

#[test]
fn only_a_directory_opens_as_a_directory() {
    with_files(|mut files| {
        let options = OpenOptions {
            directory: true,
            ..READ
        };
        assert_eq!(
            files.open(ROOT, "top", options),
            Err(AccessError::NotDirectory)
        );
    });
}

#[test]
fn writing_is_refused_as_posix_has_it() {
    let write = OpenOptions {
        write: true,
        ..READ
    };
    let truncate = OpenOptions {
        truncate: true,
        ..READ
    };
    let create = OpenOptions {
        create: true,
        ..READ
    };
    let new = OpenOptions {
        exclusive: true,
        ..create
    };
    with_files(|mut files| {
        for (path, options, error) in [
            ("top", write, AccessError::ReadOnly),
            ("top", truncate, AccessError::ReadOnly),
            ("top", new, AccessError::Exists),
            ("dir", write, AccessError::IsDirectory),
            ("dir", new, AccessError::Exists),
            ("new", write, AccessError::NotFound),
            ("new", create, AccessError::ReadOnly),
            ("dir/new", new, AccessError::ReadOnly),
            ("new/", create, AccessError::ReadOnly),
            ("nothing/new", create, AccessError::NotFound),
            ("top/new", create, AccessError::NotDirectory),
            ("../new", create, AccessError::Escapes),
            ("", create, AccessError::NotFound),
        ] {
            assert_eq!(
                files.open(ROOT, path, options),
                Err(error),
                "{path:?} {options:?}"
            );
        }
        assert!(files.open(ROOT, "top", create).is_ok());
    });
}

#[test]
fn changes_are_refused_only_where_there_is_something_to_change() {
    with_files(|files| {
        assert_eq!(files.refuse_change(ROOT, "top"), AccessError::ReadOnly);
        assert_eq!(files.refuse_change(ROOT, "dir/sub"), AccessError::ReadOnly);
        assert_eq!(files.refuse_change(ROOT, "nothing"), AccessError::NotFound);
    });
}

#[test]
fn a_closed_descriptor_is_bad() {
    with_files(|mut files| {
        let file = files.open(ROOT, "top", READ).unwrap();
        assert_eq!(files.close(file), Ok(()));
        assert_eq!(files.close(file), Err(AccessError::BadDescriptor));
        assert_eq!(files.read(file, 1), Err(AccessError::BadDescriptor));
        assert_eq!(
            files.seek(file, SeekFrom::Start(0)),
            Err(AccessError::BadDescriptor)
        );
        assert_eq!(files.list(file, 0, 1), Err(AccessError::BadDescriptor));
        assert_eq!(files.lookup(file, "."), Err(AccessError::BadDescriptor));
        assert_eq!(
            files.node(Descriptor::from_number(u32::MAX)),
            Err(AccessError::BadDescriptor)
        );
    });
}

#[test]
fn the_root_stays_open() {
    with_files(|mut files| {
        assert_eq!(files.close(ROOT), Err(AccessError::NotSupported));
        assert_eq!(files.node(ROOT), Ok(Node::ROOT));
    });
}

#[test]
#[cfg_attr(
    miri,
    ignore = "a hundred thousand calls, of which each takes Miri milliseconds"
)]
fn opening_and_closing_for_ever_takes_no_memory() {
    with_files(|mut files| {
        let first = files.open(ROOT, "top", READ).unwrap();
        files.close(first).unwrap();
        let capacity = files.open.capacity();
        for _ in 0..100_000 {
            let file = files.open(ROOT, "top", READ).unwrap();
            assert_eq!(file, first);
            files.close(file).unwrap();
        }
        assert_eq!(files.open.capacity(), capacity);
    });
}

#[test]
#[cfg_attr(miri, ignore = "65,536 calls, of which each takes Miri milliseconds")]
fn a_program_that_never_closes_is_stopped() {
    with_files(|mut files| {
        for _ in 1..Descriptors::MOST {
            files.open(ROOT, "top", READ).unwrap();
        }
        assert_eq!(files.open(ROOT, "top", READ), Err(AccessError::TooManyOpen));
        files.close(Descriptor::from_number(7)).unwrap();
        assert_eq!(
            files.open(ROOT, "top", READ),
            Ok(Descriptor::from_number(7))
        );
    });
}

#[test]
fn only_directories_are_listed() {
    with_files(|mut files| {
        let file = files.open(ROOT, "top", READ).unwrap();
        assert_eq!(files.list(file, 0, 100), Err(AccessError::NotDirectory));
        assert!(!files.list(ROOT, 0, 100).unwrap().is_empty());
    });
}

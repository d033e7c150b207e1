//! Uses an archive as the guest's libc does, and asserts that all answers fit together.

use std::io::SeekFrom;

use wadup_embedded_fs::{AccessError, Descriptor, Descriptors, Image, Kind, Node, OpenOptions};

/// Uses everything in an archive, if it is one.
pub(crate) fn walk(zip: &[u8]) {
    let Ok(image) = Image::parse(zip) else { return };
    let mut files = Descriptors::new(image.clone());
    let mut directories = vec![(Node::ROOT, String::new())];
    while let Some((directory, path)) = directories.pop() {
        for entry in image.entries(directory) {
            let path = format!("{path}{}", entry.name);
            assert_eq!(image.lookup(Node::ROOT, &path), Ok(entry.node));
            assert_eq!(image.lookup(directory, entry.name), Ok(entry.node));
            assert_eq!(image.parent(entry.node), directory);
            let open = files
                .open(Descriptor::ROOT, &path, OpenOptions::default())
                .unwrap();
            match image.kind(entry.node) {
                Kind::Directory => {
                    assert!(files.list(open, 0, 4096).unwrap().len() >= 2 * 24);
                    directories.push((entry.node, format!("{path}/")));
                }
                Kind::File => match files.read(open, usize::MAX) {
                    Ok(contents) => assert_eq!(contents.len() as u64, image.size(entry.node)),
                    Err(error) => assert_eq!(error, AccessError::Damaged),
                },
            }
            files.close(open).unwrap();
        }
    }
}

/// The first byte is the number of bytes with the steps; the zip follows them.
pub(crate) fn steps_and_zip(bytes: &[u8]) {
    let Some((count, rest)) = bytes.split_first() else {
        return;
    };
    let (steps, zip) = rest.split_at(rest.len().min(usize::from(*count)));
    walk(zip);
    let Ok(image) = Image::parse(zip) else { return };
    take(steps, Descriptors::new(image));
}

/// Paths to look up: existing, missing, leading up and out, odd.
const PATHS: [&str; 16] = [
    "a",
    "a-b",
    "d",
    "d/e",
    "d/e/f",
    "d/g",
    "",
    ".",
    "..",
    "/",
    "/a",
    "d/../a",
    "d/e/../../..",
    "a/b",
    "d//e",
    "d/",
];

/// Each three bytes are a step: the operation, the descriptor, the argument.
fn take(steps: &[u8], mut files: Descriptors<'_>) {
    let mut known = vec![Descriptor::ROOT];
    for step in steps.chunks_exact(3) {
        let descriptor = known[usize::from(step[1]) % known.len()];
        let path = PATHS[usize::from(step[2]) % PATHS.len()];
        let number = i64::from(step[2].cast_signed()) << (step[1] % 57);
        match step[0] % 9 {
            0 => {
                let options = OpenOptions {
                    directory: step[1] & 64 != 0,
                    ..OpenOptions::default()
                };
                if let Ok(opened) = files.open(descriptor, path, options) {
                    assert!(!path.starts_with('/'), "{path}");
                    known.push(opened);
                }
            }
            // The others stay in the list, so that closed ones are used again.
            1 => drop(files.close(descriptor)),
            2 => {
                let limit = usize::from(step[2]);
                if let Ok(bytes) = files.read(descriptor, limit) {
                    assert!(bytes.len() <= limit);
                }
            }
            3 => drop(
                files
                    .read_at(descriptor, number.cast_unsigned(), 64)
                    .map(<[u8]>::len),
            ),
            4 => drop(files.seek(descriptor, SeekFrom::Start(number.cast_unsigned()))),
            5 => drop(files.seek(descriptor, SeekFrom::Current(number))),
            6 => drop(files.seek(descriptor, SeekFrom::End(number))),
            7 => {
                let limit = usize::from(step[2]) * 8;
                if let Ok(list) = files.list(descriptor, number.cast_unsigned(), limit) {
                    assert!(list.len() <= limit);
                }
            }
            _ => {
                // The mount is read-only for every option.
                let _: AccessError = files.refuse_creation(descriptor, path);
                let _: AccessError = files.refuse_change(descriptor, path);
            }
        }
    }
}

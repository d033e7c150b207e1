//! Entry points for what a guest chooses: each asserts what must hold for every choice.
//!
//! Only fuzzers and tests see this module. No choice may cause a panic.

use std::sync::Arc;

use crate::contract::{self, Tables};
use crate::limits::Limits;
use crate::output::{Content, Output};
use crate::vfs::Vfs;
use crate::vfs::hostile::operations;
use crate::vfs::tree::{Content as Bytes, Kind, ROOT};

/// What ends a file in the bytes for [`left`].
const END: &[u8] = b"\n--\n";

/// The length of the input whose slices may be sub-content.
const INPUT: u64 = 100;

/// Operations on the guest's folders, each of a few bytes.
pub fn folders(bytes: &[u8]) {
    operations(bytes);
}

/// The files that a guest leaves: of each its path on a line, then its bytes.
pub fn left(bytes: &[u8]) {
    let limits = Limits::default()
        .files(50)
        .file_bytes(1 << 16)
        .rows(100)
        .sub_contents(20);
    let mut vfs = Vfs::new(&limits, true);
    let input: Arc<[u8]> = vec![0; INPUT as usize].into();
    vfs.put_input(Arc::clone(&input)).unwrap();
    for file in files(bytes) {
        let line = file.iter().position(|byte| *byte == b'\n');
        let (path, content) = file.split_at(line.unwrap_or(file.len()));
        // What the tree refuses is not there.
        let _ = write(&mut vfs, &String::from_utf8_lossy(path), content);
    }

    let files = vfs.take().unwrap();
    assert!(vfs.take().unwrap().metadata.is_empty(), "taken once");
    vfs.put_input(input).unwrap();

    if let Ok((output, known)) = contract::read(files, &Tables::default(), INPUT, &limits) {
        check(&output, &limits);
        let nothing = vfs.take().unwrap();
        let (later, _) = contract::read(nothing, &known, INPUT, &limits).unwrap();
        assert_eq!(
            later,
            Output::default(),
            "nothing is left for the next input"
        );
    }
}

fn files(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut files = Vec::new();
    while let Some(end) = bytes.windows(END.len()).position(|window| window == END) {
        files.push(&bytes[..end]);
        bytes = &bytes[end + END.len()..];
    }
    files.push(bytes);
    files
}

/// Writes a file, in folders that are made for it.
fn write(vfs: &mut Vfs, path: &str, bytes: &[u8]) -> Result<(), ()> {
    let tree = &mut vfs.tree;
    for (end, _) in path.match_indices('/') {
        if let Ok(at) = tree.resolve(ROOT, &path[..end], true)
            && at.node.is_none()
        {
            tree.make_folder(&at).map_err(drop)?;
        }
    }
    let at = tree.resolve(ROOT, path, true).map_err(drop)?;
    let id = match at.node {
        Some(id) => id,
        None => tree
            .create(at.folder, &at.name, Kind::File(Bytes::Own(Vec::new())))
            .map_err(drop)?,
    };
    tree.write(id, 0, bytes).map_err(drop)
}

/// What every accepted output keeps.
fn check(output: &Output, limits: &Limits) {
    let mut rows = 0;
    let mut names = Vec::new();
    for table in &output.tables {
        rows += table.rows.len() as u64;
        names.push(table.name.to_ascii_lowercase());
        for row in &table.rows {
            assert_eq!(row.len(), table.columns.len());
            for (value, column) in row.iter().zip(&table.columns) {
                assert_eq!(value.column_type(), column.data_type);
            }
        }
        #[cfg(feature = "arrow")]
        assert_eq!(table.record_batch().unwrap().num_rows(), table.rows.len());
    }
    assert!(limits.rows.is_none_or(|limit| rows <= limit));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "each table once");
    for sub_content in &output.sub_content {
        if let Content::Slice { offset, length } = sub_content.content {
            assert!(offset.checked_add(length).is_some_and(|end| end <= INPUT));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Bytes that are the same in every run (Knuth's constants for a linear congruential generator).
    fn random(seed: u64, count: usize) -> Vec<u8> {
        let mut state = seed;
        let next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as u8
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    #[test]
    fn folders_keep_their_counts_whatever_is_asked_for() {
        for seed in 0..200 {
            folders(&random(seed, 3000));
        }
    }

    #[test]
    fn what_is_left_may_be_damaged_anywhere() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/left");
        for entry in fs::read_dir(folder).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            left(&bytes);
            for place in 0..bytes.len() {
                left(&bytes[..place]);
                let mut damaged = bytes.clone();
                damaged[place] ^= 1 + random(place as u64, 1)[0] % 127;
                left(&damaged);
            }
        }
    }

    #[test]
    fn kept_inputs_of_the_fuzzer_never_panic() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/folders");
        for entry in fs::read_dir(folder).unwrap() {
            folders(&fs::read(entry.unwrap().path()).unwrap());
        }
    }
}

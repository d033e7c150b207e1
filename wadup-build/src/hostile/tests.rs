//! Real files with random damage, and the corpora of the fuzzers.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// That of an example, which is not part of this package.
static LOCK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read(package.join("../examples/lockfile/wadup.lock")).unwrap()
});
const PYPROJECT: &str = r#"
[project]
name = "users"
requires-python = ">=3.12"
dependencies = ["pydantic==2.12.5; python_version > '3'", "six"]
[tool.wadup]
entry-point = "users:main"
stack-size = "16 MiB"
maximum-memory = 536870912
sources = "all"
"#;
const PYLOCK: &str = r#"
lock-version = "1.0"
[[packages]]
name = "six"
sdist = { url = "https://index/six-1.tar.gz", hashes = { sha256 = "aa" } }
wheels = [{ path = "wheels/six-1-py3-none-any.whl", hashes = { sha256 = "bb" } }]
[[packages]]
name = "pydantic-core"
wheels = [{ url = "https://index/x.whl", hashes = { sha256 = "late" } }]
sdist = { name = "x.tar.gz", url = "https://index/x", hashes = { sha256 = "aa" } }
"#;

/// A random change of a file's bytes.
#[derive(Debug, Clone)]
enum Damage {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    /// Copies a slice of the file to another place.
    Repeat(Index, Index, Index),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        // One past the end is a valid position, even in an empty file.
        let place = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
        match self {
            Self::Replace(at, value) => {
                let at = place(at, bytes);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = *value;
                }
            }
            Self::Insert(at, slice) => {
                let at = place(at, bytes);
                bytes.splice(at..at, slice.iter().copied());
            }
            Self::Remove(from, to) => {
                let (from, to) = (place(from, bytes), place(to, bytes));
                bytes.drain(from.min(to)..from.max(to));
            }
            Self::Repeat(from, to, at) => {
                let (from, to) = (place(from, bytes), place(to, bytes));
                let slice = bytes[from.min(to)..from.max(to)].to_vec();
                let at = place(at, bytes);
                bytes.splice(at..at, slice);
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let letters = prop::collection::vec(
        prop::sample::select(b" \\#=-;:,.'\"[]{}\n\t0aA\xff\xc3".to_vec()),
        1..4,
    );
    let one = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, value)| Damage::Replace(at, value)),
        (any::<Index>(), letters).prop_map(|(at, slice)| Damage::Insert(at, slice)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::Remove(from, to)),
        (any::<Index>(), any::<Index>(), any::<Index>())
            .prop_map(|(from, to, at)| Damage::Repeat(from, to, at)),
    ];
    prop::collection::vec(one, 1..6)
}

fn damaged(file: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for damage in damages {
        damage.apply(&mut bytes);
    }
    bytes
}

proptest! {
    #[test]
    fn damaged_lock_files_never_panic(damages in damage()) {
        lock(&damaged(&LOCK, &damages));
        lock(&damaged(PYLOCK.as_bytes(), &damages));
    }

    #[test]
    fn damaged_pyproject_files_never_panic(damages in damage()) {
        configuration(&damaged(PYPROJECT.as_bytes(), &damages));
    }
}

/// The inputs in a fuzzer's corpus.
fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let files = fs::read_dir(folder).unwrap();
    files
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn fuzzer_corpora_never_panic() {
    type EntryPoint = fn(&[u8]);
    for (target, entry_point) in [
        ("lock", lock as EntryPoint),
        ("configuration", configuration),
        ("object", object),
        ("thunks", thunks),
        ("archive", archive),
    ] {
        let kept = corpus(target);
        assert!(!kept.is_empty(), "{target}");
        for (path, bytes) in kept {
            // Printed only if the test fails.
            eprintln!("{}", path.display());
            entry_point(&bytes);
        }
    }
}

//! What is refused by what it is: artifacts and indexes that are not what a trusted builder made.

use std::io::Write;

use liblzma::write::XzEncoder;
use tar::{EntryType, Header};

use super::*;

/// A compressed archive of these entries, and its size without the compression.
fn archive(entries: &[(EntryType, &str, &[u8])]) -> (Vec<u8>, u64) {
    let mut archive = tar::Builder::new(Vec::new());
    for (kind, name, bytes) in entries {
        let mut header = Header::new_gnu();
        // The library's own functions refuse such names.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        if *kind == EntryType::Symlink {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    let bytes = archive.into_inner().unwrap();
    (compressed(&bytes), bytes.len() as u64)
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = XzEncoder::new(Vec::new(), 6);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The entries of [`Varied`]'s archive, after a change.
fn changed(filled: &Filled, name: &str, from: &str, to: &str) -> (Vec<u8>, u64) {
    let file = fs::File::open(filled.archive()).unwrap();
    let mut original = tar::Archive::new(liblzma::read::XzDecoder::new(file));
    let mut entries = Vec::new();
    for entry in original.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = text(&entry.path().unwrap());
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        if path == name {
            let old = String::from_utf8(bytes).unwrap();
            assert!(old.contains(from), "{old}");
            bytes = old.replace(from, to).into_bytes();
        }
        entries.push((entry.header().entry_type(), path, bytes));
    }
    let entries: Vec<_> = entries
        .iter()
        .map(|(kind, path, bytes)| (*kind, &**path, &**bytes))
        .collect();
    archive(&entries)
}

fn is_refused(filled: &Filled, reason: &str) {
    let user = User::new();
    user.refuses(&text(&filled.path()), &filled.keys.public(), reason);
    assert!(!user.folder.path().with_file_name("escaped").exists());
    assert!(!user.folder.path().join("building/escaped").exists());
}

#[test]
fn a_flipped_byte_is_refused() {
    let filled = Filled::new();
    let mut bytes = fs::read(filled.archive()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(filled.archive(), bytes).unwrap();

    is_refused(&filled, "checksum mismatch");
}

#[test]
fn a_shortened_archive_is_refused() {
    let filled = Filled::new();
    let bytes = fs::read(filled.archive()).unwrap();
    fs::write(filled.archive(), &bytes[..bytes.len() / 2]).unwrap();

    is_refused(&filled, "checksum mismatch");
}

#[test]
fn a_flipped_byte_in_the_index_is_refused() {
    let filled = Filled::new();
    let file = filled.path().join("index.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"size\"", "\"sizE\"")).unwrap();

    is_refused(&filled, "the trusted key did not sign it");
}

#[test]
fn an_index_of_another_key_is_refused() {
    let (filled, others) = (Filled::new(), Filled::new());
    for name in ["index.json", "index.json.minisig"] {
        fs::copy(others.path().join(name), filled.path().join(name)).unwrap();
    }

    is_refused(
        &filled,
        "the trusted key did not sign it: The signature was created with a different key",
    );
}

#[test]
fn an_index_without_a_signature_is_refused() {
    let filled = Filled::new();
    fs::remove_file(filled.path().join("index.json.minisig")).unwrap();

    is_refused(&filled, "could not open");
}

#[test]
fn an_older_index_is_refused() {
    let (filled, user) = (Filled::new(), User::new());
    let (mirror, key) = (text(&filled.path()), filled.keys.public());
    let old = ["index.json", "index.json.minisig"]
        .map(|name| (name, fs::read(filled.path().join(name)).unwrap()));
    // The newer one has withdrawn the artifact.
    filled.change_index(|index| {
        let serial = index["serial"].as_u64().unwrap();
        index["serial"] = (serial + 1).into();
        index["artifacts"] = serde_json::json!({});
    });
    assert!(
        user.store(&mirror, &key)
            .expect(&Varied::new(&Cell::new(0)))
            .is_err()
    );
    for (name, bytes) in old {
        fs::write(filled.path().join(name), bytes).unwrap();
    }

    user.refuses(&mirror, &key, "it is older than the last one from there");
}

#[test]
fn an_index_of_another_format_is_refused() {
    let filled = Filled::new();
    filled.change_index(|index| index["format"] = 2.into());

    is_refused(
        &filled,
        "its format is 2, and this version of wadup reads 1",
    );
}

#[test]
fn a_path_that_leads_out_is_refused() {
    for path in [
        "content/../../../escaped",
        "../escaped",
        "/tmp/escaped",
        "escaped",
    ] {
        let filled = Filled::new();
        let (bytes, unpacked) = archive(&[(EntryType::Regular, path, b"out")]);
        filled.replace_archive(&bytes, unpacked);

        is_refused(&filled, "leads out of the artifact");
    }
}

#[test]
fn a_link_is_refused() {
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::Fifo] {
        let filled = Filled::new();
        let folder = (EntryType::Directory, "content/", &b""[..]);
        let (bytes, unpacked) = archive(&[folder, (kind, "content/link", b"")]);
        filled.replace_archive(&bytes, unpacked);

        is_refused(&filled, "is neither a file nor a folder");
    }
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let filled = Filled::new();
    let folder = (EntryType::Directory, "content/", &b""[..]);
    let file = (EntryType::Regular, "content/lib.a", &b"bytes"[..]);
    let (bytes, unpacked) = archive(&[folder, file, file]);
    filled.replace_archive(&bytes, unpacked);

    is_refused(&filled, "could not create");
}

#[test]
fn a_bomb_is_refused_before_it_is_written() {
    let filled = Filled::new();
    let folder = (EntryType::Directory, "content/", &b""[..]);
    let zeros = vec![0; 8 << 20];
    let (bytes, unpacked) = archive(&[folder, (EntryType::Regular, "content/bomb", &zeros)]);
    assert!(unpacked > 1000 * bytes.len() as u64);

    filled.replace_archive(&bytes, 10_000);
    is_refused(
        &filled,
        "it does not unpack to the 10000 bytes in the index",
    );

    filled.replace_archive(&bytes, u64::MAX);
    is_refused(&filled, "no artifact has 18446744073709551615 bytes");

    // The header claims nothing, and the zeros follow the archive.
    let (none, _) = archive(&[folder]);
    filled.replace_archive(&[none, compressed(&zeros)].concat(), 10_000);
    is_refused(
        &filled,
        "it does not unpack to the 10000 bytes in the index",
    );
}

#[test]
fn content_that_is_not_in_the_manifest_is_refused() {
    let filled = Filled::new();
    let (bytes, unpacked) = changed(&filled, "content/lib/nested/lib.a", TEXT, "the Library");
    filled.replace_archive(&bytes, unpacked);

    is_refused(&filled, "lib/nested/lib.a has changed");
}

#[test]
fn an_artifact_of_other_inputs_is_refused() {
    let filled = Filled::new();
    let (bytes, unpacked) = changed(&filled, "inputs.txt", "private=false", "private=true!");
    filled.replace_archive(&bytes, unpacked);

    is_refused(&filled, "it was made from other inputs");
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_this_machine_cannot_load_is_refused() {
    struct Program<'a>(&'a Cell<u32>);
    impl Recipe for Program<'_> {
        fn name(&self) -> String {
            "program-1".into()
        }
        fn inputs(&self) -> Inputs {
            Inputs::default()
        }
        fn step(&self) -> String {
            "linking".into()
        }
        fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
            self.0.set(self.0.get() + 1);
            // The library that no machine has; the length is the same.
            let mut bytes = fs::read("/bin/sh").on("read", "/bin/sh")?;
            let name = bytes
                .windows(9)
                .position(|part| part == b"libc.so.6")
                .unwrap();
            bytes[name..name + 9].copy_from_slice(b"libq.so.6");
            fs::write(dirs.content.join("sh"), bytes).on("write", dirs.content)
        }
    }
    let (filled, user) = (Filled::new(), User::new());
    let built = Cell::new(0);
    filled.push(&Program(&built));

    let store = user.store(&text(&filled.path()), &filled.keys.public());
    store.artifact(&Program(&built)).unwrap();

    assert_eq!(built.get(), 2);
    let notes = user.notes();
    assert!(
        notes.contains("this machine lacks a library: libq.so.6 => not found"),
        "{notes}"
    );
}

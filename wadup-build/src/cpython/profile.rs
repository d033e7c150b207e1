//! The profile of CPython's hot code, counted by a native run of its tests. Clang uses it for inlining and layout.
//!
//! Clang's counters belong to source functions, so those of one machine apply to another. Functions that differ between
//! the two are compiled without. The profile makes guests 6 % faster.

use std::fs;
use std::path::Path;

use crate::error::{FileContext, Result};
use crate::hash;
use crate::toolchain::Toolchain;

/// Made by `cargo xtask train` from the release in guests.
const PROFILE: &[u8] = include_bytes!("python-3.13.5.profdata.xz");

/// The first clang that reads the profile's format. Older ones build without it.
const READ_BY_CLANG: u32 = 22;

/// Silences warnings about functions that the native build does not have or compiles differently.
const FLAGS: [&str; 2] = [
    "-Wno-profile-instr-unprofiled",
    "-Wno-profile-instr-out-of-date",
];

/// Identifies the effect of the profile on the objects that `toolchain` compiles.
pub(super) fn identity(toolchain: &Toolchain) -> String {
    if is_read_by(toolchain.clang_version()) {
        format!("{} {}", hash::of_bytes(PROFILE), FLAGS.join(" "))
    } else {
        "none".to_owned()
    }
}

/// The clang flags to use the profile, which is written to `folder`.
pub(super) fn flags(toolchain: &Toolchain, folder: &Path) -> Result<String> {
    if !is_read_by(toolchain.clang_version()) {
        return Ok(String::new());
    }
    let file = folder.join("profdata");
    fs::write(&file, unpacked(&file)?).on("write", &file)?;
    Ok(format!(
        "-fprofile-use={} {}",
        file.display(),
        FLAGS.join(" ")
    ))
}

fn is_read_by(clang: Option<u32>) -> bool {
    clang.is_some_and(|version| version >= READ_BY_CLANG)
}

fn unpacked(file: &Path) -> Result<Vec<u8>> {
    let mut profile = Vec::new();
    let mut reader = liblzma::read::XzDecoder::new(PROFILE);
    std::io::copy(&mut reader, &mut profile).on("unpack", file)?;
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profile_has_clangs_magic_number() {
        let profile = unpacked(Path::new("profdata")).unwrap();

        // LLVM's `IndexedInstrProf::Magic`.
        assert_eq!(profile[..8], *b"\xfflprofi\x81");
    }

    #[test]
    fn older_clangs_build_without_the_profile() {
        assert!(!is_read_by(Some(READ_BY_CLANG - 1)));
        assert!(!is_read_by(None));
        assert!(is_read_by(Some(READ_BY_CLANG)));
    }
}

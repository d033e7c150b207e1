//! Which of CPython's code is hot, as a native run of its own tests counted: clang inlines and lays out by it.
//!
//! Clang's counters belong to functions as they are written, so that those of one machine fit another; functions that
//! differ between the two go without. The guest runs 6 % faster for it.

use std::fs;
use std::path::Path;

use crate::error::{FileContext, Result};
use crate::hash;
use crate::toolchain::Toolchain;

/// Made by `cargo xtask train`, of the release that guests run.
const PROFILE: &[u8] = include_bytes!("python-3.13.5.profdata.xz");

/// The first clang that reads the format of the profile; an older one builds without.
const READ_BY_CLANG: u32 = 22;

/// No warning of functions that the native build does not have, or has otherwise.
const FLAGS: [&str; 2] = [
    "-Wno-profile-instr-unprofiled",
    "-Wno-profile-instr-out-of-date",
];

/// What the profile does to the objects that `toolchain` makes.
pub(super) fn identity(toolchain: &Toolchain) -> String {
    if is_read_by(toolchain.clang_version()) {
        format!("{} {}", hash::of_bytes(PROFILE), FLAGS.join(" "))
    } else {
        "none".to_owned()
    }
}

/// The flags of clang with which it reads the profile, which is written into `folder`.
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
    fn the_profile_is_one_that_clang_knows_by_its_first_bytes() {
        let profile = unpacked(Path::new("profdata")).unwrap();

        // LLVM's `IndexedInstrProf::Magic`.
        assert_eq!(profile[..8], *b"\xfflprofi\x81");
    }

    #[test]
    fn a_clang_that_does_not_know_the_format_goes_without() {
        assert!(!is_read_by(Some(READ_BY_CLANG - 1)));
        assert!(!is_read_by(None));
        assert!(is_read_by(Some(READ_BY_CLANG)));
    }
}

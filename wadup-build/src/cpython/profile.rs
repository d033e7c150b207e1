//! The profile of CPython's hot code, counted by a native run of its tests. Clang uses it for inlining and layout.
//!
//! Clang's counters belong to source functions, so those of one machine apply to another. Functions that differ between
//! the two are compiled without. The profile makes guests 6 % faster.

use std::fs;
use std::path::Path;

use super::releases::Profile;
use crate::error::{FileContext, Result};
use crate::hash;
use crate::toolchain::Toolchain;

/// The first clang that reads the profile's format. Older ones build without it.
const READ_BY_CLANG: u32 = 22;

/// Silences warnings about functions that the native build does not have or compiles differently.
const FLAGS: [&str; 2] = [
    "-Wno-profile-instr-unprofiled",
    "-Wno-profile-instr-out-of-date",
];

/// Identifies the effect of the profile on the objects that `toolchain` compiles.
pub(super) fn identity(profile: &Profile, toolchain: &Toolchain) -> String {
    if is_read_by(toolchain.clang_version()) {
        let (of, data) = (profile.of, hash::of_bytes(profile.data));
        format!("{of} {data} {}", FLAGS.join(" "))
    } else {
        "none".to_owned()
    }
}

/// The clang flags to use the profile, which is written to `folder`.
pub(super) fn flags(profile: &Profile, toolchain: &Toolchain, folder: &Path) -> Result<String> {
    if !is_read_by(toolchain.clang_version()) {
        return Ok(String::new());
    }
    let file = folder.join("profdata");
    fs::write(&file, unpacked(profile, &file)?).on("write", &file)?;
    Ok(format!(
        "-fprofile-use={} {}",
        file.display(),
        FLAGS.join(" ")
    ))
}

fn is_read_by(clang: Option<u32>) -> bool {
    clang.is_some_and(|version| version >= READ_BY_CLANG)
}

fn unpacked(profile: &Profile, file: &Path) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let mut reader = liblzma::read::XzDecoder::new(profile.data);
    std::io::copy(&mut reader, &mut unpacked).on("unpack", file)?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::super::releases::Series;
    use super::*;

    #[test]
    fn profiles_have_clangs_magic_number() {
        for series in Series::all() {
            let profile = unpacked(&series.profile, Path::new("profdata")).unwrap();

            // LLVM's `IndexedInstrProf::Magic`.
            assert_eq!(profile[..8], *b"\xfflprofi\x81", "{}", series.name);
        }
    }

    #[test]
    fn older_clangs_build_without_the_profile() {
        assert!(!is_read_by(Some(READ_BY_CLANG - 1)));
        assert!(!is_read_by(None));
        assert!(is_read_by(Some(READ_BY_CLANG)));
    }
}

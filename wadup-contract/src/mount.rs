//! Where a guest sees the files of its bundle.

use std::ffi::CStr;

/// [`MOUNT`] for C.
pub const MOUNT_C: &CStr = c"/wadup";

/// The directory below which the embedded file system answers.
pub const MOUNT: &str = match MOUNT_C.to_str() {
    Ok(path) => path,
    Err(_) => unreachable!(),
};

/// The standard library, in a folder with the version of Python.
pub const LIBRARY: &str = "/wadup/lib/";

/// The packages.
pub const PACKAGES: &str = "/wadup/site/";

/// The user's modules.
pub const USER: &str = "/wadup/app/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_is_below_the_mount() {
        for folder in [LIBRARY, PACKAGES, USER] {
            let below = folder.strip_prefix(MOUNT).unwrap();

            assert!(below.starts_with('/') && below.ends_with('/'), "{folder}");
        }
    }
}

//! The licenses of libraries that only some guests contain, as files of the bundle.

use std::path::Path;

use super::archive::{self, Entry, ZipSlice};
use crate::error::Result;
use crate::extension::on_demand::Linked;

/// The folder below the mount.
const FOLDER: &str = "licenses";

/// A slice with the license of each library; `folder` is for its zip.
pub(crate) fn license_slices(libraries: &[Linked], folder: &Path) -> Result<Option<ZipSlice>> {
    let with_license = libraries.iter().filter_map(|library| {
        Some(Entry {
            name: format!("{FOLDER}/{}.txt", library.name()),
            path: library.license()?,
        })
    });
    let entries: Vec<Entry> = with_license.collect();
    if entries.is_empty() {
        return Ok(None);
    }
    let archive = folder.join("licenses.zip");
    archive::write(entries, &archive)?;
    Ok(Some(ZipSlice::new("licenses", archive)))
}

//! The source archive of a CPython release, with the same bytes wherever it comes from.

use std::fs;
use std::path::{Path, PathBuf};

use super::releases::Release;
use crate::error::{FileContext, Result};
use crate::source::debian;
use crate::source::{Archive, Fallback, Sources};

pub(crate) fn archive(release: &Release) -> Archive {
    let version = release.version;
    Archive {
        file: format!("Python-{version}.tar.xz"),
        sha256: release.sha256.into(),
        urls: vec![format!(
            "https://www.python.org/ftp/python/{version}/Python-{version}.tar.xz"
        )],
    }
}

/// The path of the archive, checked: from the user's folder or mirror, the store, the publisher, or Debian.
pub(crate) fn obtain(release: &Release, sources: &Sources<'_>) -> Result<PathBuf> {
    let archive = archive(release);
    let from_debian = |file: &Path| {
        let package = release.series.debian;
        let original = debian::source_archive(package, release.suites, &archive.sha256)?;
        fs::copy(original.path(), file).on("copy", original.path())?;
        Ok(())
    };
    let fallback = debian::is_here().then_some(&from_debian as Fallback<'_>);
    sources.obtain(&archive, fallback)
}

//! The source archive of the CPython release, with the same bytes wherever it comes from.

use std::fs;
use std::path::{Path, PathBuf};

use super::VERSION;
use crate::error::{FileContext, Result};
use crate::source::debian;
use crate::source::{Archive, Fallback, Sources};

const SHA256: &str = "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640";

/// The Debian suite whose source package contains this release.
const DEBIAN_SUITE: &str = "trixie";
const DEBIAN_SOURCE: &str = "python3.13";

pub(crate) fn archive() -> Archive {
    Archive {
        file: format!("Python-{VERSION}.tar.xz"),
        sha256: SHA256.into(),
        urls: vec![format!(
            "https://www.python.org/ftp/python/{VERSION}/Python-{VERSION}.tar.xz"
        )],
    }
}

/// The path of the archive, checked.
pub(crate) fn obtain(sources: &Sources<'_>) -> Result<PathBuf> {
    let from_debian = |file: &Path| {
        let original = debian::source_archive(DEBIAN_SUITE, DEBIAN_SOURCE)?;
        fs::copy(original.path(), file).on("copy", original.path())?;
        Ok(())
    };
    let fallback = debian::is_here().then_some(&from_debian as Fallback<'_>);
    sources.obtain(&archive(), fallback)
}

//! Fetches the source of a library: a crate by Cargo, a source package of Debian by apt.

use std::fs;
use std::path::{Path, PathBuf};

use super::table::{Debian, Library, Origin};
use crate::error::{Error, FileContext, Result};
use crate::extension::BuildContext;
use crate::source::registry::{Cargo, PinnedCrate};
use crate::source::{debian, unpack};

/// Unpacks the source of a library, and returns its folder.
pub(super) fn unpacked(
    library: &Library,
    context: &BuildContext<'_>,
    scratch: &Path,
) -> Result<PathBuf> {
    let origin = &library.source;
    let archive = match &origin.debian {
        Some(package) => of_debian(origin, package, context)?,
        None => of_crate(origin, context)?,
    };
    let mut root = unpack(&archive, scratch)?;
    if let Some(inner) = &origin.inner {
        let within = scratch.join("inner");
        fs::create_dir_all(&within).on("create", &within)?;
        root = unpack(&root.join(inner), &within)?;
    }
    Ok(root.join(&origin.folder))
}

fn of_crate(origin: &Origin, context: &BuildContext<'_>) -> Result<PathBuf> {
    let cargo = Cargo {
        program: context.cargo,
        home: context.cargo_home,
    };
    PinnedCrate {
        name: &origin.package,
        version: &origin.version,
        sha256: &origin.sha256,
    }
    .obtain(context.sources, cargo)
}

fn of_debian(origin: &Origin, package: &Debian, context: &BuildContext<'_>) -> Result<PathBuf> {
    let fetch = |file: &Path| {
        if !debian::is_here() {
            return Err(Error::missing(
                origin.archive().file,
                "supply it in the folder that WADUP_SOURCES names",
            ));
        }
        let suites: Vec<&str> = package.suites.iter().map(String::as_str).collect();
        let found = debian::source_archive(&origin.package, &suites, &origin.sha256)?;
        fs::copy(found.path(), file)
            .map(drop)
            .on("copy", found.path())
    };
    context.sources.obtain(&origin.archive(), Some(&fetch))
}

//! Fetches the -sys crates that carry the C sources, through Cargo, checked by its lock file.

use std::fs;

use crate::command::Program;
use crate::error::{FileContext, Result};
use crate::hash;
use crate::store::{Inputs, Recipe, Workshop};

/// A manifest that asks for the four crates, and the lock file with the hash of each.
const MANIFEST: &str = include_str!("crates.toml");
const LOCK: &str = include_str!("crates.lock");

/// The recipe of the folder that holds the crates, one folder each.
pub(crate) struct CSources<'a> {
    /// The Cargo that runs this build.
    pub(crate) cargo: &'a str,
    pub(crate) offline: bool,
}

impl Recipe for CSources<'_> {
    fn name(&self) -> String {
        "c-sources".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::new(1).with("lock", hash::of_bytes(LOCK))
    }

    fn step(&self) -> String {
        "fetching the sources of zlib, bzip2, xz and sqlite".into()
    }

    fn fill(&self, workshop: &Workshop<'_>) -> Result<()> {
        let package = workshop.scratch.join("package");
        fs::create_dir_all(package.join("src")).on("create", &package)?;
        for (file, text) in [
            ("Cargo.toml", MANIFEST),
            ("Cargo.lock", LOCK),
            ("src/lib.rs", ""),
        ] {
            let path = package.join(file);
            fs::write(&path, text).on("write", &path)?;
        }
        let vendored = workshop.scratch.join("vendored");
        Program::new(self.cargo, "fetching the C sources")
            .without_cargo_environment()
            .args(["vendor", "--locked"])
            .args(self.offline.then_some("--offline"))
            .arg(&vendored)
            .current_dir(&package)
            .log(workshop.log)
            .run()?;
        for name in ["libz-sys", "bzip2-sys", "liblzma-sys", "libsqlite3-sys"] {
            let from = vendored.join(name);
            fs::rename(&from, workshop.content.join(name)).on("keep", &from)?;
        }
        Ok(())
    }
}

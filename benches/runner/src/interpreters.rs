//! The interpreters that guests are compared with.

use std::path::PathBuf;

use wadup_build::Silent;
use wadup_build::machine::Machine;

use crate::Result;

/// The interpreters of a machine that `cargo wadup setup` has set up.
#[derive(Debug)]
pub(crate) struct Interpreters {
    /// The release of all of them.
    pub(crate) version: String,
    /// The build Python: the guest's release, for this machine.
    pub(crate) native: PathBuf,
    /// CPython's own command for WASI, from the build that guests are linked with.
    pub(crate) wasm: PathBuf,
    /// The standard library of that command, as sources.
    pub(crate) stdlib: PathBuf,
    /// The folder of the standard library in the guest.
    pub(crate) mount: String,
    /// The archive with the source of both.
    pub(crate) source: PathBuf,
    /// The uv that builds use.
    pub(crate) uv: PathBuf,
}

impl Interpreters {
    /// Finds them in the store.
    pub(crate) fn find() -> Result<Self> {
        Ok(Self::on_this_machine().map_err(|error| error.report())?)
    }

    fn on_this_machine() -> wadup_build::Result<Self> {
        let machine = Machine::new(Box::new(Silent))?;
        let guest = machine.guest_python()?;
        Ok(Self {
            version: guest.version.to_owned(),
            native: machine.build_python()?,
            wasm: guest.folder.join("bin/python.wasm"),
            mount: format!("/wadup/{}", guest.library),
            stdlib: guest.folder.join("stdlib"),
            source: machine.python_source()?,
            uv: machine.uv()?,
        })
    }
}

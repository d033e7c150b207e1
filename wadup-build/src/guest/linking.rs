//! The link line of a guest: the shim, native objects and archives, after a trial link.

use std::fs;
use std::path::{Path, PathBuf};

use super::Guest;
use crate::base::Base;
use crate::bundle::Library;
use crate::cpython::Series;
use crate::error::{FileContext, Result};
use crate::extension::{self, Extension, ExtensionModule, on_demand};
use crate::hide::{self, PythonLibraries};
use crate::link::{LINK_MAP, LinkLine, NamedArchive, NativeObject, TrialLink};
use crate::plan::Size;
use crate::shim::{self, Shim};
use crate::store::Artifact;
use crate::toolchain::Toolchain;
use crate::tree;

/// The header of every `ar` archive, without members.
const EMPTY_ARCHIVE: &[u8] = b"!<arch>\n";

impl Guest<'_> {
    /// A folder with an empty libpython for the `-lpython...` that PyO3's build script passes. The linker reads it
    /// before the shim; the real libpython would bring its own table of built-in modules.
    fn empty_libpython(&self) -> Result<PathBuf> {
        let folder = self.folder.join("lib");
        fs::create_dir_all(&folder).on("create", &folder)?;
        let file = folder.join(self.base.release.series.libraries[0]);
        tree::write_if_changed(&file, EMPTY_ARCHIVE)?;
        Ok(folder)
    }

    /// The link line, and the artifacts whose files are on it.
    pub(super) fn link_line(
        &self,
        library: &Library,
        extensions: &[Extension],
        on_demand: &[on_demand::Linked],
        bundle: &Path,
        sbom: &Path,
    ) -> Result<(LinkLine, Vec<Artifact>)> {
        let Base {
            toolchain,
            release,
            python,
            c_libraries,
            compat,
            ..
        } = &self.base;
        let modules: Vec<ExtensionModule> = extensions
            .iter()
            .flat_map(|extension| extension.modules(&self.plan.exclude))
            .chain(on_demand.iter().flat_map(on_demand::Linked::modules))
            .cloned()
            .collect();
        let shim = self.store.artifact(&Shim {
            builtins: &library.builtins,
            modules: &modules,
            first_import: library.first_import,
            python,
            series: release.series,
            toolchain,
        })?;
        let mut objects = vec![
            Shim::object(&shim),
            shim::compile_data(bundle, sbom, toolchain, &self.folder.join(shim::FOLDER))?,
        ];
        let native: Vec<NativeObject> = extensions
            .iter()
            .flat_map(|extension| extension.objects(&self.plan.exclude))
            .chain(on_demand.iter().map(on_demand::Linked::object))
            .collect();
        let libraries = self.store.artifact(&PythonLibraries::of(
            python,
            release.series,
            c_libraries,
            compat,
            toolchain,
        ))?;
        let mut archives = archives(toolchain, &libraries, release.series);
        let shared = extension::shared(extensions, toolchain, self.store)?;
        let mut before_libc = None;
        let mut linked = vec![libraries];
        linked.extend(
            extensions
                .iter()
                .map(|extension| extension.linked().clone()),
        );
        linked.extend(on_demand.iter().map(|group| group.artifact().clone()));
        if let Some(shared) = shared {
            archives.extend(shared.archives);
            before_libc = Some(shared.before_libc);
            linked.extend(shared.artifacts);
        }
        self.store.artifact(&TrialLink {
            artifacts: &linked,
            toolchain,
            objects: &native,
            modules: &modules,
            archives: before_libc
                .iter()
                .map(NamedArchive::path)
                .chain(archives.iter().cloned())
                .collect(),
        })?;
        linked.push(shim);
        objects.extend(native.into_iter().map(|object| object.file));
        let memory = &self.plan.memory;
        let link_line = LinkLine {
            objects,
            archives,
            before_libc,
            python_folder: self.empty_libpython()?,
            stack_size: memory.stack_size.bytes(),
            initial_memory: memory.initial_memory.map(Size::bytes),
            maximum_memory: memory.maximum_memory.bytes(),
            debug: self.environment.system("DEBUG").as_deref() != Some("false"),
            map: self.folder.join(LINK_MAP),
        };
        Ok((link_line, linked))
    }
}

/// The archives of every guest. The emulation libraries are linked twice: hidden, for CPython, and plain, for everyone
/// else.
fn archives(toolchain: &Toolchain, libraries: &Artifact, series: &Series) -> Vec<PathBuf> {
    PythonLibraries::archives(libraries, series)
        .chain(of_toolchain(toolchain))
        .collect()
}

/// Those that lie in the toolchain.
pub(super) fn of_toolchain(toolchain: &Toolchain) -> impl Iterator<Item = PathBuf> {
    hide::of_sysroot(toolchain).chain([toolchain.builtins().to_owned()])
}

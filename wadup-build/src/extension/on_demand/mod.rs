//! Modules of the standard library that are linked only into guests that reach them, because what they need is large.

mod ctypes;
pub(super) mod libraries;
mod openssl;
mod recipe;
mod tls;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::ExtensionModule;
use crate::base::Base;
use crate::error::Result;
use crate::link::NativeObject;
use crate::patch::Patch;
use crate::sbom::{Component, Origin};
use crate::source::Sources;
use crate::source::registry::Cargo;
use crate::store::{Artifact, Store};

/// Modules that share a library, compiled from CPython's `Modules/`.
#[derive(Debug)]
struct Group {
    name: &'static str,
    /// The library's version; that of CPython by default.
    version: Option<&'static str>,
    modules: &'static [Module],
    library: Library,
    patches: &'static [Patch],
    /// Flags in addition to those of CPython's own modules.
    flags: &'static [&'static str],
    /// C files and headers of our own, by name and text.
    files: &'static [(&'static str, &'static str)],
}

/// What the modules of a group need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Library {
    OpenSsl,
    /// The group's own files.
    Files,
}

/// A module of C code in the standard library.
#[derive(Debug)]
struct Module {
    name: &'static str,
    /// Its C files in `Modules/`.
    sources: &'static [&'static str],
    /// The modules that its C code imports.
    imports: &'static [&'static str],
}

/// What the recipes of this folder are built with.
pub(crate) struct Context<'a> {
    pub(crate) base: &'a Base,
    pub(crate) sources: &'a Sources<'a>,
    pub(crate) cargo: Cargo<'a>,
    /// The folders to search for programs.
    pub(crate) path: &'a str,
}

const GROUPS: [Group; 2] = [ctypes::GROUP, tls::GROUP];

/// The modules, each with what its C code imports.
pub(crate) fn modules() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let modules = GROUPS.iter().flat_map(|group| group.modules);
    modules.map(|module| (module.name, module.imports))
}

/// A group of which a guest reaches a module.
#[derive(Debug)]
pub(crate) struct Linked {
    name: &'static str,
    artifact: Artifact,
    modules: Vec<ExtensionModule>,
    library: Library,
}

/// Builds the groups of the modules in `demanded`, or finds them in the store.
///
/// # Errors
/// When sources are not available or do not build.
pub(crate) fn build(
    demanded: &BTreeSet<&str>,
    context: &Context<'_>,
    store: &Store,
) -> Result<Vec<Linked>> {
    let mut linked = Vec::new();
    for group in &GROUPS {
        let modules = group.modules.iter().map(|module| module.name);
        let modules: Vec<ExtensionModule> = modules
            .filter(|name| demanded.contains(name))
            .map(ExtensionModule::named)
            .collect();
        if !modules.is_empty() {
            linked.push(Linked {
                name: group.name,
                artifact: group.build(context, store)?,
                modules,
                library: group.library,
            });
        }
    }
    Ok(linked)
}

impl Group {
    fn build(&self, context: &Context<'_>, store: &Store) -> Result<Artifact> {
        let library = match self.library {
            Library::OpenSsl => Some(store.artifact(&openssl::OpenSsl { context })?),
            Library::Files => None,
        };
        store.artifact(&recipe::GroupRecipe {
            group: self,
            library: library.as_ref(),
            compat: &context.base.compat,
            context,
        })
    }

    fn object(&self) -> String {
        object_of(self.name)
    }
}

fn object_of(name: &str) -> String {
    format!("objects/{name}.o")
}

impl Linked {
    /// The library, for the SBOM.
    pub(crate) fn component(&self) -> Option<Component> {
        let source = match self.library {
            Library::OpenSsl => openssl::SOURCE,
            Library::Files => return None,
        };
        Some(Component {
            origin: Origin::Crate,
            name: source.name.to_owned(),
            version: source.version.to_owned(),
            sha256: Some(source.sha256.to_owned()),
            license: Some(openssl::LICENSE.to_owned()),
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    pub(crate) fn modules(&self) -> &[ExtensionModule] {
        &self.modules
    }

    pub(crate) fn object(&self) -> NativeObject {
        NativeObject {
            package: self.name.to_owned(),
            file: self.artifact.join(object_of(self.name)),
        }
    }

    /// The text of the library's license, if it is not wadup's own.
    pub(crate) fn license(&self) -> Option<PathBuf> {
        match self.library {
            Library::OpenSsl => Some(self.artifact.join(openssl::LICENSE_FILE)),
            Library::Files => None,
        }
    }
}

//! C libraries that packages link, built from pinned sources if an overlay names them. The table is the files beside this one.

mod recipe;
mod source;
mod table;

use crate::error::Result;
use crate::extension::BuildContext;
use crate::store::{Artifact, Store};

use recipe::BuiltLibrary;
use table::all;
pub(super) use table::{Library, is_known};

/// A library in the store.
#[derive(Debug, Clone)]
pub(super) struct Built {
    pub(super) library: &'static Library,
    /// With the folders `lib`, `include` and `licenses`.
    pub(super) artifact: Artifact,
}

/// Builds libraries and those that they need, or finds them in the store.
///
/// # Errors
/// When a source is not available or does not compile.
pub(super) fn build(
    names: &[String],
    compat: &Artifact,
    context: &BuildContext<'_>,
    store: &Store,
) -> Result<Vec<Built>> {
    let mut built: Vec<Built> = Vec::new();
    for library in all(names) {
        let needed: Vec<&Built> = built
            .iter()
            .filter(|other| all(&library.needs).contains(&other.library))
            .collect();
        let artifact = store.artifact(&BuiltLibrary {
            library,
            needed: &needed,
            compat,
            cxx: match library.cxx {
                true => Some(context.base.toolchain.cxx()?),
                false => None,
            },
            context,
        })?;
        built.push(Built { library, artifact });
    }
    Ok(built)
}

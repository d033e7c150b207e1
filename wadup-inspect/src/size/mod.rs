//! Attributes each byte of a guest to what it came from, exactly once.
//!
//! Code and data are attributed by the linker's map, [`LINK_MAP`](wadup_build::output::LINK_MAP), kept as `NAME.map` beside
//! `NAME.wasm`. The Python files are found in the module itself, because the bundle is a zip in its memory. A snapshot
//! has the code and the addresses of its module, so the same map describes it.

mod bundle;
mod image;
mod layout;
mod map;
mod names;
mod origin;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use fs_err as fs;

use crate::error::{Error, Result};
use bundle::Bundle;
use image::{Region, Regions};
use layout::{Layout, length};
use map::LinkMap;

/// What a part of a guest belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// CPython itself, in C.
    Interpreter,
    /// The C libraries that CPython and the guest call: zlib, sqlite, libc.
    CLibraries,
    /// A package with native code: that code and its Python files.
    Extension(String),
    /// Python's standard library.
    StandardLibrary,
    /// A package of Python files.
    Package(String),
    /// The user's own Python.
    App,
    /// The user's crate, the crates it depends on and Rust's standard library.
    RustCode,
    /// The memory that initialization left in a snapshot.
    SnapshotMemory,
    /// The overhead of the format, and bytes of unknown origin.
    Rest,
}

impl Group {
    /// The kind of the group, in one or two words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Interpreter => "interpreter",
            Self::CLibraries => "C libraries",
            Self::Extension(_) => "extension",
            Self::StandardLibrary => "standard library",
            Self::Package(_) => "package",
            Self::App => "app",
            Self::RustCode => "Rust code",
            Self::SnapshotMemory => "snapshot memory",
            Self::Rest => "the rest",
        }
    }

    /// The package, if the group is one.
    #[must_use]
    pub fn package(&self) -> Option<&str> {
        match self {
            Self::Extension(name) | Self::Package(name) => Some(name),
            _ => None,
        }
    }
}

/// The form of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Functions.
    Code,
    /// Initial memory.
    Data,
    /// Files of the bundle, compressed.
    Files,
}

/// The bytes of one form and one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it belongs to.
    pub group: Group,
    /// Its name within the group: an object file, a module, a section.
    pub name: String,
    /// Its form.
    pub form: Form,
    /// Its size in the module's file, in bytes.
    pub bytes: u64,
}

/// How code and data were attributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// By the linker's map.
    Map,
    /// By the names of functions: native packages in Rust count as Rust code, those in C as the rest.
    Names,
    /// Not at all: they count as the rest.
    Nothing,
}

/// The bytes of a module by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes {
    /// The size of the file; the parts add up to it.
    pub bytes: u64,
    /// How code and data were attributed.
    pub basis: Basis,
    /// Every part that has bytes, in the order of groups and names.
    pub parts: Vec<Part>,
}

/// Measures the module in a file, with its map if that exists and matches.
///
/// # Errors
/// [`Error::File`] when a file cannot be read, [`Error::Malformed`] when the file is not a core module, or the map is
/// not valid.
pub fn measure(module: &Path, map: &Path) -> Result<Sizes> {
    let bytes = fs::read(module)?;
    let map = match fs::read_to_string(map) {
        Ok(text) => Some(parse(map, &text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    measure_bytes(&bytes, map.as_ref()).map_err(|error| Error::not_a_module(module, error))
}

fn parse(file: &Path, text: &str) -> Result<LinkMap> {
    LinkMap::parse(text)
        .map_err(|problem| Error::malformed(file, problem, "remove it, and build the guest again"))
}

fn measure_bytes(bytes: &[u8], map: Option<&LinkMap>) -> wasmparser::Result<Sizes> {
    let layout = Layout::read(bytes)?;
    let memory = image::of(&layout, bytes);
    let bundle = Bundle::find(&memory);
    let map = map.filter(|map| map.describes(&layout) && fits_bundle(map, bundle.as_ref()));
    let mut ledger = Ledger::default();
    ledger.add(
        Group::Rest,
        "magic and version",
        Form::Data,
        layout.preamble,
    );
    for section in &layout.sections {
        ledger.add(Group::Rest, &section.name, Form::Data, section.bytes);
    }
    let basis = count_code(&layout, map, &mut ledger);
    count_data(&layout, &regions(map, bundle), &mut ledger);
    Ok(Sizes {
        bytes: bytes.len() as u64,
        basis,
        parts: ledger.parts(),
    })
}

/// Whether the bundle is where the map says: a snapshot may be older than the map beside it.
fn fits_bundle(map: &LinkMap, bundle: Option<&Bundle<'_>>) -> bool {
    let mapped = map
        .data
        .iter()
        .find(|chunk| origin::is_bundle(&chunk.object));
    match (mapped, bundle) {
        // The bundle's length lies before it, and zeros follow it.
        (Some(chunk), Some(bundle)) => {
            chunk.start <= bundle.addresses.start
                && bundle.addresses.end <= chunk.start + chunk.bytes
        }
        (mapped, bundle) => mapped.is_none() && bundle.is_none(),
    }
}

/// The origin of each address: files first, because the map has the bundle as one piece of data.
fn regions(map: Option<&LinkMap>, bundle: Option<Bundle<'_>>) -> Regions {
    let mut regions = Regions::default();
    for file in bundle.into_iter().flat_map(Bundle::regions) {
        regions.add(file);
    }
    for chunk in map.into_iter().flat_map(|map| &map.data) {
        let (group, name) = origin::of(&chunk.object);
        regions.add(Region {
            addresses: chunk.start..chunk.start + chunk.bytes,
            group,
            name,
            form: Form::Data,
        });
    }
    regions
}

/// Counts the content of the code section: its functions under their origin, their number as what it is.
fn count_code(layout: &Layout, map: Option<&LinkMap>, ledger: &mut Ledger) -> Basis {
    let origins: Vec<(Group, String)>;
    let basis = if let Some(map) = map {
        origins = map
            .code
            .iter()
            .map(|function| origin::of(&function.object))
            .collect();
        Basis::Map
    } else if layout.names.is_empty() {
        ledger.add(Group::Rest, "code", Form::Code, length(&layout.code));
        return Basis::Nothing;
    } else {
        let name = |index| layout.names.get(index).map(String::as_str);
        origins = layout
            .functions
            .iter()
            .map(|(index, _)| names::origin(name(index)))
            .collect();
        Basis::Names
    };
    let mut left = length(&layout.code);
    for ((group, name), (_, function)) in origins.into_iter().zip(&layout.functions) {
        ledger.add(group, &name, Form::Code, length(function));
        left -= length(function);
    }
    ledger.add(Group::Rest, "number of functions", Form::Code, left);
    basis
}

/// Counts the content of the data section: by file where the bundle is, by object where the map tells.
fn count_data(layout: &Layout, regions: &Regions, ledger: &mut Ledger) {
    let (group, name) = if layout.is_snapshot {
        (Group::SnapshotMemory, "memory after initialization")
    } else {
        (Group::Rest, "data")
    };
    let mut left = length(&layout.data);
    for segment in &layout.segments {
        left -= length(&segment.bytes);
        for (addresses, region) in regions.cut(segment.addresses.clone()) {
            let bytes = length(&addresses);
            match region {
                Some(region) => ledger.add(region.group.clone(), &region.name, region.form, bytes),
                None => ledger.add(group.clone(), name, Form::Data, bytes),
            }
        }
    }
    ledger.add(Group::Rest, "addresses of data", Form::Data, left);
}

/// Bytes by part.
#[derive(Default)]
struct Ledger(BTreeMap<(Group, String, Form), u64>);

impl Ledger {
    fn add(&mut self, group: Group, name: &str, form: Form, bytes: u64) {
        *self.0.entry((group, name.to_owned(), form)).or_default() += bytes;
    }

    /// The parts, with the Python files of a package beside its native code.
    fn parts(mut self) -> Vec<Part> {
        let native: Vec<String> = self
            .0
            .keys()
            .filter_map(|(group, ..)| match group {
                Group::Extension(name) => Some(name.clone()),
                _ => None,
            })
            .collect();
        let all = std::mem::take(&mut self.0);
        for ((group, name, form), bytes) in all {
            let group = match group {
                Group::Package(package) if native.contains(&package) => Group::Extension(package),
                group => group,
            };
            self.add(group, &name, form, bytes);
        }
        self.0
            .into_iter()
            .filter(|(_, bytes)| *bytes > 0)
            .map(|((group, name, form), bytes)| Part {
                group,
                name,
                form,
                bytes,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;

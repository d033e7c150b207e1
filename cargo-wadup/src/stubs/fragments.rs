//! Reads what PyO3's macros have left in a compiled library: one fragment of JSON for each module, class and function.

use std::path::Path;

use goblin::archive::Archive;
use wasmparser::{KnownCustom, Linking, Parser, Payload, SymbolInfo};

use super::library;

/// How the names of their symbols begin.
const PREFIX: &str = "PYO3_INTROSPECTION_";

/// What PyO3 says of one module, class or function.
pub(super) struct Fragment {
    /// The symbol, which names the version of the format.
    pub(super) symbol: String,
    /// The length of the JSON, and the JSON.
    pub(super) bytes: Vec<u8>,
}

impl Fragment {
    /// The text. Its length stands before it, as a number of 32 bits in little-endian order, and zeros may follow.
    pub(super) fn json(&self) -> &[u8] {
        let Some((length, rest)) = self.bytes.split_first_chunk() else {
            return &[];
        };
        let length = u32::from_le_bytes(*length) as usize;
        rest.get(..length).unwrap_or(rest)
    }
}

/// The fragments in an archive of objects for WebAssembly.
///
/// # Errors
/// If the file cannot be read as one.
pub(super) fn of_library(file: &Path) -> Result<Vec<Fragment>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("`{}`: {error}", file.display());
    let bytes = library::read(file)?;
    let archive = Archive::parse(&bytes).map_err(|error| failed(&error))?;
    let mut fragments = Vec::new();
    for index in 0..archive.len() {
        let Some(member) = archive.get_at(index) else {
            continue;
        };
        let start = usize::try_from(member.offset).map_err(|error| failed(&error))?;
        let object = bytes
            .get(start..)
            .and_then(|rest| rest.get(..member.size()));
        let object = object.ok_or_else(|| failed(&"a member is cut off"))?;
        // rustc's own metadata are a member too.
        if object.starts_with(b"\0asm") {
            collect(object, &mut fragments).map_err(|error| failed(&error))?;
        }
    }
    Ok(fragments)
}

fn collect(object: &[u8], fragments: &mut Vec<Fragment>) -> wasmparser::Result<()> {
    let mut segments = Vec::new();
    for payload in Parser::new(0).parse_all(object) {
        match payload? {
            Payload::DataSection(section) => {
                for segment in section {
                    segments.push(segment?.data);
                }
            }
            // It comes after the data.
            Payload::CustomSection(section) => {
                let KnownCustom::Linking(linking) = section.as_known() else {
                    continue;
                };
                for subsection in linking.subsections() {
                    let Linking::SymbolTable(symbols) = subsection? else {
                        continue;
                    };
                    for symbol in symbols {
                        fragments.extend(fragment(&symbol?, &segments));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The fragment behind a symbol, if it is one. Its bytes refer to nothing, so that no relocation changes them.
fn fragment(symbol: &SymbolInfo<'_>, segments: &[&[u8]]) -> Option<Fragment> {
    let SymbolInfo::Data {
        name,
        symbol: Some(place),
        ..
    } = symbol
    else {
        return None;
    };
    if !name.starts_with(PREFIX) {
        return None;
    }
    let segment = segments.get(place.index as usize)?;
    let end = place.offset.checked_add(place.size)?;
    let bytes = segment.get(place.offset as usize..end as usize)?;
    Some(Fragment {
        symbol: (*name).to_owned(),
        bytes: bytes.to_vec(),
    })
}

//! Carries PyO3's fragments to the library that turns them into stubs: it reads ELF, Mach-O and PE, and no WebAssembly.

use std::io::Write;

use object::write::{Object, Symbol, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, SectionKind, SymbolFlags, SymbolKind, SymbolScope,
};
use tempfile::NamedTempFile;

use super::fragments::Fragment;

/// A file in the format ELF with nothing but the fragments, each behind its symbol.
pub(super) fn file(fragments: &[Fragment]) -> Result<NamedTempFile, String> {
    let bytes = object(fragments)
        .write()
        .map_err(|error| format!("could not carry PyO3's fragments: {error}"))?;
    let failed = |error| format!("could not write a temporary file: {error}");
    let mut file = NamedTempFile::new().map_err(failed)?;
    file.write_all(&bytes).map_err(failed)?;
    Ok(file)
}

fn object(fragments: &[Fragment]) -> Object<'_> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    let section = object.add_section(Vec::new(), b".pyo3".to_vec(), SectionKind::ReadOnlyData);
    for fragment in fragments {
        let symbol = object.add_symbol(Symbol {
            name: fragment.symbol.clone().into_bytes(),
            value: 0,
            size: 0,
            kind: SymbolKind::Data,
            scope: SymbolScope::Linkage,
            weak: false,
            section: SymbolSection::Section(section),
            flags: SymbolFlags::None,
        });
        object.add_symbol_data(symbol, section, &fragment.bytes, 4);
    }
    object
}

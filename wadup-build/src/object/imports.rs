//! Rewrites the import section of a relocatable object, which contains the names of undefined functions.

use wasm_encoder::Encode;
use wasmparser::{BinaryReader, TypeRef};

use super::Edit;

/// The module from which objects import the definitions of other objects.
const OBJECTS: &str = "env";

/// The content of the section with the names from `edit`. The bytes of types stay unchanged.
pub(super) fn rewrite<'a>(
    mut section: BinaryReader<'a>,
    edit: &mut impl Edit<'a>,
) -> wasmparser::Result<Vec<u8>> {
    let mut rewritten = Vec::new();
    let count = section.read_var_u32()?;
    count.encode(&mut rewritten);
    for _ in 0..count {
        let module = section.read_string()?;
        let name = section.read_string()?;
        let mut ahead = section.clone();
        let start = ahead.original_position();
        let kind: TypeRef = ahead.read()?;
        let size = ahead.original_position() - start;
        let ty = section.read_bytes(size as usize)?;
        let is_function = matches!(kind, TypeRef::Func(_));
        let name = if is_function && module == OBJECTS {
            edit.import(name)
        } else {
            name
        };
        module.encode(&mut rewritten);
        name.encode(&mut rewritten);
        rewritten.extend_from_slice(ty);
    }
    Ok(rewritten)
}

//! Removes what a host does not need to run a module, as `strip = true` in a Cargo profile does.

/// The id of a custom section (WebAssembly 3.0, 5.5.3); names and producers are in those.
const CUSTOM: u8 = 0;

const HEADER_BYTES: usize = 8;

/// The module without its custom sections; `None` if it is cut off.
pub(crate) fn strip(wasm: &[u8]) -> Option<Vec<u8>> {
    let (header, mut rest) = wasm.split_at_checked(HEADER_BYTES)?;
    let mut stripped = header.to_vec();
    while let Some(id) = rest.first() {
        let (length, length_bytes) = leb128(&rest[1..])?;
        let (section, after) = rest.split_at_checked(1 + length_bytes + length)?;
        if *id != CUSTOM {
            stripped.extend_from_slice(section);
        }
        rest = after;
    }
    Some(stripped)
}

/// A number and how many bytes it takes (5.2.2).
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, place + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_the_others_stay() {
        let header = *b"\0asm\x01\0\0\0";
        // A custom section of 2 bytes whose length is written in two, and a type section of 1.
        let sections = [&[0, 0x82, 0, 1, b'n'][..], &[1, 1, 0]];

        let stripped = strip(&[&header, sections[0], sections[1], sections[0]].concat());

        assert_eq!(stripped, Some([&header, sections[1]].concat()));
        assert_eq!(strip(b"\0asm\x01\0\0\0\x01\x09"), None);
    }
}

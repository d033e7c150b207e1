//! Reads the map of wasm-ld (`-Map`): which object each function and each piece of data comes from.
//!
//! Its columns are `Addr Off Size Out In Symbol`, numbers in hexadecimal (lld, `wasm/MapFile.cpp`). The
//! indentation of a name shows its column: an output section, an input section `OBJECT:(NAME)`, a symbol.

use super::layout::{Layout, length};

/// The content of a map.
#[derive(Debug, Default, PartialEq)]
pub(super) struct LinkMap {
    /// The functions, in the order of the code section.
    pub(super) code: Vec<Function>,
    /// The initial memory.
    pub(super) data: Vec<Chunk>,
    /// The size of the code section, with its header.
    code_section: u64,
}

/// A function of the code section.
#[derive(Debug, PartialEq)]
pub(super) struct Function {
    pub(super) object: String,
    /// Its size, including the encoded size before it.
    pub(super) bytes: u64,
}

/// A piece of an output data segment.
#[derive(Debug, PartialEq)]
pub(super) struct Chunk {
    pub(super) object: String,
    /// Its address.
    pub(super) start: u64,
    pub(super) bytes: u64,
}

/// The indentation of a name of each column, in characters after the numbers.
const OUT: usize = 0;
const IN: usize = 8;

impl LinkMap {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let heads: Vec<&str> = lines
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        if heads != ["Addr", "Off", "Size", "Out", "In", "Symbol"] {
            return Err("it is not a map of wasm-ld: the heading differs".into());
        }
        let mut map = Self::default();
        let mut out = "";
        for (number, line) in lines.enumerate() {
            let line = Line::parse(line).ok_or_else(|| {
                format!("line {} has no address, offset, size and name", number + 2)
            })?;
            match (line.indent, out) {
                (OUT, _) => {
                    out = line.name;
                    if out == "CODE" {
                        map.code_section = line.bytes;
                    }
                }
                (IN, "CODE") => map.code.push(Function {
                    object: line.object(),
                    bytes: line.bytes,
                }),
                // Zero-initialized memory is not in the file.
                (IN, segment) if segment.starts_with('.') && !segment.starts_with(".bss") => {
                    if let Some(start) = line.address {
                        map.data.push(Chunk {
                            object: line.object(),
                            start,
                            bytes: line.bytes,
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(map)
    }

    /// Whether this is the map of the module, or of the module of a snapshot.
    pub(super) fn describes(&self, layout: &Layout) -> bool {
        self.code_section == layout.code_section
            && self.code.len() == layout.functions.len()
            && self
                .code
                .iter()
                .zip(&layout.functions)
                .all(|(mapped, (_, found))| mapped.bytes == length(found))
    }
}

/// One line of a map.
struct Line<'a> {
    /// `-` if it has no address.
    address: Option<u64>,
    bytes: u64,
    indent: usize,
    name: &'a str,
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (address, rest) = line.trim_start().split_once(' ')?;
        let (_offset, rest) = rest.trim_start().split_once(' ')?;
        let (bytes, rest) = rest.trim_start().split_once(' ')?;
        let name = rest.trim_start();
        Some(Self {
            address: u64::from_str_radix(address, 16).ok(),
            bytes: u64::from_str_radix(bytes, 16).ok()?,
            indent: rest.len() - name.len(),
            name,
        })
    }

    /// The object of an input section.
    fn object(&self) -> String {
        let object = self.name.rsplit_once(":(");
        object.map_or(self.name, |(object, _)| object).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As wasm-ld 22 wrote it for two small C files, one of them in a library.
    const MAP: &str = "    Addr      Off     Size Out     In      Symbol
       -        8        c TYPE
       -       20        5 MEMORY
       0        0        0         __stack_pointer
       -       45       5b CODE
       -       46       43         my folder/a.o:(process)
       -       46       43                 process
       -       89       15         libb.a(b.o):(extf)
       -       89       15                 extf
       -       a0      412 DATA
   10000       a1      3f3 .rodata
   10000       a9      3e8         a.o:(.rodata.table)
   10000       a9      3e8                 table
   103e8      491        b         <internal>:(.rodata)
   103f4      49c        c .data
   103f8      4a7        8         libb.a(b.o):(.data.names)
   10400       a0      190 .bss
   10400        0      190         a.o:(.bss.zero)
       -      4fb       3b CUSTOM(producers)
";

    #[test]
    fn functions_and_data_are_read_with_their_objects() {
        let map = LinkMap::parse(MAP).unwrap();

        let function = |object: &str, bytes| Function {
            object: object.into(),
            bytes,
        };
        let chunk = |object: &str, start, bytes| Chunk {
            object: object.into(),
            start,
            bytes,
        };
        assert_eq!(
            map,
            LinkMap {
                code: vec![
                    function("my folder/a.o", 0x43),
                    function("libb.a(b.o)", 0x15)
                ],
                data: vec![
                    chunk("a.o", 0x10000, 0x3e8),
                    chunk("<internal>", 0x103e8, 0xb),
                    chunk("libb.a(b.o)", 0x103f8, 8),
                ],
                code_section: 0x5b,
            }
        );
    }

    #[test]
    fn other_text_is_rejected() {
        assert!(LinkMap::parse("VMA LMA Size Align Out In Symbol\n").is_err());
        let problem = LinkMap::parse("Addr Off Size Out In Symbol\nnonsense\n").unwrap_err();
        assert!(problem.starts_with("line 2 "), "{problem}");
    }
}

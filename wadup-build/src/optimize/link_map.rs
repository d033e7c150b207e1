//! Rewrites wasm-ld's map (`-Map`) for a module whose functions were reordered, merged and resized.
//!
//! A function keeps the object that it came from, wherever it went. The columns are those of lld's `wasm/MapFile.cpp`; data keeps
//! its addresses, since optimization does not move it.

use super::split::{Function, leb128_length};

/// The code section's own line, and how far below it the lines of its functions are indented.
const SECTION: &str = " CODE";

/// The map of the optimized module, or `None` if the text is no map with code.
pub(super) fn of(map: &str, functions: &[Function]) -> Option<String> {
    let lines: Vec<&str> = map.lines().collect();
    let code = lines.iter().position(|line| line.ends_with(SECTION))?;
    let after = lines[code + 1..]
        .iter()
        .position(|line| indent(line) == Some(0))
        .map_or(lines.len(), |count| code + 1 + count);
    let names = names(&lines[code + 1..after]);
    let mut new = lines[..code].join("\n");
    let (first, last) = (functions.first()?, functions.last()?);
    let length = last.bytes.end - first.bytes.start;
    // The section begins with its id, its size and the number of functions.
    let content = length + leb128_length(functions.len() as u64);
    let whole = content + leb128_length(content) + 1;
    push(
        &mut new,
        last.bytes.end.saturating_sub(whole),
        whole,
        0,
        "CODE",
    );
    for function in functions {
        let was = function.was.and_then(|was| names.get(was));
        let (section, symbol) = was.copied().unwrap_or(("wasm-opt:(made)", "made"));
        let (offset, length) = (
            function.bytes.start,
            function.bytes.end - function.bytes.start,
        );
        push(&mut new, offset, length, 8, section);
        push(&mut new, offset, length, 16, symbol);
    }
    for line in &lines[after..] {
        new.push('\n');
        new.push_str(line);
    }
    new.push('\n');
    Some(new)
}

fn push(map: &mut String, offset: u64, bytes: u64, indent: usize, name: &str) {
    map.push_str(&format!(
        "\n       - {offset:8x} {bytes:8x} {:indent$}{name}",
        ""
    ));
}

/// The input section and the symbol of each function, in their order.
fn names<'a>(lines: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut names = Vec::new();
    for line in lines {
        let name = column(line).map_or("", str::trim_start);
        match indent(line) {
            Some(8) => names.push((name, "")),
            _ => {
                if let Some((_, symbol)) = names.last_mut() {
                    *symbol = name;
                }
            }
        }
    }
    names
}

/// What follows the three numbers of a line and one space.
fn column(line: &str) -> Option<&str> {
    let mut rest = line;
    for _ in 0..3 {
        rest = rest.trim_start().split_once(' ')?.1;
    }
    Some(rest)
}

fn indent(line: &str) -> Option<usize> {
    let column = column(line)?;
    Some(column.len() - column.trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "    Addr      Off     Size Out     In      Symbol
       -        8        c TYPE
       -       45       5b CODE
       -       46       43         my folder/a.o:(process)
       -       46       43                 process
       -       89       15         libb.a(b.o):(extf)
       -       89       15                 extf
       -       a0      412 DATA
   10000       a1      3f3 .rodata
";

    #[test]
    fn functions_keep_their_objects_where_they_go() {
        let functions = [
            Function {
                was: Some(1),
                bytes: 0x40..0x50,
            },
            Function {
                was: None,
                bytes: 0x50..0x58,
            },
            Function {
                was: Some(0),
                bytes: 0x58..0x78,
            },
        ];

        let map = of(MAP, &functions).unwrap();

        assert_eq!(
            map,
            "    Addr      Off     Size Out     In      Symbol
       -        8        c TYPE
       -       3d       3b CODE
       -       40       10         libb.a(b.o):(extf)
       -       40       10                 extf
       -       50        8         wasm-opt:(made)
       -       50        8                 made
       -       58       20         my folder/a.o:(process)
       -       58       20                 process
       -       a0      412 DATA
   10000       a1      3f3 .rodata
"
        );
    }

    #[test]
    fn a_text_without_code_is_no_map() {
        assert_eq!(of("VMA LMA Size\n", &[]), None);
    }
}

//! Leaves out of a module's data what memory contains anyway: long runs of zeros, which linkers write out.

use std::ops::Range;

use wasm_encoder::{ConstExpr, DataSection};
use wasmparser::{BinaryReader, ConstExpr as Expression, DataKind, DataSectionReader, Operator};

/// A shorter run costs less than another segment, whose header takes up to 12 bytes.
const SHORTEST_RUN: usize = 32;

/// A segment that is in memory from the start.
struct Active<'a> {
    address: u32,
    content: &'a [u8],
}

/// A data section, packed, or `None` if it must stay as it is: code uses its segments by number, an address is known only at run
/// time, or a segment writes over another.
///
/// The memory must be the module's own, which is zeros before ("Memory Instances" in the WebAssembly specification).
pub(super) fn packed(section: &[u8]) -> wasmparser::Result<Option<DataSection>> {
    let Some(segments) = active(section)? else {
        return Ok(None);
    };
    let mut packed = DataSection::new();
    for Active { address, content } in segments {
        for range in without_zeros(content) {
            // Both are below 4 GiB, as the memory is.
            let address = address.wrapping_add(range.start as u32);
            let offset = ConstExpr::i32_const(address.cast_signed());
            packed.active(0, &offset, content[range].iter().copied());
        }
    }
    Ok(Some(packed))
}

/// The segments, if all are active, in order of their addresses and apart from each other.
fn active(section: &[u8]) -> wasmparser::Result<Option<Vec<Active<'_>>>> {
    let mut segments = Vec::new();
    let mut end = 0;
    for data in DataSectionReader::new(BinaryReader::new(section, 0))? {
        let data = data?;
        let address = match &data.kind {
            DataKind::Active {
                memory_index: 0,
                offset_expr,
            } => constant(offset_expr)?,
            _ => None,
        };
        let Some(address) = address.filter(|address| u64::from(*address) >= end) else {
            return Ok(None);
        };
        end = u64::from(address) + data.data.len() as u64;
        segments.push(Active {
            address,
            content: data.data,
        });
    }
    Ok(Some(segments))
}

fn constant(expression: &Expression<'_>) -> wasmparser::Result<Option<u32>> {
    Ok(match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    })
}

/// The parts of a segment between its long runs of zeros.
fn without_zeros(content: &[u8]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for values in content.chunk_by(|left, right| (*left == 0) == (*right == 0)) {
        let range = start..start + values.len();
        start = range.end;
        if values[0] == 0 && (values.len() >= SHORTEST_RUN || range.start == 0) {
            continue;
        }
        match parts.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => parts.push(range),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use wasm_encoder::Module;
    use wasmparser::{Parser, Payload};

    use super::*;

    /// The data section of a module.
    fn section(module: &[u8]) -> Vec<u8> {
        let payloads = Parser::new(0).parse_all(module).map(Result::unwrap);
        let mut ranges = payloads.filter_map(|payload| match payload {
            Payload::DataSection(data) => Some(data.range()),
            _ => None,
        });
        let range = ranges.next().unwrap();
        module[range.start as usize..range.end as usize].to_vec()
    }

    fn of_text(text: &str) -> Vec<u8> {
        section(&wat::parse_str(format!("(module (memory 1) {text})")).unwrap())
    }

    fn segments(section: &[u8]) -> Vec<(u32, Vec<u8>)> {
        let segments = active(section).unwrap().unwrap();
        let owned = segments
            .into_iter()
            .map(|segment| (segment.address, segment.content.to_vec()));
        owned.collect()
    }

    #[test]
    fn long_runs_of_zeros_are_left_out() {
        let zeros = "\\00".repeat(40);
        let section = of_text(&format!(
            r#"(data (i32.const 8) "ab\00c{zeros}d") (data (i32.const 512) "{zeros}")"#
        ));

        let packed = packed(&section).unwrap().unwrap();

        let mut module = Module::new();
        module.section(&packed);
        let found = segments(&self::section(&module.finish()));
        assert_eq!(found, [(8, b"ab\0c".to_vec()), (52, b"d".to_vec())]);
    }

    #[test]
    fn data_that_code_uses_by_number_stays() {
        let section = of_text(r#"(data (i32.const 8) "ab") (data "passive")"#);

        assert!(packed(&section).unwrap().is_none());
    }

    #[test]
    fn data_that_overwrites_data_stays() {
        let section = of_text(r#"(data (i32.const 8) "ab") (data (i32.const 9) "\00")"#);

        assert!(packed(&section).unwrap().is_none());
    }
}

//! What native code may import: the names of modules among the strings in its data.

use std::collections::BTreeSet;

use wasmparser::{Linking, LinkingSectionReader, Parser, Payload, SymbolInfo};

/// Fewer letters than this turn up in any longer text by chance.
const SHORTEST_IN_TEXT: usize = 6;

/// Cython and compilers of Rust lay strings end to end, without a sign between them. Shorter data are one string or a list of them.
const SHORTEST_TEXT: usize = 64;

/// Which of the modules an object names.
///
/// A string that is the name of a module for another reason counts as well: a module too many costs bytes, one too few an error.
pub(super) fn named<'m>(
    object: &[u8],
    modules: &BTreeSet<&'m str>,
) -> wasmparser::Result<BTreeSet<&'m str>> {
    let mut named = BTreeSet::new();
    for data in data_of_symbols(object)? {
        for text in data.split(|byte| *byte == 0) {
            let Ok(text) = std::str::from_utf8(text) else {
                named.extend(within(&String::from_utf8_lossy(text), modules));
                continue;
            };
            named.extend(modules.get(text));
            if text.len() >= SHORTEST_TEXT {
                named.extend(within(text, modules));
            }
        }
    }
    Ok(named)
}

fn within<'m>(text: &str, modules: &BTreeSet<&'m str>) -> impl Iterator<Item = &'m str> {
    modules
        .iter()
        .copied()
        .filter(move |name| name.len() >= SHORTEST_IN_TEXT && text.contains(name))
}

/// The bytes behind each symbol of data: compilers give each string one.
fn data_of_symbols(object: &[u8]) -> wasmparser::Result<Vec<&[u8]>> {
    let mut segments = Vec::new();
    let mut places = Vec::new();
    for payload in Parser::new(0).parse_all(object) {
        match payload? {
            Payload::DataSection(section) => {
                for data in section {
                    segments.push(data?.data);
                }
            }
            Payload::CustomSection(section) if section.name() == "linking" => {
                for part in LinkingSectionReader::new(section.data_reader())?.subsections() {
                    let Linking::SymbolTable(symbols) = part? else {
                        continue;
                    };
                    for symbol in symbols {
                        if let SymbolInfo::Data {
                            symbol: Some(place),
                            ..
                        } = symbol?
                        {
                            places.push(place);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(places
        .iter()
        .filter_map(|place| {
            let segment: &[u8] = segments.get(place.index as usize)?;
            let end = place.offset.checked_add(place.size)?;
            segment.get(place.offset as usize..end as usize)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::bench::Bench;

    fn named_in(source: &str) -> Vec<&'static str> {
        let modules = BTreeSet::from(["collections.abc", "datetime", "decimal", "json", "re"]);
        let object = std::fs::read(Bench::new().object("x.c", source)).unwrap();
        named(&object, &modules).unwrap().into_iter().collect()
    }

    #[test]
    fn a_string_that_is_the_name_of_a_module_is_an_import() {
        let found = named_in(
            r#"extern void *import(const char *); void *f(void) { return import("json"); } void *g(void) { return import("re"); }
               const char *of_another = "jsonb"; const char *in_text = "a text about json";"#,
        );

        assert_eq!(found, ["json", "re"]);
    }

    #[test]
    fn longer_names_are_found_in_strings_that_were_laid_end_to_end() {
        let found = named_in(
            r#"extern const char all[]; const char all[] = "__main__appendcollections.abcdatetimedescriptorsitemsjsonkeysreplacevalues";"#,
        );

        assert_eq!(found, ["collections.abc", "datetime"]);
    }
}

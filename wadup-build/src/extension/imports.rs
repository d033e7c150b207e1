//! Finds the modules that native code may import: names of modules among the strings in its data.

use std::collections::BTreeSet;

use wasmparser::{Linking, LinkingSectionReader, Parser, Payload, SymbolInfo};

/// Shorter names occur in longer text by chance.
const SHORTEST_IN_TEXT: usize = 6;

/// Cython and rustc concatenate strings without a separator. Shorter data is one string or a list of strings.
const SHORTEST_TEXT: usize = 64;

/// The modules that an object names.
///
/// A string that equals the name of a module by chance counts too: an extra module costs bytes, a missing one an error.
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

/// The bytes of each data symbol: compilers define one for each string.
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
    fn longer_names_are_found_in_concatenated_strings() {
        let found = named_in(
            r#"extern const char all[]; const char all[] = "__main__appendcollections.abcdatetimedescriptorsitemsjsonkeysreplacevalues";"#,
        );

        assert_eq!(found, ["collections.abc", "datetime"]);
    }
}

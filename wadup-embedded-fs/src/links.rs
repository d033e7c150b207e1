//! Resolves the symbolic links of a zip: each becomes a file with the contents of the file that it leads to.

use crate::archive::ArchiveEntry;
use crate::error::ImageError;
use crate::path::{by_component, trimmed};

/// Replaces the content of every link in entries that are sorted by component.
pub(crate) fn follow(entries: &mut [ArchiveEntry<'_>]) -> Result<(), ImageError> {
    for place in 0..entries.len() {
        let link = entries[place];
        if !link.is_link {
            continue;
        }
        let target = target(&link).and_then(|path| file(entries, &path));
        entries[place].content = target
            .ok_or_else(|| ImageError::Damaged {
                what: format!(
                    "the link {:?} does not lead to a file of the zip",
                    link.name
                ),
            })?
            .content;
    }
    Ok(())
}

/// The path that a link's content names, from the root; none if it leads out.
fn target(link: &ArchiveEntry<'_>) -> Option<String> {
    let content = link.content.read().ok()?;
    let path = str::from_utf8(&content).ok()?;
    let mut components: Vec<&str> = link.name.split('/').collect();
    components.pop();
    for component in path.split('/') {
        match component {
            ".." => drop(components.pop()?),
            name => components.push(name),
        }
    }
    Some(components.join("/"))
}

/// The file of this name. A link is not accepted, so two links cannot lead to each other.
fn file<'e, 'a>(entries: &'e [ArchiveEntry<'a>], path: &str) -> Option<&'e ArchiveEntry<'a>> {
    let found = entries
        .binary_search_by(|entry| by_component(trimmed(entry.name), path))
        .ok()?;
    let entry = &entries[found];
    (!entry.is_link && !entry.name.ends_with('/')).then_some(entry)
}

#[cfg(test)]
mod tests {
    use crate::error::ImageError;
    use crate::image::{Image, Node};
    use crate::samples;

    fn with_link(name: &str, target: &str) -> Vec<u8> {
        samples::linked(&[("zones/Europe/Berlin", "CET")], &[(name, target)])
    }

    #[test]
    fn a_link_is_a_file_with_the_bytes_of_another() {
        for (name, target) in [
            ("zones/Poland", "Europe/Berlin"),
            ("zones/Europe/Oslo", "Berlin"),
            ("other/zones/Oslo", "../../zones/Europe/Berlin"),
        ] {
            let zip = with_link(name, target);
            let image = Image::parse(&zip).unwrap();

            let node = image.lookup(Node::ROOT, name).unwrap();

            assert_eq!(
                (&*image.read(node).unwrap(), image.size(node)),
                (&b"CET"[..], 3)
            );
        }
    }

    #[test]
    fn a_link_that_does_not_lead_to_a_file_is_refused() {
        for target in [
            "Europe/Paris",
            "Europe",
            "Poland",
            "",
            "/zones/Europe/Berlin",
            "../../zones/Europe/Berlin",
        ] {
            let zip = with_link("zones/Poland", target);

            let refused = Image::parse(&zip).err();

            let what = "the link \"zones/Poland\" does not lead to a file of the zip".to_owned();
            assert_eq!(refused, Some(ImageError::Damaged { what }), "{target}");
        }
    }
}

//! Requirements as PEP 508 writes them.

use pep508_rs::Requirement;

/// The requirement that `text` writes.
///
/// # Errors
/// What is wrong with the text, in words.
pub(crate) fn parse_requirement(text: &str) -> Result<Requirement, String> {
    // pep508_rs 0.9 counts in characters what it cuts by bytes; PEP 508 knows nothing beyond ASCII.
    if let Some(letter) = text.chars().find(|letter| !letter.is_ascii()) {
        return Err(format!(
            "`{letter}` has no place in a requirement: expected nothing beyond ASCII"
        ));
    }
    // It panics at a name of a package or an extra that ends otherwise and is followed by anything.
    if let Some(name) = names(text).find(|name| name.ends_with(['.', '-', '_'])) {
        return Err(format!(
            "`{name}` is no name of a package or an extra: expected a letter or a digit at its end"
        ));
    }
    text.parse()
        .map_err(|error: pep508_rs::Pep508Error| error.to_string())
}

/// The name of the package, then every word in the brackets behind it: those are the names of extras.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    let text = text.trim_start();
    let end = text
        .find(|letter| !is_of_name(letter))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let extras = rest.trim_start().strip_prefix('[').unwrap_or_default();
    let extras = extras.split(']').next().unwrap_or_default();
    std::iter::once(name)
        .chain(extras.split(|letter: char| letter == ',' || letter.is_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_read_and_a_broken_name_is_an_error() {
        assert_eq!(
            parse_requirement("a.b-c==1").unwrap().name.to_string(),
            "a-b-c"
        );
        assert!(parse_requirement("a[x-y,z] >=1").is_ok());
        for wrong in [
            "a- ==1",
            "a-==1",
            "a_",
            "a.[x]",
            " b- ; x",
            "!!",
            "a[e-]",
            "a [x, e. ]==1",
            "a[e_",
            "a; os_name == 'x' and ˡ",
            "a ˡl ˡ; ˡ",
        ] {
            assert!(parse_requirement(wrong).is_err(), "{wrong}");
        }
    }
}

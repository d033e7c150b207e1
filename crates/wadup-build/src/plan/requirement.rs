//! Requirements as PEP 508 writes them.

use pep508_rs::Requirement;

/// The requirement that `text` writes.
///
/// # Errors
/// What is wrong with the text, in words.
pub(crate) fn parse_requirement(text: &str) -> Result<Requirement, String> {
    // pep508_rs 0.9 panics at such a name where anything follows it.
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    let name = text.trim_start();
    let end = name
        .find(|letter| !is_of_name(letter))
        .unwrap_or(name.len());
    if name[..end].ends_with(['.', '-', '_']) {
        return Err(format!(
            "`{}` is no name of a package: expected a letter or a digit at its end",
            &name[..end]
        ));
    }
    text.parse()
        .map_err(|error: pep508_rs::Pep508Error| error.to_string())
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
        for wrong in ["a- ==1", "a-==1", "a_", "a.[x]", " b- ; x", "!!"] {
            assert!(parse_requirement(wrong).is_err(), "{wrong}");
        }
    }
}

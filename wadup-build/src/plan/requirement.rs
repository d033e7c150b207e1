//! Requirements in the syntax of PEP 508.

use pep508_rs::Requirement;

/// Parses a requirement.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn parse_requirement(text: &str) -> Result<Requirement, String> {
    // pep508_rs 0.9 mixes up character and byte offsets, so only ASCII is safe; PEP 508 allows nothing else.
    if let Some(letter) = text.chars().find(|letter| !letter.is_ascii()) {
        return Err(format!(
            "`{letter}` is not valid in a requirement: expected ASCII characters only"
        ));
    }
    // pep508_rs panics on a name of a package or an extra that ends in punctuation and is followed by anything.
    if let Some(name) = names(text).find(|name| name.ends_with(['.', '-', '_'])) {
        return Err(format!(
            "`{name}` is not a valid name of a package or an extra: expected it to end in a letter or a digit"
        ));
    }
    text.parse()
        .map_err(|error: pep508_rs::Pep508Error| error.to_string())
}

/// The name of the package, then the names of the extras in the brackets after it.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let is_name_letter = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    let text = text.trim_start();
    let end = text
        .find(|letter| !is_name_letter(letter))
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
    fn invalid_requirements_are_errors_and_never_panic() {
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

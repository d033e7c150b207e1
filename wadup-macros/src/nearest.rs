//! Guesses which name a misspelled one was meant to be.

/// The greatest number of guesses.
const GUESSES: usize = 3;

/// The names that a misspelled `name` may stand for, the likeliest first; equally likely ones in alphabetical order.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    // One slip per three letters: with more, short names would resemble anything.
    let tolerance = name.chars().count().div_ceil(3);
    let mut guesses: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .collect();
    guesses.sort_unstable();
    guesses
        .into_iter()
        .take(GUESSES)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// Names as a sentence lists them: `` `a`, `b` or `c` ``, with `conjunction` before the last.
pub(crate) fn list(names: &[&str], conjunction: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => {
            format!("{} {conjunction} {last}", first.join(", "))
        }
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_comes_first() {
        let names = nearest("scorng", ["scorings", "main", "scoring"]);

        assert_eq!(names, ["scoring", "scorings"]);
    }

    #[test]
    fn two_swapped_letters_are_one_slip() {
        assert_eq!(nearest("mian", ["main"]), ["main"]);
    }

    #[test]
    fn a_name_that_resembles_nothing_has_no_guess() {
        assert!(nearest("pandas", ["users", "json", "main"]).is_empty());
    }

    #[test]
    fn a_list_reads_as_a_sentence() {
        assert_eq!(list(&[], "or"), "");
        assert_eq!(list(&["a"], "or"), "`a`");
        assert_eq!(list(&["a", "b"], "or"), "`a` or `b`");
        assert_eq!(list(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
    }
}

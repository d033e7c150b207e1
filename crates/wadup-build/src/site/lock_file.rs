//! The text of wadup.lock: a heading of ours, then what uv wrote.

use pep508_rs::Requirement;

use crate::cpython::VERSION;
use crate::hash;

/// The file's name, beside pyproject.toml.
pub(super) const FILE: &str = "wadup.lock";

/// The name under which uv gets to see the dependencies.
pub(super) const DEPENDENCIES: &str = "wadup-dependencies.in";

/// The name under which it gets to see which versions can be built.
pub(super) const CONSTRAINTS: &str = "wadup-constraints.txt";

const HEADING: &str = "\
# The packages of this guest, locked by wadup-build. Commit this file; delete it to get newer versions.
";
const INPUTS: &str = "# dependencies: sha256:";

/// The hash of all that the lock was made from: the dependencies, in any order, and the Python release.
pub(super) fn inputs(dependencies: &[Requirement]) -> String {
    hash::of_bytes(format!("python {VERSION}\n{}", lines(dependencies)))
}

/// The dependencies as uv reads them: sorted, one to a line.
pub(super) fn lines(dependencies: &[Requirement]) -> String {
    let mut lines: Vec<String> = dependencies
        .iter()
        .map(|line| format!("{line}\n"))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.concat()
}

/// The text of the file around what uv wrote.
pub(super) fn text(inputs: &str, resolved: &str) -> String {
    let mut text = format!("{HEADING}{INPUTS}{inputs}\n");
    // That a version can be built is no reason to have the package.
    let lines = resolved.lines().filter(|line| !line.ends_with(CONSTRAINTS));
    for line in lines {
        match line.split_once("-r ") {
            // uv names the file it was handed, which lay in a folder for the moment.
            Some((before, file)) if file.ends_with(DEPENDENCIES) => {
                text.push_str(before);
                text.push_str("pyproject.toml");
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// Whether the file was made from these inputs.
pub(super) fn is_made_from(text: &str, inputs: &str) -> bool {
    text.lines()
        .any(|line| line.strip_prefix(INPUTS) == Some(inputs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependencies(lines: &[&str]) -> Vec<Requirement> {
        lines.iter().map(|line| line.parse().unwrap()).collect()
    }

    #[test]
    fn the_order_of_the_dependencies_does_not_matter_and_their_versions_do() {
        let first = inputs(&dependencies(&["b==1", "a"]));

        assert_eq!(first, inputs(&dependencies(&["a", "b == 1"])));
        assert_ne!(first, inputs(&dependencies(&["a", "b==2"])));
    }

    #[test]
    fn the_file_knows_what_it_was_made_from() {
        let text = text("abc", "");

        assert!(is_made_from(&text, "abc"));
        assert!(!is_made_from(&text, "abd"));
        assert!(!is_made_from("", "abc"));
    }

    #[test]
    fn no_path_of_the_build_machine_is_written() {
        let resolved = "a==1 \\\n    --hash=sha256:aa\n    # via\n    #   -r /tmp/x/wadup-dependencies.in\n    #   b\n";

        let text = text("abc", resolved);

        assert!(
            text.ends_with(
                "a==1 \\\n    --hash=sha256:aa\n    # via\n    #   pyproject.toml\n    #   b\n"
            ),
            "{text}"
        );
    }
}

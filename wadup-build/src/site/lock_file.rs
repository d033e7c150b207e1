//! The text of wadup.lock: a heading, then the output of uv.

use pep508_rs::Requirement;

use super::local::Local;
use crate::cpython::Series;
use crate::hash;
use crate::plan::Plan;

/// The file's name, beside pyproject.toml.
pub(super) const FILE: &str = "wadup.lock";

/// The same for a guest with its tests, which has more packages.
const FILE_WITH_TESTS: &str = "wadup-tests.lock";

/// The file with the dependencies, for uv.
pub(super) const DEPENDENCIES: &str = "wadup-dependencies.in";

/// The file with the versions that can be built, for uv.
pub(super) const CONSTRAINTS: &str = "wadup-constraints.txt";

const HEADING: &str = "\
# The packages of this guest, locked by wadup-build. Commit this file; delete it to get newer versions.
";
const INPUTS: &str = "# dependencies: sha256:";

/// Begins a section with the build requirements of a package; the package's name follows.
pub(super) const SECTION: &str = "\n# to build ";

/// The name of a plan's file.
pub(super) fn name(plan: &Plan) -> &'static str {
    if plan.is_for_tests {
        FILE_WITH_TESTS
    } else {
        FILE
    }
}

/// The part of the file that pins the guest's packages, and the sections after it.
pub(super) fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(SECTION).unwrap_or(text.len()))
}

/// The hash of all inputs of the lock: the series of Python, the dependencies in any order, the local packages, and the
/// settings of uv.
///
/// The oldest release stands for the series, because packages are resolved for it and all later ones.
pub(super) fn inputs(
    series: &Series,
    dependencies: &[Requirement],
    locals: &[Local],
    settings: &str,
) -> String {
    let of_locals: String = locals
        .iter()
        .map(|local| format!("local {} {}\n", local.name, local.sha256))
        .collect();
    hash::of_bytes(format!(
        "python {}\n{}{of_locals}{settings}",
        series.oldest().version,
        lines(dependencies)
    ))
}

/// The dependencies for uv: sorted, one a line.
pub(super) fn lines(dependencies: &[Requirement]) -> String {
    let mut lines: Vec<String> = dependencies
        .iter()
        .map(|line| format!("{line}\n"))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.concat()
}

/// The text of the file, from the output of uv.
pub(super) fn text(inputs: &str, resolved: &str, locals: &[Local]) -> String {
    let mut text = format!("{HEADING}{INPUTS}{inputs}\n");
    let is_wanted = |line: &&str| {
        // Constraints and overrides are not reasons to have a package.
        !line.ends_with(CONSTRAINTS) && !line.ends_with("-c (workspace)")
    };
    let mut lines = resolved.lines().filter(is_wanted).peekable();
    while let Some(line) = lines.next() {
        if let Some(pin) = locals.iter().find_map(|local| pin(local, line)) {
            text.push_str(&pin);
            // Hashes of the archive, which differs each time it is packed.
            while lines
                .next_if(|line| line.trim().starts_with("--hash="))
                .is_some()
            {}
            continue;
        }
        match line.split_once("-r ") {
            // uv names its input file, which was in a temporary folder.
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

/// The pin of a local package, which replaces uv's line with its archive.
fn pin(local: &Local, line: &str) -> Option<String> {
    let address = line.strip_prefix(&local.name)?.strip_prefix(" @ ")?;
    let address = address.trim_end_matches(['\\', ' ']);
    let marker = address.split_once(" ; ").map(|(_, marker)| marker);
    let marker = marker.map_or_else(String::new, |marker| format!(" ; {marker}"));
    let Local {
        name,
        version,
        sha256,
        ..
    } = local;
    Some(format!(
        "{name}=={version}{marker} \\\n    --hash=sha256:{sha256}\n"
    ))
}

/// Whether the file has these inputs.
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
    fn versions_of_dependencies_matter_and_their_order_does_not() {
        let inputs = |lines: &[&str], settings| {
            inputs(Series::default(), &dependencies(lines), &[], settings)
        };
        let first = inputs(&["b==1", "a"], "");

        assert_eq!(first, inputs(&["a", "b == 1"], ""));
        assert_ne!(first, inputs(&["a", "b==2"], ""));
        assert_ne!(first, inputs(&["a", "b==1"], "resolution = \"lowest\"\n"));
    }

    #[test]
    fn a_local_package_is_pinned_by_the_hash_of_its_files() {
        let local = |sha256: &str| Local {
            version: "3.2".into(),
            sha256: sha256.into(),
            ..Local::at("helper", "/out/helper.tar.gz")
        };
        let resolved = "helper @ file:///out/helper.tar.gz ; os_name == 'posix' \\\n    --hash=sha256:aa\n    # via\n    \
                        #   -c /tmp/wadup-constraints.txt\n    #   -r /tmp/wadup-dependencies.in\n\
                        helpers==1 \\\n    --hash=sha256:cc\n    # via helper\n";

        let text = text("abc", resolved, &[local("bb")]);

        assert!(
            text.ends_with(
                "helper==3.2 ; os_name == 'posix' \\\n    --hash=sha256:bb\n    # via\n    #   pyproject.toml\n\
                 helpers==1 \\\n    --hash=sha256:cc\n    # via helper\n"
            ),
            "{text}"
        );
        assert_ne!(
            inputs(Series::default(), &[], &[local("bb")], ""),
            inputs(Series::default(), &[], &[local("cc")], "")
        );
    }

    #[test]
    fn the_file_has_the_hash_of_its_inputs() {
        let text = text("abc", "", &[]);

        assert!(is_made_from(&text, "abc"));
        assert!(!is_made_from(&text, "abd"));
        assert!(!is_made_from("", "abc"));
    }

    #[test]
    fn no_path_of_the_build_machine_is_written() {
        let resolved = "a==1 \\\n    --hash=sha256:aa\n    # via\n    #   -r /tmp/x/wadup-dependencies.in\n    #   b\n";

        let text = text("abc", resolved, &[]);

        assert!(
            text.ends_with(
                "a==1 \\\n    --hash=sha256:aa\n    # via\n    #   pyproject.toml\n    #   b\n"
            ),
            "{text}"
        );
    }
}

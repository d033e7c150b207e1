//! Reads requirements files in which every line pins a version and the hashes of its files.
//!
//! The format is pip's, with the `# via` comments of uv and pip-tools, which say which package requires
//! which.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use pep508_rs::pep440_rs::Operator;
use pep508_rs::{Requirement, VersionOrUrl};

use crate::cpython::Release;
use crate::error::{Error, Result};
use crate::plan::{markers, parse_requirement};

/// One package at one version, with the only files that may be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pinned {
    /// The normalized name.
    pub(super) name: String,
    pub(super) version: String,
    /// The SHA-256 of each file that the index offered when the package was locked, sorted.
    pub(super) hashes: Vec<String>,
    /// The packages and files that require it.
    pub(super) required_by: Vec<String>,
}

impl Pinned {
    /// The line of a requirements file that admits only files with these hashes.
    pub(super) fn line<'a>(&self, hashes: impl IntoIterator<Item = &'a String>) -> String {
        let mut line = format!("{}=={}", self.name, self.version);
        for hash in hashes {
            line.push_str(&format!(" --hash=sha256:{hash}"));
        }
        line.push('\n');
        line
    }
}

/// The packages of a requirements file whose markers match a guest, in the file's order.
pub(super) fn parse(file: &Path, text: &str, release: &Release) -> Result<Vec<Pinned>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut statement = String::new();
    let mut first_line = 0;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(entry) = entries.last_mut() {
                entry.annotate(comment.trim());
            }
            continue;
        }
        if statement.is_empty() {
            first_line = index + 1;
        }
        let line = line.split(" #").next().unwrap_or_default();
        match line.strip_suffix('\\') {
            Some(part) => statement.push_str(part),
            None => {
                statement.push_str(line);
                let whole = std::mem::take(&mut statement);
                if !whole.trim().is_empty() {
                    entries.push(Entry::parse(whole.trim()).map_err(|problem| {
                        Error::configuration(file, format!("line {first_line}: {problem}"))
                    })?);
                }
            }
        }
    }
    if !statement.trim().is_empty() {
        let problem = format!("line {first_line}: `{}` has no end", statement.trim());
        return Err(Error::configuration(file, problem));
    }
    let guest = markers::of_guest(release);
    entries.retain(|entry| entry.requirement.evaluate_markers(&guest, &[]));
    let pinned: Vec<Pinned> = entries.into_iter().map(|entry| entry.pinned).collect();
    refuse_two_versions(file, &pinned)?;
    Ok(pinned)
}

struct Entry {
    requirement: Requirement,
    pinned: Pinned,
    /// Whether the next comments list what requires it.
    in_via: bool,
}

impl Entry {
    fn parse(statement: &str) -> Result<Self, String> {
        if statement.starts_with('-') {
            return Err(format!(
                "`{statement}` is not a valid requirement: expected `name==version --hash=sha256:...` \
                 (configure indexes for uv)"
            ));
        }
        let mut parts = statement.split("--hash");
        let requirement = parse_requirement(parts.next().unwrap_or_default().trim())?;
        let name = requirement.name.to_string();
        let version = pinned_version(&requirement)
            .ok_or_else(|| format!("`{name}` is not pinned: expected `{name}==version`"))?;
        let mut hashes: Vec<String> = parts
            .filter_map(|part| part.trim_matches([' ', '=']).strip_prefix("sha256:"))
            .map(|hash| hash.trim().to_owned())
            .collect();
        if hashes.is_empty() {
            return Err(format!(
                "`{name}` has no hash: expected `{name}=={version} --hash=sha256:...`, as \
                 `uv pip compile --universal --generate-hashes` writes it"
            ));
        }
        let is_hash = |hash: &&String| {
            !hash.is_empty() && hash.chars().all(|digit| digit.is_ascii_hexdigit())
        };
        if let Some(other) = hashes.iter().find(|hash| !is_hash(hash)) {
            return Err(format!(
                "`{other}` is not a valid SHA-256 for `{name}`: expected hexadecimal digits"
            ));
        }
        hashes.sort_unstable();
        Ok(Self {
            requirement,
            pinned: Pinned {
                name,
                version,
                hashes,
                required_by: Vec::new(),
            },
            in_via: false,
        })
    }

    fn annotate(&mut self, comment: &str) {
        let required_by = match comment.strip_prefix("via") {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => {
                self.in_via = true;
                rest.trim()
            }
            _ => comment,
        };
        if self.in_via && !required_by.is_empty() {
            self.pinned.required_by.push(required_by.to_owned());
        }
    }
}

fn pinned_version(requirement: &Requirement) -> Option<String> {
    let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &requirement.version_or_url else {
        return None;
    };
    let [specifier] = &specifiers[..] else {
        return None;
    };
    (*specifier.operator() == Operator::Equal).then(|| specifier.version().to_string())
}

fn refuse_two_versions(file: &Path, pinned: &[Pinned]) -> Result<()> {
    let mut seen = BTreeMap::new();
    for package in pinned {
        if let Some(other) = seen.insert(&package.name, &package.version) {
            return Err(Error::configuration(
                file,
                format!(
                    "`{}` is pinned twice for the guest: {other} and {}",
                    package.name, package.version
                ),
            ));
        }
    }
    Ok(())
}

/// Why a package is there: "required by pydantic, required by pyproject.toml".
///
/// `file` is the last reason if no other is known.
pub(super) fn chain(name: &str, packages: &[Pinned], file: &str) -> String {
    let mut waiting = VecDeque::from([vec![name.to_owned()]]);
    let mut seen = vec![name.to_owned()];
    while let Some(path) = waiting.pop_front() {
        let package = path
            .last()
            .and_then(|last| packages.iter().find(|package| package.name == *last));
        let required_by = package.map_or(&[][..], |package| &package.required_by);
        if required_by.is_empty() {
            let reasons = path
                .iter()
                .skip(1)
                .filter(|_| package.is_some())
                .map(String::as_str);
            return reason_chain(reasons.chain([file]));
        }
        // Names of packages contain no space or dot; files and options do.
        if let Some(origin) = required_by.iter().find(|by| by.contains([' ', '.'])) {
            let origin = origin.trim_start_matches("-r ");
            return reason_chain(path.iter().skip(1).map(String::as_str).chain([origin]));
        }
        for by in required_by {
            if !seen.contains(by) {
                seen.push(by.clone());
                waiting.push_back([&path[..], std::slice::from_ref(by)].concat());
            }
        }
    }
    reason_chain([file].into_iter())
}

fn reason_chain<'a>(reasons: impl Iterator<Item = &'a str>) -> String {
    reasons
        .map(|reason| format!("required by {reason}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpython::Series;

    const FILE: &str = "\
# Locked by a tool.
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:dd
    # via -r pyproject.toml
pydantic==2.12.5 \\
    --hash=sha256:bb \\
    --hash=sha256:aa
    # via pyproject.toml
Typing_Extensions==4.16.0 --hash=sha256:cc  # a remark
    # via
    #   pydantic
    #   typing-inspection
";

    fn parsed(text: &str) -> Result<Vec<Pinned>> {
        let release = Series::default().newest();
        parse(Path::new("requirements.txt"), text, release)
    }

    #[test]
    fn pins_hashes_and_reasons_are_read_if_the_marker_matches_a_guest() {
        let pinned = parsed(FILE).unwrap();

        assert_eq!(
            pinned,
            [
                Pinned {
                    name: "pydantic".into(),
                    version: "2.12.5".into(),
                    hashes: vec!["aa".into(), "bb".into()],
                    required_by: vec!["pyproject.toml".into()],
                },
                Pinned {
                    name: "typing-extensions".into(),
                    version: "4.16.0".into(),
                    hashes: vec!["cc".into()],
                    required_by: vec!["pydantic".into(), "typing-inspection".into()],
                },
            ]
        );
    }

    #[test]
    fn a_line_that_pins_no_file_is_an_error_with_its_number() {
        for (text, expected) in [
            ("\na==1\n", "line 2: `a` has no hash"),
            ("a==1 --hash=md5:aa\n", "line 1: `a` has no hash"),
            ("a==1 --hash=sha256:\n", "line 1: `` is not a valid SHA-256"),
            (
                "a==1 --hash=sha256:aa b==2\n",
                "line 1: `aa b==2` is not a valid SHA-256 for `a`",
            ),
            ("a>=1 --hash=sha256:aa\n", "line 1: `a` is not pinned"),
            ("a==1.* --hash=sha256:aa\n", "line 1: `a` is not pinned"),
            (
                "a==1 \\\n --hash=sha256:aa\n\n--index-url x\n",
                "line 4: `--index-url x` is not a valid requirement",
            ),
            (
                "a==1 --hash=sha256:aa\na==2 --hash=sha256:aa\n",
                "`a` is pinned twice for the guest: 1 and 2",
            ),
            ("./a.whl\n", "line 1: "),
            (
                "a==1 --hash=sha256:aa\nb==2 \\\n    --hash=sha256:bb \\\n",
                "line 2: `b==2 --hash=sha256:bb` has no end",
            ),
        ] {
            let error = parsed(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn the_chain_leads_back_to_the_users_file() {
        let pinned = parsed(FILE).unwrap();

        assert_eq!(
            chain("typing-extensions", &pinned, "requirements.txt"),
            "required by pydantic, required by pyproject.toml"
        );
        assert_eq!(
            chain("pydantic", &pinned, "requirements.txt"),
            "required by pyproject.toml"
        );
    }

    #[test]
    fn a_chain_without_reasons_ends_at_the_file_and_cycles_end() {
        let bare = parsed("a==1 --hash=sha256:aa\n").unwrap();
        let circle =
            parsed("a==1 --hash=sha256:aa\n# via b\nb==1 --hash=sha256:bb\n# via a\n").unwrap();

        assert_eq!(
            chain("a", &bare, "requirements.txt"),
            "required by requirements.txt"
        );
        assert_eq!(
            chain("a", &circle, "requirements.txt"),
            "required by requirements.txt"
        );
    }

    #[test]
    fn a_line_for_uv_admits_only_the_given_hashes() {
        let pinned = parsed(FILE).unwrap();

        assert_eq!(
            pinned[0].line([&"aa".to_owned()]),
            "pydantic==2.12.5 --hash=sha256:aa\n"
        );
    }
}

//! How a new project depends on wadup's crates: by path on a checkout, or by version on a registry.

use std::fmt::{self, Display};
use std::path::Path;

use crate::checkout::Checkout;

/// Where the crates of a new project come from.
pub(super) enum Origin {
    Checkout(Checkout),
    /// The crates of this program's own version.
    Registry,
}

impl Origin {
    /// The checkout that the user named, or else what this program comes from.
    pub(super) fn choose(named: Option<&Path>) -> Result<Self, String> {
        match named {
            Some(folder) => Checkout::at(folder).map(Self::Checkout),
            None => Ok(Checkout::of_this_program().map_or(Self::Registry, Self::Checkout)),
        }
    }

    /// What stands to the right of a crate's name in Cargo.toml.
    pub(super) fn requirement(&self, name: &str) -> Result<String, String> {
        match self {
            Self::Checkout(checkout) => Ok(format!(
                "{{ path = {} }}",
                toml_string(&checkout.member(name))?
            )),
            Self::Registry => Ok(toml::Value::from(VERSION).to_string()),
        }
    }
}

/// The version of all of wadup's crates.
const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkout(checkout) => {
                write!(formatter, "the checkout {}", checkout.folder().display())
            }
            Self::Registry => write!(formatter, "the registry, version {VERSION}"),
        }
    }
}

/// The path as a TOML string.
fn toml_string(path: &Path) -> Result<String, String> {
    path.to_str()
        .map(|text| toml::Value::from(text).to_string())
        .ok_or_else(|| {
            format!(
                "the path of the wadup checkout is not valid UTF-8, as Cargo.toml requires: {}",
                path.display()
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_for_toml() {
        let path = Path::new(r#"/my "wadups"/a\b"#);

        let text = toml_string(path).unwrap();

        let read: toml::Table = format!("path = {text}").parse().unwrap();
        assert_eq!(read["path"].as_str(), path.to_str());
    }

    #[test]
    fn projects_depend_on_a_path_in_a_checkout_and_on_a_version_elsewhere() {
        let checkout = Origin::choose(None).unwrap();

        let requirement = checkout.requirement("wadup-guest").unwrap();
        assert!(requirement.ends_with("/wadup-guest\" }"), "{requirement}");
        let requirement = Origin::Registry.requirement("wadup-guest").unwrap();
        assert_eq!(requirement, format!("\"{VERSION}\""));
    }
}

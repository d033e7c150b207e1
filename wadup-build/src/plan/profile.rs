//! What a guest asks of the hosts that run it.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::read_saved;
use crate::error::{Error, Result};

/// The instructions that the compiled code of packages may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// Those that every host for WASI preview 1 knows.
    #[default]
    Baseline,
    /// Those of WebAssembly 2.0, with SIMD.
    Modern,
}

/// All profiles, from the least that they ask of hosts to the most.
const ALL: [Profile; 2] = [Profile::Baseline, Profile::Modern];

impl Profile {
    /// Its name in pyproject.toml.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Modern => "modern",
        }
    }

    /// The profile in the plan that a build script saved in the folder `wadup` of its OUT_DIR.
    ///
    /// # Errors
    /// If the folder has no plan, or the plan cannot be read.
    pub fn left_in(folder: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Saved {
            profile: Profile,
        }
        read_saved::<Saved>(folder).map(|saved| saved.profile)
    }

    /// The flags for clang.
    pub(crate) fn clang_flags(self) -> &'static [&'static str] {
        match self {
            Self::Baseline => &[],
            Self::Modern => &["-msimd128"],
        }
    }

    /// The flags for rustc.
    pub(crate) fn rustc_flags(self) -> &'static [&'static str] {
        match self {
            Self::Baseline => &[],
            Self::Modern => &["-Ctarget-feature=+simd128"],
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        ALL.into_iter()
            .find(|profile| profile.name() == text)
            .ok_or_else(|| {
                let names = ALL.map(Self::name).join("` or `");
                Error::configuration(
                    Path::new("WADUP_PROFILE"),
                    format!("`{text}` is not a profile: expected `{names}`"),
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for profile in ALL {
            assert_eq!(profile.name().parse::<Profile>().unwrap(), profile);
        }
        let problem = "newest".parse::<Profile>().unwrap_err().to_string();
        assert!(problem.contains("`baseline` or `modern`"), "{problem}");
    }
}

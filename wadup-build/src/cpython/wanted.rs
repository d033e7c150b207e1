//! The Python that a project asks for: a series, or a release in full.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::releases::{Release, Series};

/// The value of `[tool.wadup] python`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    /// The newest release of a series, or an older one if that is not to be had.
    Newest(&'static Series),
    /// This release and no other.
    Exactly(&'static Release),
}

impl Wanted {
    /// The series of guests that choose none.
    pub(crate) fn default() -> Self {
        Self::Newest(Series::default())
    }

    /// The release that a guest gets if it can be had.
    pub(crate) fn first_choice(self) -> &'static Release {
        match self {
            Self::Newest(series) => series.newest(),
            Self::Exactly(release) => release,
        }
    }

    /// The releases that a guest may get, the best first.
    pub(crate) fn candidates(self) -> Vec<&'static Release> {
        match self {
            Self::Newest(series) => series.releases().collect(),
            Self::Exactly(release) => vec![release],
        }
    }
}

/// As in pyproject.toml.
impl Display for Wanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Newest(series) => series.name,
            Self::Exactly(release) => release.version,
        })
    }
}

impl Serialize for Wanted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let series = Series::all().find(|series| series.name == text);
        series
            .map(Self::Newest)
            .or_else(|| Release::named(text).map(Self::Exactly))
            .ok_or_else(|| unknown(text))
    }
}

fn unknown(text: &str) -> String {
    let quoted = |name: &str| format!("\"{name}\"");
    let series: Vec<String> = Series::all().map(|series| quoted(series.name)).collect();
    let releases: Vec<String> = Series::all()
        .flat_map(Series::releases)
        .map(|release| quoted(release.version))
        .collect();
    format!(
        "`{text}` is not a Python that guests can run: expected the series {} or a release, {}",
        series.join(", "),
        releases.join(" or ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_and_releases_are_parsed_and_printed() {
        let series = Series::default();
        let oldest = series.oldest().version;
        for name in [series.name, oldest] {
            assert_eq!(name.parse::<Wanted>().unwrap().to_string(), name);
        }

        let wanted: Wanted = series.name.parse().unwrap();
        assert_eq!(wanted.first_choice().version, series.newest().version);
        let named: Wanted = oldest.parse().unwrap();
        let candidates = named.candidates();
        let versions: Vec<&str> = candidates.iter().map(|release| release.version).collect();
        assert_eq!(versions, [oldest]);
    }

    #[test]
    fn the_error_for_another_python_lists_all_series_and_releases() {
        let error = "2.7".parse::<Wanted>().unwrap_err();

        let series = Series::default();
        for name in ["2.7", series.name, series.newest().version] {
            assert!(error.contains(name), "{name} is not in: {error}");
        }
    }
}

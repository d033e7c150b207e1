//! Where a mirror is: a folder, or an address that curl fetches from.

use std::fmt::{self, Display};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use url::Url;

use crate::command::{Program, without_password};
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};

/// The place of a mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Folder(PathBuf),
    /// Without a slash at the end.
    Web(String),
}

/// How long to wait for a mirror, which must not cost more than the build that it saves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// The seconds to wait for a connection, or while next to nothing arrives.
    seconds: u32,
}

/// Fewer bytes in a second count as nothing.
const SLOWEST: u64 = 20_000;

impl Default for Patience {
    fn default() -> Self {
        Self { seconds: 15 }
    }
}

impl Patience {
    #[cfg(test)]
    pub(super) fn of(seconds: u32) -> Self {
        Self { seconds }
    }

    /// The most seconds for a file of this size: what the slowest accepted mirror would take.
    fn limit(self, size: u64) -> u64 {
        u64::from(self.seconds) * 2 + size / SLOWEST
    }
}

impl Place {
    /// The place that a user named; `base` is the folder of a relative path.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(super) fn parse(text: &str, base: &Path) -> std::result::Result<Self, String> {
        let Some((scheme, _)) = text.split_once(':') else {
            return Ok(Self::Folder(base.join(text)));
        };
        let expected = || {
            format!(
                "`{text}` is not a mirror: expected a folder, or an address with `file:`, `http:` or `https:`"
            )
        };
        match scheme {
            "http" | "https" => {
                let url = Url::parse(text).map_err(|_| expected())?;
                Ok(Self::Web(url.as_str().trim_end_matches('/').to_owned()))
            }
            "file" => {
                let url = Url::parse(text).map_err(|_| expected())?;
                url.to_file_path()
                    .map(Self::Folder)
                    .map_err(|()| expected())
            }
            _ => Err(expected()),
        }
    }

    pub(super) fn needs_network(&self) -> bool {
        matches!(self, Self::Web(_))
    }

    /// Copies a file of the mirror to `to`.
    ///
    /// # Errors
    /// If the mirror does not have the file, has more than `limit` bytes of it, or takes too long.
    pub(super) fn get(&self, name: &str, limit: u64, to: &Path, patience: Patience) -> Result<()> {
        match self {
            Self::Folder(folder) => copy(&folder.join(name), limit, to),
            Self::Web(address) => {
                let url = format!("{address}/{name}");
                let patient = patience.seconds.to_string();
                Program::new(Tool::Curl, "curl", format!("downloading {url}"))
                    .or_else("install curl")
                    .args([
                        "--fail",
                        "--location",
                        "--silent",
                        "--show-error",
                        "--globoff",
                        "--netrc-optional",
                    ])
                    .args(["--proto", "=http,https", "--proto-redir", "=http,https"])
                    .args(["--connect-timeout", &patient, "--speed-time", &patient])
                    .args(["--speed-limit", &SLOWEST.to_string()])
                    .args(["--max-time", &patience.limit(limit).to_string()])
                    .arg(url)
                    .save(to, limit)
            }
        }
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(formatter, "{}", folder.display()),
            Self::Web(address) => formatter.write_str(&without_password(address)),
        }
    }
}

fn copy(from: &Path, limit: u64, to: &Path) -> Result<()> {
    let file = File::open(from).on("open", from)?;
    // Reading a pipe or a device could take forever.
    if !fs::metadata(from).on("read", from)?.is_file() {
        return Err(Error::malformed(from, "it is not a file"));
    }
    let mut out = File::create(to).on("create", to)?;
    let copied = io::copy(&mut file.take(limit + 1), &mut out).on("copy", from)?;
    if copied > limit {
        let problem = format!("it has more than the {limit} bytes that it should have");
        return Err(Error::malformed(from, problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> std::result::Result<Place, String> {
        Place::parse(text, Path::new("/project"))
    }

    #[test]
    fn folders_and_addresses_are_places() {
        let folder = |path: &str| Ok(Place::Folder(path.into()));

        assert_eq!(parse("/mirror"), folder("/mirror"));
        assert_eq!(parse("../mirror"), folder("/project/../mirror"));
        assert_eq!(parse("file:///my%20mirror"), folder("/my mirror"));
        assert_eq!(
            parse("https://host/wadup/"),
            Ok(Place::Web("https://host/wadup".into()))
        );
    }

    #[test]
    fn a_password_is_not_shown() {
        let place = parse("https://ada:secret@host/wadup").unwrap();

        assert_eq!(place.to_string(), "https://host/wadup");
        assert_eq!(place, Place::Web("https://ada:secret@host/wadup".into()));
    }

    #[test]
    fn other_schemes_are_refused() {
        for text in ["s3://bucket", "https:", "ftp://host/x"] {
            let problem = parse(text).unwrap_err();
            assert!(problem.contains(text), "{problem}");
        }
    }
}

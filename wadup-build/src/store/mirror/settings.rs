//! What a user says of mirrors: where they are, and whose artifacts to trust.

use std::path::Path;

use minisign_verify::PublicKey;

use super::place::Place;
use crate::environment::Environment;
use crate::error::{Error, Result};

const MIRRORS: &str = "WADUP_STORE_MIRROR";
const KEY: &str = "WADUP_STORE_MIRROR_KEY";

/// The mirrors that a project names, if it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProjectMirrors<'a> {
    /// The folder of relative paths.
    pub(crate) project: &'a Path,
    pub(crate) mirrors: &'a [String],
    pub(crate) key: Option<&'a str>,
}

/// The mirrors of a build, before any is asked.
#[derive(Debug)]
pub(crate) struct MirrorSettings {
    pub(super) places: Vec<Place>,
    pub(super) key: Option<PublicKey>,
}

impl MirrorSettings {
    /// The mirrors and the key in variables, or else the project's.
    ///
    /// # Errors
    /// If a mirror or the key is malformed.
    pub(crate) fn of(environment: &Environment, named: Option<ProjectMirrors<'_>>) -> Result<Self> {
        let in_project =
            |problem: String| Error::configuration(Path::new("pyproject.toml"), problem);
        let mut places = Vec::new();
        if let Some(list) = text(environment, MIRRORS)? {
            let list = list.split(',').map(str::trim);
            for mirror in list.filter(|mirror| !mirror.is_empty()) {
                let place = Place::parse(mirror, Path::new(""));
                places.push(place.map_err(|problem| in_variable(MIRRORS, &problem))?);
            }
        } else if let Some(named) = named {
            for mirror in named.mirrors {
                places.push(Place::parse(mirror, named.project).map_err(in_project)?);
            }
        }
        let key = match (text(environment, KEY)?, named.and_then(|named| named.key)) {
            (Some(key), _) => {
                let key = parse_key(&key).map_err(|problem| in_variable(KEY, &problem))?;
                Some(key)
            }
            (None, Some(key)) => Some(parse_key(key).map_err(in_project)?),
            (None, None) => None,
        };
        Ok(Self { places, key })
    }
}

/// What is wrong with the address of a mirror, if something is.
pub(crate) fn problem_of_mirror(text: &str) -> Option<String> {
    Place::parse(text, Path::new("")).err()
}

/// What is wrong with a public key, if something is.
pub(crate) fn problem_of_key(text: &str) -> Option<String> {
    parse_key(text).err()
}

/// A key as minisign prints it, or the text of a file with it.
pub(super) fn parse_key(text: &str) -> std::result::Result<PublicKey, String> {
    let mut lines = text.lines().map(str::trim);
    let key = lines.rfind(|line| !line.is_empty()).unwrap_or_default();
    PublicKey::from_base64(key).map_err(|_| {
        format!(
            "`{key}` is not a public key of minisign: expected 56 characters that begin with `RW`"
        )
    })
}

fn text(environment: &Environment, name: &'static str) -> Result<Option<String>> {
    environment
        .get(name)
        .map(|value| {
            value
                .into_string()
                .map_err(|_| in_variable(name, "it is not UTF-8"))
        })
        .transpose()
}

fn in_variable(name: &str, problem: &str) -> Error {
    Error::configuration(Path::new(name), problem)
}

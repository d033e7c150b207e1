//! The table of libraries: one file each, with its source, what is compiled how, and its headers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::extension::CLibrary;
use crate::hash;
use crate::source::Archive;
use crate::tree;

macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!($name, ".toml")))),*]
    };
}

const TEXTS: [(&str, &str); 20] = texts![
    "brotlicommon",
    "brotlidec",
    "brotlienc",
    "exslt",
    "freetype",
    "harfbuzz",
    "jpeg",
    "lz4",
    "png",
    "qhull_r",
    "raqm",
    "sheenbidi",
    "sodium",
    "webp",
    "webpdemux",
    "webpmux",
    "xml2",
    "xslt",
    "yaml",
    "zstd",
];

/// The libraries that CPython itself links, which every guest has (`clibs`).
const OF_CPYTHON: [&str; 4] = ["bz2", "lzma", "sqlite3", "z"];

/// A library: `lib<name>.a` and its headers.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Library {
    #[serde(skip)]
    pub(super) name: &'static str,
    #[serde(skip)]
    identity: String,
    version: String,
    /// The license of the code that is compiled (SPDX).
    license: String,
    /// The files with its text.
    pub(super) license_texts: Vec<String>,
    pub(super) source: Origin,
    /// The libraries that it calls, of this table or CPython's.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    /// Its name for `pkg-config`.
    pkg_config: Option<String>,
    /// The folder in `include` that users search for headers, if it is another.
    #[serde(default)]
    include: String,
    /// The version there, if it is another.
    pkg_config_version: Option<String>,
    #[serde(default = "optimized")]
    pub(super) optimization: String,
    /// Whether it is written in C++.
    #[serde(default)]
    pub(super) cxx: bool,
    /// Flags for every file.
    #[serde(default)]
    pub(super) flags: Vec<String>,
    /// Folders with the library's own headers.
    #[serde(default)]
    pub(super) includes: Vec<String>,
    /// Files that its build system would write, by their paths in a folder that comes first in the search for headers.
    #[serde(default)]
    pub(super) generated: BTreeMap<String, String>,
    /// The public headers: the path in `include`, and the file or folder with the header. Generated ones come first.
    pub(super) headers: BTreeMap<String, String>,
    /// The files to compile; more than one group if some are compiled several times.
    pub(super) compile: Vec<Group>,
}

/// Files that are compiled with the same flags.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Group {
    /// Files, folders (`a/`: the `.c` files in it) and trees (`a/**`: in its subfolders too).
    places: Vec<String>,
    /// Files in these folders that are not part of the library.
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    pub(super) flags: Vec<String>,
}

/// Where the source comes from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Origin {
    /// The crate that contains it, or the name of its archive.
    pub(crate) package: String,
    pub(crate) version: String,
    pub(crate) sha256: String,
    /// For a source package of Debian: the suites that have had that version.
    pub(super) debian: Option<Debian>,
    /// An archive in the crate that contains the source.
    pub(super) inner: Option<String>,
    /// The folder with the source in the archive.
    #[serde(default)]
    pub(super) folder: String,
}

/// A source package of Debian.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Debian {
    pub(super) suites: Vec<String>,
    /// The archive's file name.
    file: String,
}

fn optimized() -> String {
    "-O2".to_owned()
}

static LIBRARIES: LazyLock<Vec<Library>> = LazyLock::new(|| {
    TEXTS
        .iter()
        .filter_map(|(name, text)| read(name, text).ok())
        .collect()
});

fn read(name: &'static str, text: &str) -> Result<Library> {
    let file = format!("libraries/{name}.toml");
    let mut library: Library =
        toml::from_str(text).map_err(|error| Error::malformed(Path::new(&file), error))?;
    library.name = name;
    library.identity = hash::of_bytes(text);
    Ok(library)
}

/// The library of this name.
pub(crate) fn of(name: &str) -> Option<&'static Library> {
    LIBRARIES.iter().find(|library| library.name == name)
}

/// Whether overlays may name a library.
pub(crate) fn is_known(name: &str) -> bool {
    of(name).is_some() || OF_CPYTHON.contains(&name)
}

/// The libraries of these names and those that they need, each behind what it needs.
pub(crate) fn all(names: &[String]) -> Vec<&'static Library> {
    let mut found: Vec<&'static Library> = Vec::new();
    for library in names.iter().filter_map(|name| of(name)) {
        for one in all(&library.needs).into_iter().chain([library]) {
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

/// Names are unique.
impl PartialEq for Library {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Library {
    /// Identifies the table's file in keys.
    pub(super) fn identity(&self) -> &str {
        &self.identity
    }

    /// The libraries that must be linked with it.
    pub(crate) fn needed(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for need in &self.needs {
            let further = of(need).map(Self::needed).unwrap_or_default();
            for name in std::iter::once(need.as_str()).chain(further) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Its source as a part of the guest.
    pub(crate) fn as_component(&self) -> CLibrary {
        CLibrary {
            name: self.source.package.clone(),
            version: self.source.version.clone(),
            sha256: self.source.sha256.clone(),
            license: self.license.clone(),
            is_crate: self.source.debian.is_none(),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Its name for `pkg-config`.
    pub(crate) fn pkg_config(&self) -> Option<&str> {
        self.pkg_config.as_deref()
    }

    /// The folder in its artifact that users search for headers.
    pub(crate) fn include(&self) -> String {
        format!("include/{}", self.include)
    }

    /// The version that `pkg-config` prints.
    pub(crate) fn version_of_pkg_config(&self) -> &str {
        self.pkg_config_version.as_deref().unwrap_or(&self.version)
    }
}

impl Origin {
    pub(crate) fn archive(&self) -> Archive {
        let crate_file = || format!("{}-{}.crate", self.package, self.version);
        Archive {
            file: match &self.debian {
                Some(debian) => debian.file.clone(),
                None => crate_file(),
            },
            sha256: self.sha256.clone(),
            urls: Vec::new(),
        }
    }
}

impl Group {
    /// The files to compile, relative to the source's folder.
    pub(super) fn files(&self, root: &Path) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for place in &self.places {
            let (folder, deep) = match (place.strip_suffix("**"), place.ends_with('/')) {
                (Some(folder), _) => (folder, true),
                (None, true) => (place.as_str(), false),
                (None, false) => {
                    found.push(place.clone());
                    continue;
                }
            };
            let before = found.len();
            let files = tree::files(&root.join(folder))?;
            found.extend(
                files
                    .iter()
                    .filter(|file| file.ends_with(".c") && (deep || !file.contains('/')))
                    .map(|file| format!("{folder}{file}"))
                    .filter(|file| !self.except.contains(file)),
            );
            if found.len() == before {
                return Err(Error::malformed(
                    &root.join(folder),
                    "it contains no files to compile",
                ));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_table_can_be_read_and_names_known_libraries() {
        for (name, text) in TEXTS {
            let library = read(name, text).unwrap();

            assert!(library.needs.iter().all(|need| is_known(need)), "{name}");
            assert_eq!(library.source.sha256.len(), 64, "{name}");
            assert!(!library.license_texts.is_empty(), "{name}");
        }
        assert_eq!(LIBRARIES.len(), TEXTS.len());
    }

    #[test]
    fn what_a_library_needs_comes_before_it_and_once() {
        let names = ["exslt", "xslt"].map(str::to_owned);

        let found: Vec<&str> = all(&names).iter().map(|library| library.name).collect();

        assert_eq!(found, ["xml2", "xslt", "exslt"]);
        assert_eq!(of("png").unwrap().needed(), ["z"]);
    }

    #[test]
    fn an_unknown_key_is_rejected() {
        let error = read("x", "versions = '1'").unwrap_err().to_string();

        assert!(error.contains("libraries/x.toml"), "{error}");
        assert!(error.contains("unknown field `versions`"), "{error}");
    }

    #[test]
    fn a_folder_without_files_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::write(folder.path().join("src/x.h"), "").unwrap();
        let group: Group = toml::from_str("places = ['src/']").unwrap();

        let error = group.files(folder.path()).unwrap_err().to_string();

        assert!(error.contains("no files to compile"), "{error}");
    }
}

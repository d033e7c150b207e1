//! The modules inside the interpreter, and what C code imports, which no Python source shows.

use std::fs;

use crate::error::{Error, FileContext, Result};
use crate::store::Artifact;

/// The file in the artifact of `LibPython` that lists the modules compiled into the interpreter.
pub(super) const LIST: &str = "builtin-modules.txt";

/// A module inside the interpreter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Builtin {
    pub(crate) name: String,
    /// The C function that creates it, or `None` if the interpreter creates it itself.
    pub(crate) function: Option<String>,
}

impl Builtin {
    /// All built-in modules of a CPython build, in the order of its inittab.
    pub(crate) fn all_of(python: &Artifact) -> Result<Vec<Self>> {
        let file = python.join(LIST);
        let text = fs::read_to_string(&file).on("read", &file)?;
        text.lines()
            .map(|line| {
                let (name, function) = line.split_once(' ')?;
                Some(Self {
                    name: name.to_owned(),
                    function: (function != "NULL").then(|| function.to_owned()),
                })
            })
            .collect::<Option<_>>()
            .ok_or_else(|| Error::malformed(&file, "not every line is a name and a function"))
    }
}

/// What only the source of a series shows about its modules.
#[derive(Debug)]
pub(crate) struct Modules {
    /// What the interpreter itself imports (`PyImport_*` in `Python/`, `Objects/` and `Parser/`), and the encodings that
    /// are written in C.
    pub(crate) of_interpreter: &'static [&'static str],
    /// What the C code of built-in modules imports (`PyImport_*` in `Modules/`).
    of_builtins: &'static [(&'static str, &'static [&'static str])],
    /// The modules whose bytecode is part of the interpreter (`Tools/build/freeze_modules.py`), which never reads their
    /// files.
    pub(crate) frozen: &'static [&'static str],
}

impl Modules {
    /// The imports of a built-in module.
    pub(crate) fn imports_of(&self, builtin: &str) -> &'static [&'static str] {
        self.of_builtins
            .iter()
            .find(|(name, _)| *name == builtin)
            .map_or(&[], |(_, imports)| imports)
    }
}

pub(super) static OF_3_13: Modules = Modules {
    of_interpreter: &OF_INTERPRETER,
    of_builtins: &OF_BUILTINS,
    frozen: &FROZEN,
};

const OF_INTERPRETER: [&str; 37] = [
    "_frozen_importlib",
    "_frozen_importlib_external",
    "_imp",
    "_pylong",
    "_thread",
    "_warnings",
    "_weakref",
    "abc",
    "atexit",
    "builtins",
    "codecs",
    "copyreg",
    "encodings",
    "encodings.aliases",
    "encodings.ascii",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.raw_unicode_escape",
    "encodings.unicode_escape",
    "encodings.utf_16",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
    "encodings.utf_32",
    "encodings.utf_8",
    "encodings.utf_8_sig",
    "gc",
    "importlib",
    "io",
    "linecache",
    "marshal",
    "os",
    "struct",
    "sys",
    "traceback",
    "typing",
    "unicodedata",
    "warnings",
];

const OF_BUILTINS: [(&str, &[&str]); 17] = [
    ("_asyncio", &["asyncio"]),
    ("_codecs_cn", &["_multibytecodec"]),
    ("_codecs_hk", &["_multibytecodec"]),
    ("_codecs_iso2022", &["_multibytecodec"]),
    ("_codecs_jp", &["_multibytecodec"]),
    ("_codecs_kr", &["_multibytecodec"]),
    ("_codecs_tw", &["_multibytecodec"]),
    ("_datetime", &["_strptime", "time"]),
    ("_decimal", &["collections.abc", "numbers"]),
    (
        "_elementtree",
        &["copy", "pyexpat", "xml.etree.ElementPath"],
    ),
    ("_json", &["json.decoder"]),
    ("_operator", &["functools"]),
    (
        "_pickle",
        &["_compat_pickle", "codecs", "copyreg", "functools"],
    ),
    ("_sqlite3", &["functools", "sqlite3.dump"]),
    ("_sre", &["re"]),
    ("_zoneinfo", &["io", "pickle", "weakref", "zoneinfo"]),
    ("time", &["_strptime"]),
];

const FROZEN: [&str; 17] = [
    "_collections_abc",
    "_sitebuiltins",
    "abc",
    "codecs",
    "genericpath",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "importlib.machinery",
    "importlib.util",
    "io",
    "ntpath",
    "os",
    "posixpath",
    "runpy",
    "site",
    "stat",
    "zipimport",
];

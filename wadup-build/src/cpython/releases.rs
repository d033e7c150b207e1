//! The releases of CPython that guests can run, with all that belongs to a version. Nothing else in the code names one.

use super::builtin::{Modules, OF_3_13};
use crate::patch::{Patch, patches};

/// A series of releases, which share bytecode, the ABI and the names of files.
#[derive(Debug)]
pub(crate) struct Series {
    /// The part of the version in the names of folders and libraries.
    pub(crate) name: &'static str,
    /// The files in `lib` of the artifact of `LibPython`, in link order.
    pub(crate) libraries: [&'static str; 4],
    /// Debian's source package.
    pub(crate) debian: &'static str,
    pub(crate) modules: &'static Modules,
    pub(crate) profile: Profile,
}

/// The profile of a series' hot code. Functions that a release has changed since are compiled without it.
#[derive(Debug)]
pub(crate) struct Profile {
    /// The release that `cargo xtask train` counted.
    pub(crate) of: &'static str,
    /// What it wrote, packed by xz.
    pub(crate) data: &'static [u8],
}

/// A release.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) version: &'static str,
    pub(crate) series: &'static Series,
    /// The hash of `Python-VERSION.tar.xz`.
    pub(crate) sha256: &'static str,
    /// The Debian suites whose source package has the same archive, or had it once: all are searched.
    pub(crate) suites: &'static [&'static str],
    /// Limits unbounded recursion to the native stack that hosts allow by default, lets calls fail that cannot work, and
    /// lets asyncio run without sockets.
    pub(crate) patches: &'static [Patch],
    /// Fixes assertions of CPython that do not hold in guests.
    pub(crate) patches_with_assertions: &'static [Patch],
}

/// All releases: the newest of each series first, and the series of guests that choose none first.
pub(crate) static RELEASES: [Release; 2] = [
    Release {
        version: "3.13.15",
        series: &SERIES_3_13,
        sha256: "1e66a7945a48390ee4c2a4268a0e4185884059a13c4aab6d148aa208deea4a76",
        suites: &["forky", "sid", "trixie"],
        patches: &PATCHES_3_13,
        patches_with_assertions: &[],
    },
    Release {
        version: "3.13.5",
        series: &SERIES_3_13,
        sha256: "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640",
        suites: &["trixie"],
        patches: &PATCHES_3_13,
        patches_with_assertions: &ASSERTIONS_3_13_5,
    },
];

static SERIES_3_13: Series = Series {
    name: "3.13",
    libraries: [
        "libpython3.13.a",
        "libmpdec.a",
        "libexpat.a",
        "libHacl_Hash_SHA2.a",
    ],
    debian: "python3.13",
    modules: &OF_3_13,
    profile: Profile {
        of: "3.13.5",
        data: include_bytes!("profiles/3.13.profdata.xz"),
    },
};

static PATCHES_3_13: [Patch; 10] = patches![".":
    "alarm-and-pause",
    "commands-of-a-shell",
    "event-loop-of-wasi",
    "levels-of-the-parser",
    "log-of-the-system",
    "maps-of-files",
    "monitored-calls",
    "native-frames-between-evaluations",
    "one-first-state",
    "small-objects",
];

static ASSERTIONS_3_13_5: [Patch; 1] = patches![".": "dotted-names-of-built-in-modules"];

impl Series {
    /// The series of guests that choose none.
    pub(crate) fn default() -> &'static Self {
        RELEASES[0].series
    }

    /// All series, the default first.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        let mut last = "";
        RELEASES.iter().filter_map(move |release| {
            let is_new = std::mem::replace(&mut last, release.series.name) != release.series.name;
            is_new.then_some(release.series)
        })
    }

    /// Its releases, the newest first.
    pub(crate) fn releases(&self) -> impl Iterator<Item = &'static Release> + use<> {
        let name = self.name;
        RELEASES
            .iter()
            .filter(move |release| release.series.name == name)
    }

    /// Its newest release.
    pub(crate) fn newest(&self) -> &'static Release {
        self.releases().next().unwrap_or(&RELEASES[0])
    }

    /// Its oldest release in the table. Locks are made for it, so that they hold for all of them.
    pub(crate) fn oldest(&self) -> &'static Release {
        self.releases().last().unwrap_or(&RELEASES[0])
    }

    /// The part of the names of bytecode files and extension modules (`sys.implementation.cache_tag`).
    pub(crate) fn cache_tag(&self) -> String {
        format!("cpython-{}", self.name.replace('.', ""))
    }

    /// The folder of the standard library below the mount.
    pub(crate) fn stdlib_prefix(&self) -> String {
        format!("lib/python{}", self.name)
    }
}

impl Release {
    /// The release of this version.
    pub(crate) fn named(version: &str) -> Option<&'static Self> {
        RELEASES.iter().find(|release| release.version == version)
    }
}

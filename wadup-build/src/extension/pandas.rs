//! pandas: all of its modules, compiled against the guest's NumPy.

use super::meson::{self, Accepted, Project};
use super::{BuildContext, numpy, write_contents};
use crate::error::Result;
use crate::patch::{self, Patch, patches};
use crate::site::NativePackage;
use crate::source::unpack;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Cxx;

pub(super) const PACKAGE: &str = "pandas";

/// The versions that the patches are made for.
pub(super) const VERSIONS: &str = ">=2.3.3,<2.4";

/// What its C and Cython code imports of the standard library.
pub(super) const IMPORTS: [&str; 19] = [
    "_strptime",
    "_thread",
    "cmath",
    "collections",
    "csv",
    "datetime",
    "decimal",
    "enum",
    "locale",
    "math",
    "numbers",
    "operator",
    "re",
    "sys",
    "time",
    "typing",
    "warnings",
    "weakref",
    "zoneinfo",
];

/// The Cython of its own wheels: what later ones make of its classes cannot always be pickled.
pub(super) const CYTHON: &str = include_str!("pandas/cython.txt");

const PATCHES: [Patch; 4] = patches!["pandas":
    "ctypes-in-windows-error",
    "ctypes-in-interchange",
    "mmap-in-common",
    "mmap-in-openpyxl",
];

const ACCEPTED: [Accepted; 0] = [];

/// Its templates are unrolled into megabytes at the level 3 of a release.
const OPTIONS: [&str; 1] = ["-Doptimization=2"];

/// The recipe of one version of pandas.
pub(super) struct Pandas<'a> {
    pub(super) package: &'a NativePackage,
    pub(super) context: &'a BuildContext<'a>,
    pub(super) cxx: &'a Cxx,
    pub(super) tools: &'a Artifact,
    pub(super) numpy: &'a Artifact,
}

impl Recipe for Pandas<'_> {
    fn name(&self) -> String {
        format!("{PACKAGE}-{}", self.package.version)
    }

    fn inputs(&self) -> Inputs {
        meson::inputs(code!["pandas.rs"], self.context, self.cxx, self.tools)
            .with("source", &self.package.sdist.sha256)
            .with("patches", patch::identity(&PATCHES))
            .with("own options", OPTIONS.join(" "))
            .with_artifact(self.numpy)
    }

    fn step(&self) -> String {
        format!(
            "building {PACKAGE} {} (about eight minutes)",
            self.package.version
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let archive = self.package.sdist.archive();
        let sdist = self.context.sources.obtain(&archive, None)?;
        let tree = unpack(&sdist, dirs.scratch)?;
        patch::apply(&PATCHES, &tree)?;
        let project = Project {
            name: PACKAGE,
            tree: &tree,
            context: self.context,
            cxx: self.cxx,
            tools: self.tools,
            meson: ["-m", "mesonbuild.mesonmain"].map(Into::into).into(),
            options: &OPTIONS,
            flags: Vec::new(),
            python_path: vec![numpy::for_builds(self.numpy)],
            accepted: &ACCEPTED,
        };
        let site = project.build(dirs)?;
        let contents = project.collect(&site, |_| false, dirs)?;
        meson::write_metadata(&tree, PACKAGE, &self.package.version, dirs)?;
        write_contents(dirs, &contents)
    }
}

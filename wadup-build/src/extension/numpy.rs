//! NumPy: all of its modules, those of its tests apart, and the changes without which some of its calls end a guest.

use std::fs;
use std::path::{Path, PathBuf};

use super::meson::{self, Accepted, Project};
use super::{BuildContext, write_contents};
use crate::error::{FileContext, Result};
use crate::hash;
use crate::patch::{self, Patch, patches};
use crate::site::NativePackage;
use crate::source::unpack;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Cxx;
use crate::tree;

pub(super) const PACKAGE: &str = "numpy";

/// The versions that the patches and the options below are made for.
pub(super) const VERSIONS: &str = ">=2.4,<2.5";

/// What its C and Cython code imports of the standard library.
pub(super) const IMPORTS: [&str; 18] = [
    "abc",
    "collections",
    "collections.abc",
    "copy",
    "datetime",
    "gc",
    "io",
    "itertools",
    "math",
    "operator",
    "os",
    "pickle",
    "re",
    "secrets",
    "sys",
    "threading",
    "time",
    "warnings",
];

/// The Cython that it is built with.
pub(super) const CYTHON: &str = include_str!("numpy/cython.txt");

const PATCHES: [Patch; 1] = patches!["numpy": "borrowed-descriptor"];

/// NumPy knows no BLAS for wasm, takes its own LAPACK then, and has nothing to choose from at run time.
const OPTIONS: [&str; 6] = [
    "-Dblas=none",
    "-Dlapack=none",
    "-Dallow-noblas=true",
    "-Dcpu-baseline=none",
    "-Dcpu-dispatch=none",
    "-Ddisable-threading=true",
];

/// The floating-point status flags that wasm has not: every file is compiled with the first before it.
const FLOATING_POINT: [(&str, &str); 2] = [
    (
        "floating_point_environment.h",
        include_str!("numpy/floating_point_environment.h"),
    ),
    (
        "floating_point_environment.c",
        include_str!("numpy/floating_point_environment.c"),
    ),
];
const FLOATING_POINT_OBJECT: &str = "floating_point_environment.o";

/// What a package that is compiled against NumPy imports during its own build, instead of NumPy.
const FOR_BUILDS: &str = include_str!("numpy/for_builds.py");

const ACCEPTED: [Accepted; 5] = [
    Accepted {
        file: "multiarray/arraytypes.c.src",
        text: "'PyArray_FillWithScalarFunc *'",
        reason: "the functions return nothing where the type says int; NumPy fills arrays by casts, and calls none",
    },
    Accepted {
        file: "multiarray/array_assign_array.c",
        text: "'PyArray_MaskedStridedUnaryOp *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
    Accepted {
        file: "multiarray/array_assign_scalar.c",
        text: "'PyArray_MaskedStridedUnaryOp *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
    Accepted {
        file: "multiarray/lowlevel_strided_loops.c.src",
        text: "'PyArray_MaskedStridedUnaryOp *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
    Accepted {
        file: "multiarray/dtype_transfer.c",
        text: "'PyArrayMethod_StridedLoop *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
];

/// The recipe of one version of NumPy.
///
/// Beside what every extension has, its artifact holds `development/numpy`, what others are compiled against.
pub(super) struct NumPy<'a> {
    pub(super) package: &'a NativePackage,
    pub(super) context: &'a BuildContext<'a>,
    pub(super) cxx: &'a Cxx,
    pub(super) tools: &'a Artifact,
}

impl Recipe for NumPy<'_> {
    fn name(&self) -> String {
        format!("{PACKAGE}-{}", self.package.version)
    }

    fn inputs(&self) -> Inputs {
        meson::inputs(code!["numpy.rs"], self.context, self.cxx, self.tools)
            .with("source", &self.package.sdist.sha256)
            .with("patches", patch::identity(&PATCHES))
            .with("own options", OPTIONS.join(" "))
            .with("floating point", floating_point_identity())
            .with("for builds", hash::of_bytes(FOR_BUILDS))
    }

    fn step(&self) -> String {
        format!(
            "building {PACKAGE} {} (about three minutes)",
            self.package.version
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let archive = self.package.sdist.archive();
        let sdist = self.context.sources.obtain(&archive, None)?;
        let tree = unpack(&sdist, dirs.scratch)?;
        patch::apply(&PATCHES, &tree)?;
        let [header, source] = write_floating_point(dirs.scratch)?;
        let project = Project {
            name: PACKAGE,
            tree: &tree,
            context: self.context,
            cxx: self.cxx,
            tools: self.tools,
            // Its own meson has a module for processors' features, which the released ones have not.
            meson: vec![tree.join("vendored-meson/meson/meson.py").into()],
            options: &OPTIONS,
            flags: vec!["-include".to_owned(), header.display().to_string()],
            python_path: Vec::new(),
            accepted: &ACCEPTED,
        };
        let site = project.build(dirs)?;
        let mut contents = project.collect(&site, is_for_tests, dirs)?;
        contents
            .objects
            .push(self.compile_floating_point(&source, dirs)?);
        let configuration = dirs.content.join("python/numpy/__config__.py");
        project.without_private_paths(&configuration, dirs.scratch)?;
        collect_for_builds(&site, dirs.content)?;
        meson::write_metadata(&tree, PACKAGE, &self.package.version, dirs)?;
        write_contents(dirs, &contents)
    }
}

impl NumPy<'_> {
    fn compile_floating_point(&self, source: &Path, dirs: &RecipeDirs<'_>) -> Result<String> {
        self.context.base.toolchain.compile(
            source,
            &dirs.content.join("objects").join(FLOATING_POINT_OBJECT),
            ["-O2", "-Wall", "-Wextra"],
            dirs.log,
        )?;
        Ok(FLOATING_POINT_OBJECT.to_owned())
    }
}

fn floating_point_identity() -> String {
    hash::of_bytes(FLOATING_POINT.map(|(_, text)| text).concat())
}

/// The paths of the header and the source.
fn write_floating_point(folder: &Path) -> Result<[PathBuf; 2]> {
    let paths = FLOATING_POINT.map(|(name, _)| folder.join(name));
    for (path, (_, text)) in paths.iter().zip(FLOATING_POINT) {
        fs::write(path, text).on("write", path)?;
    }
    Ok(paths)
}

/// Whether only NumPy's own tests import an extension module.
fn is_for_tests(module: &str) -> bool {
    let name = module.rsplit('.').next().unwrap_or_default();
    // _simd holds NumPy's vector functions, for the tests of each.
    name.ends_with("_tests") || name == "_simd"
}

fn collect_for_builds(site: &Path, content: &Path) -> Result<()> {
    let folder = content.join("development/numpy");
    tree::copy(&site.join("numpy"), &folder, |file| {
        file.ends_with(".pxd") || file.starts_with("_core/include/")
    })?;
    let module = folder.join("__init__.py");
    fs::write(&module, FOR_BUILDS).on("write", &module)
}

/// Where an artifact of [`NumPy`] keeps what other packages are compiled against.
pub(super) fn for_builds(artifact: &Artifact) -> PathBuf {
    artifact.join("development")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_import_is_known_by_its_name() {
        assert!(!is_for_tests("numpy._core._multiarray_umath"));
        assert!(!is_for_tests("numpy.random._generator"));
        assert!(is_for_tests("numpy._core._rational_tests"));
        assert!(is_for_tests("numpy._core._simd"));
    }
}

//! The recipe of a package that meson builds, from its description.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Accepted, Project, inputs, write_metadata};
use crate::error::{FileContext, Result};
use crate::extension::{BuildContext, numpy, write_contents};
use crate::hash;
use crate::patch::{self, Patch};
use crate::site::NativePackage;
use crate::source::unpack;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs};
use crate::toolchain::Cxx;

/// The description of a package.
pub(in crate::extension) struct Package {
    pub(in crate::extension) name: &'static str,
    /// The source of this description.
    pub(in crate::extension) code: &'static [&'static str],
    /// How long the build takes, to show to the user.
    pub(in crate::extension) duration: &'static str,
    /// The pins of its Cython.
    pub(in crate::extension) cython: &'static str,
    pub(in crate::extension) patches: &'static [Patch],
    /// Its own options for meson.
    pub(in crate::extension) options: &'static [&'static str],
    pub(in crate::extension) meson: Meson,
    pub(in crate::extension) before_all: Option<BeforeAll>,
    /// Whether it is compiled against the guest's NumPy.
    pub(in crate::extension) against_numpy: bool,
    /// Findings about signatures that are known to be harmless.
    pub(in crate::extension) accepted: &'static [Accepted],
    /// Whether only the package's own tests import a module.
    pub(in crate::extension) for_tests: fn(&str) -> bool,
    /// The final step after the package is installed in a site folder.
    pub(in crate::extension) finish: fn(&Project<'_>, &Path, &RecipeDirs<'_>) -> Result<()>,
    /// The texts that `finish` writes.
    pub(in crate::extension) finish_inputs: &'static [&'static str],
}

/// The meson that builds a package.
pub(in crate::extension) enum Meson {
    OfTools,
    /// A file of the package's own source.
    OfSdist(&'static str),
}

/// A header that every file is compiled with, before all else, and the C file behind it: names and texts.
pub(in crate::extension) struct BeforeAll {
    pub(in crate::extension) header: (&'static str, &'static str),
    pub(in crate::extension) source: (&'static str, &'static str),
}

impl BeforeAll {
    fn identity(&self) -> String {
        hash::of_bytes([self.header.1, self.source.1].concat())
    }

    /// The paths of the header and the source.
    fn write(&self, folder: &Path) -> Result<[PathBuf; 2]> {
        let files = [self.header, self.source];
        let paths = files.map(|(name, _)| folder.join(name));
        for (path, (_, text)) in paths.iter().zip(files) {
            fs::write(path, text).on("write", path)?;
        }
        Ok(paths)
    }

    fn object(&self) -> String {
        self.source.0.replace(".c", ".o")
    }
}

/// The recipe of one version of a package.
pub(in crate::extension) struct MesonPackage<'a> {
    pub(in crate::extension) described: &'static Package,
    pub(in crate::extension) package: &'a NativePackage,
    pub(in crate::extension) context: &'a BuildContext<'a>,
    pub(in crate::extension) cxx: &'a Cxx,
    pub(in crate::extension) tools: &'a Artifact,
    pub(in crate::extension) numpy: Option<&'a Artifact>,
}

impl Recipe for MesonPackage<'_> {
    fn name(&self) -> String {
        format!("{}-{}", self.described.name, self.package.version)
    }

    fn inputs(&self) -> Inputs {
        let described = self.described;
        let mut inputs = inputs(described.code, self.context, self.cxx, self.tools)
            .with("source", &self.package.sdist.sha256)
            .with("patches", patch::identity(described.patches))
            .with("own options", described.options.join(" "))
            .with("finish", hash::of_bytes(described.finish_inputs.concat()));
        if let Some(before_all) = &described.before_all {
            inputs = inputs.with("before all", before_all.identity());
        }
        match self.numpy {
            Some(numpy) => inputs.with_artifact(numpy),
            None => inputs,
        }
    }

    fn step(&self) -> String {
        let Package { name, duration, .. } = self.described;
        format!("building {name} {} ({duration})", self.package.version)
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let described = self.described;
        let archive = self.package.sdist.archive();
        let sdist = self.context.sources.obtain(&archive, None)?;
        let tree = unpack(&sdist, dirs.scratch)?;
        patch::apply(described.patches, &tree)?;
        let mut flags = Vec::new();
        let mut object = None;
        if let Some(before_all) = &described.before_all {
            let [header, source] = before_all.write(dirs.scratch)?;
            flags.extend(["-include".to_owned(), header.display().to_string()]);
            object = Some((before_all.object(), source));
        }
        let project = Project {
            name: described.name,
            tree: &tree,
            context: self.context,
            cxx: self.cxx,
            tools: self.tools,
            meson: described.meson.arguments(&tree),
            options: described.options,
            flags,
            python_path: self.numpy.map(numpy::for_builds).into_iter().collect(),
            accepted: described.accepted,
        };
        let site = project.build(dirs)?;
        let mut contents = project.collect(&site, described.for_tests, dirs)?;
        if let Some((object, source)) = object {
            self.context.base.toolchain.compile(
                &source,
                &dirs.content.join("objects").join(&object),
                ["-O2", "-Wall", "-Wextra"],
                dirs.log,
            )?;
            contents.objects.push(object);
        }
        (described.finish)(&project, &site, dirs)?;
        write_metadata(&tree, described.name, &self.package.version, dirs)?;
        write_contents(dirs, &contents)
    }
}

impl Meson {
    /// The arguments to Python that start it.
    fn arguments(&self, tree: &Path) -> Vec<OsString> {
        match self {
            Meson::OfTools => ["-m", "mesonbuild.mesonmain"].map(Into::into).into(),
            Meson::OfSdist(file) => vec![tree.join(file).into()],
        }
    }
}

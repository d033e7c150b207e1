//! libpython for the guest: CPython cross-compiled to static libraries, with its headers and standard library.

use std::fs;
use std::path::{Path, PathBuf};

use super::builtin;
use super::plain_path::PlainFolder;
use super::{BuildPython, Release, interpreter, profile, source, stdlib};
use crate::command::Program;
use crate::compat;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::patch;
use crate::source::{Sources, unpack};
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::{TARGET, Toolchain};
use crate::tree;

/// -O2 is smaller than the -O3 of CPython's releases. No -g, so that debug sections are not shipped by accident.
///
/// CPython needs integers that wrap. Its own -fno-strict-overflow makes pointers wrap too, since clang 20, and then the offset of a
/// field cannot be part of the instruction that reads it. `config.site` leaves that flag out.
const OPTIMISATION: &str = "-O2 -fwrapv -Wall";

/// Options of CPython's configure besides those for the target.
///
/// configure disables pymalloc on WASI. Enabling it saves 3 to 5 % of a program's instructions.
/// It disables IPv6 too, but for addresses in digits there is nothing to disable. It adds mimalloc, 60 kB that run only if a variable of
/// the environment asks for them.
const SWITCHES: [&str; 7] = [
    "--enable-ipv6",
    "--prefix=/wadup",
    "--with-pymalloc",
    "--without-mimalloc",
    "--disable-test-modules",
    "--without-ensurepip",
    "--with-pkg-config=no",
];

/// Modules that configure leaves out on WASI, for CPython's `Modules/Setup.local`.
const MODULES: &str = include_str!("setup.local");

/// What configure should find, beside CPython's own list for WASI.
const SITE: &str = include_str!("config.site");

/// Modules that are added to the standard library, by their file below `Lib`.
const ADDED: [(&str, &str); 1] = [(
    "asyncio/wasi_events.py",
    include_str!("library/asyncio/wasi_events.py"),
)];

/// The recipe of the guest's CPython.
///
/// The artifact contains `lib/*.a`, `include/`, `stdlib/` and `bin/python.wasm`, CPython's own command.
pub(crate) struct LibPython<'a> {
    pub(crate) release: &'static Release,
    pub(crate) sources: &'a Sources<'a>,
    pub(crate) build_python: &'a Artifact,
    pub(crate) c_libraries: &'a Artifact,
    pub(crate) compat: &'a Artifact,
    pub(crate) toolchain: &'a Toolchain,
}

impl Recipe for LibPython<'_> {
    fn name(&self) -> String {
        format!("cpython-{}", self.release.version)
    }

    fn inputs(&self) -> Inputs {
        let inputs = Inputs::of_code(code![
            "builtin.rs",
            "interpreter.rs",
            "libpython.rs",
            "plain_path.rs",
            "profile.rs",
            "stdlib.rs"
        ])
        .with("source", self.release.sha256)
        .with("libraries", self.release.series.libraries.join(" "))
        .with_artifact(self.build_python)
        .with_artifact(self.c_libraries)
        .with_artifact(self.compat)
        .with("modules", hash::of_bytes(MODULES))
        .with("site", hash::of_bytes(SITE))
        .with("toolchain", self.toolchain.identity())
        .with("optimisation", OPTIMISATION)
        .with("switches", SWITCHES.join(" "))
        .with(
            "profile",
            profile::identity(&self.release.series.profile, self.toolchain),
        )
        .with("library", stdlib::identity())
        .with("patches", patch::identity(self.release.patches))
        .with("added", hash::of_bytes(format!("{ADDED:?}")));
        if self.toolchain.asserts() {
            let patches = patch::identity(self.release.patches_with_assertions);
            return inputs.with("patches for assertions", patches);
        }
        inputs
    }

    fn step(&self) -> String {
        format!(
            "building CPython {} for {TARGET} (about three minutes)",
            self.release.version
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let folder = PlainFolder::near(dirs.scratch)?;
        let tree = unpack(&source::obtain(self.release, self.sources)?, folder.path())?;
        patch::apply(self.release.patches, &tree)?;
        if self.toolchain.asserts() {
            patch::apply(self.release.patches_with_assertions, &tree)?;
        }
        for (file, text) in ADDED {
            let file = tree.join("Lib").join(file);
            fs::write(&file, text).on("write", &file)?;
        }
        let build = folder.path().join("build");
        fs::create_dir_all(&build).on("create", &build)?;
        let parts = Parts {
            release: self.release,
            build_python: folder.plain("build-python", self.build_python.path())?,
            c_libraries: folder.plain("c-libraries", self.c_libraries.path())?,
            compat: folder.plain("compat", self.compat.path())?,
            toolchain: folder.toolchain(self.toolchain)?,
        };
        parts.configure(&tree, &build, dirs.log)?;
        let [library, ..] = self.release.series.libraries;
        interpreter::build(&parts.toolchain, &build, library, dirs.log)?;
        parts.collect(&tree, &build, dirs.content)
    }
}

/// The inputs of CPython's build, under paths that its makefiles can handle.
struct Parts {
    release: &'static Release,
    build_python: PathBuf,
    c_libraries: PathBuf,
    compat: PathBuf,
    toolchain: Toolchain,
}

impl Parts {
    /// Sets the variables and options of CPython's `Tools/wasm/wasi.py`, and the C libraries.
    fn configure(&self, tree: &Path, build: &Path, log: &Path) -> Result<()> {
        let clang = format!(
            "{} {} {}",
            self.toolchain.clang().display(),
            self.toolchain.machine_flags().join(" "),
            compat::flags(&self.compat)
        );
        let site = build.join("config.site");
        fs::write(&site, SITE).on("write", &site)?;
        // makesetup reads it when configure ends.
        let modules = build.join("Modules/Setup.local");
        fs::create_dir_all(build.join("Modules")).on("create", build)?;
        fs::write(&modules, MODULES).on("write", &modules)?;
        let sites = [tree.join("Tools/wasm/config.site-wasm32-wasi"), site];
        let include = format!("-I{}", self.c_libraries.join("include").display());
        let folder = format!("-L{}", self.c_libraries.join("lib").display());
        let mut configure = Program::new(
            Tool::Make,
            // A relative path, because configure writes it into the interpreter.
            format!("../{}/configure", folder_name(tree)),
            "configuring CPython for wasm",
        )
        .current_dir(build)
        .log(log)
        .env(
            "CONFIG_SITE",
            sites.map(|site| site.display().to_string()).join(" "),
        )
        .env("LIBS", compat::link_flags(&self.compat))
        .env("CC", &clang)
        .env("CPP", format!("{clang} -E"))
        .env("AR", self.toolchain.ar())
        .env("RANLIB", self.toolchain.ranlib())
        .env(
            "OPT",
            format!("{} {OPTIMISATION}", self.toolchain.assertion_flag()),
        )
        .env(
            "CFLAGS",
            format!("-ffile-prefix-map={}=/python", tree.display()),
        )
        // For the interpreter only. Builds of extensions must not see it.
        .env(
            "CFLAGS_NODIST",
            profile::flags(&self.release.series.profile, &self.toolchain, tree)?,
        );
        for (variable, library) in [
            ("ZLIB", "z"),
            ("BZIP2", "bz2"),
            ("LIBLZMA", "lzma"),
            ("LIBSQLITE3", "sqlite3"),
        ] {
            configure = configure
                .env(format!("{variable}_CFLAGS"), &include)
                .env(format!("{variable}_LIBS"), format!("{folder} -l{library}"));
        }
        configure
            .arg(format!("--host={TARGET}"))
            .arg(format!("--build={}-pc-linux-gnu", std::env::consts::ARCH))
            .arg(format!(
                "--with-build-python={}",
                BuildPython::interpreter_in(self.release, &self.build_python).display()
            ))
            .args(SWITCHES)
            .run()
    }

    fn collect(&self, tree: &Path, build: &Path, content: &Path) -> Result<()> {
        let built = tree::files(build)?;
        for library in self.release.series.libraries {
            let file = built
                .iter()
                .find(|file| file.rsplit('/').next() == Some(library))
                .ok_or_else(|| Error::malformed(build, format!("the build made no {library}")))?;
            tree::copy_file(&build.join(file), &content.join("lib").join(library))?;
        }
        tree::copy_file(
            &build.join(interpreter::COMMAND),
            &content.join("bin").join(interpreter::COMMAND),
        )?;
        tree::copy(&tree.join("Include"), &content.join("include"), |_| true)?;
        tree::copy_file(
            &build.join("pyconfig.h"),
            &content.join("include/pyconfig.h"),
        )?;

        let table = build.join("Modules/config.c");
        let table = fs::read_to_string(&table).on("read", &table)?;
        let list = content.join(builtin::LIST);
        fs::write(&list, stdlib::builtin_modules(&table)).on("write", &list)?;

        let library = content.join("stdlib");
        tree::copy(&tree.join("Lib"), &library, stdlib::is_kept)?;
        stdlib::write_absent(&library)?;
        let config = built
            .iter()
            .find(|file| file.contains("/_sysconfigdata_") && file.ends_with(".py"))
            .ok_or_else(|| Error::malformed(build, "the build made no _sysconfigdata module"))?;
        stdlib::write_sysconfig(
            &build.join(config),
            &library,
            &self.private_paths(tree, build),
        )
    }

    /// Paths of this machine that configure records, and their replacements in the guest.
    fn private_paths(&self, tree: &Path, build: &Path) -> Vec<(String, &'static str)> {
        [
            (build, "/wadup/build"),
            (tree, "/wadup/source"),
            (&self.build_python, "/wadup/build-python"),
            (&self.c_libraries, "/wadup/c-libraries"),
            (&self.compat, "/wadup/compat"),
            (self.toolchain.sysroot(), "/wadup/sysroot"),
        ]
        .into_iter()
        // Some tools record the target of a symlink.
        .flat_map(|(path, stands)| {
            let real = fs::canonicalize(path).ok();
            [real, Some(path.to_owned())]
                .into_iter()
                .flatten()
                .map(move |path| (path.display().to_string(), stands))
        })
        .collect()
    }
}

fn folder_name(tree: &Path) -> String {
    tree.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

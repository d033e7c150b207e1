//! OpenSSL, built from the crate openssl-src by its own Configure and make.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Context;
use crate::command::{DATE, Program};
use crate::environment::{self, Tool};
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::source::registry::PinnedCrate;
use crate::source::unpack;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::tree;

/// The text of the license, in this artifact and in those of the modules.
pub(super) const LICENSE_FILE: &str = "LICENSE.txt";

pub(super) const VERSION: &str = "3.6.3";

/// The crate with its source.
pub(super) const SOURCE: PinnedCrate<'_> = PinnedCrate {
    name: "openssl-src",
    version: "300.6.1+3.6.3",
    sha256: "46eb8fb9fb3b61ce1c0f8a026c4c1a0714d3a9e138e7fbde78753ce2babc3846",
};

/// The license of the C code; the crate's own is that of its Rust code.
pub(super) const LICENSE: &str = "Apache-2.0";

/// The archives in `lib` of the artifact, in link order.
const ARCHIVES: [&str; 2] = ["libssl.a", "libcrypto.a"];

/// The paths of the archives.
pub(super) fn archives(artifact: &Artifact) -> impl Iterator<Item = PathBuf> {
    ARCHIVES
        .into_iter()
        .map(|name| artifact.join("lib").join(name))
}

const PLATFORM: &str = include_str!("openssl.conf");
const PLATFORM_FILE: &str = "guest.conf";

const FLAGS: &str = "-O2 -w";

/// Options of Configure: folders that mean the same on every machine, and nothing that WASI cannot do.
const OPTIONS: [&str; 22] = [
    "--prefix=/wadup",
    "--libdir=lib",
    // Where most systems keep certificates: a host may open this folder to a guest.
    "--openssldir=/etc/ssl",
    // getentropy, which is WASI's random_get.
    "--with-rand-seed=getrandom",
    // No openssl.cnf of a host decides what a guest does.
    "no-autoload-config",
    "no-asm",
    "no-threads",
    "no-thread-pool",
    "no-default-thread-pool",
    "no-async",
    "no-secure-memory",
    "no-sock",
    "no-quic",
    "no-ktls",
    "no-ui-console",
    "no-shared",
    "no-dso",
    "no-engine",
    // The legacy provider becomes part of libcrypto, since nothing can load it.
    "no-module",
    "no-comp",
    "no-ssl-trace",
    "no-ssl3",
];

/// Options for parts that are not built.
const NOT_BUILT: [&str; 3] = ["no-apps", "no-docs", "no-tests"];

/// The modules of Perl that Configure loads. Debian's perl-base lacks them.
const PERL_MODULES: [&str; 3] = ["-MFindBin", "-MIPC::Cmd", "-MFile::Compare"];

/// The recipe of `lib/`, `include/` and the license.
pub(super) struct OpenSsl<'a> {
    pub(super) context: &'a Context<'a>,
}

impl Recipe for OpenSsl<'_> {
    fn name(&self) -> String {
        format!("libopenssl-{VERSION}")
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["openssl.rs"])
            .with("source", format!("{SOURCE:?}"))
            .with("platform", hash::of_bytes(PLATFORM))
            .with("toolchain", self.context.base.toolchain.identity())
    }

    fn step(&self) -> String {
        format!("building OpenSSL {VERSION} for wasm (about two minutes)")
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        require_perl("perl", dirs.log)?;
        let context = self.context;
        let archive = SOURCE.obtain(context.sources, context.cargo)?;
        let tree = unpack(&archive, dirs.scratch)?.join("openssl");
        let programs = dirs.scratch.join("programs");
        self.write_programs(&programs, dirs.scratch)?;
        fs::write(tree.join(PLATFORM_FILE), PLATFORM).on("write", &tree)?;
        let path = format!("{}:{}", programs.display(), context.path);
        let flags = format!("{FLAGS} {}", context.base.toolchain.assertion_flag());
        Program::new(Tool::Make, "perl", "configuring OpenSSL for wasm")
            .current_dir(&tree)
            .log(dirs.log)
            .env("PATH", &path)
            .env("CFLAGS", flags)
            .env(DATE.0, DATE.1)
            .arg("Configure")
            // A relative path, because make can handle no spaces.
            .arg(format!("--config={PLATFORM_FILE}"))
            .arg("wasm32-wasi")
            .args(OPTIONS)
            .args(NOT_BUILT)
            .run()?;
        Program::new(Tool::Make, "make", "building OpenSSL for wasm")
            .or_else("install make")
            .current_dir(&tree)
            .log(dirs.log)
            .env("PATH", &path)
            .env(DATE.0, DATE.1)
            .arg(format!("-j{}", environment::jobs()))
            .arg("build_libs")
            .run()?;
        collect(&tree, dirs.content)
    }
}

impl OpenSsl<'_> {
    /// The compiler and the archiver under names without a path, because the library prints how it was compiled.
    fn write_programs(&self, programs: &Path, scratch: &Path) -> Result<()> {
        let toolchain = &self.context.base.toolchain;
        fs::create_dir_all(programs).on("create", programs)?;
        let mapped = format!("-ffile-prefix-map={}=/openssl", scratch.display());
        let flags = toolchain.target_flags().into_iter().chain([mapped]);
        let flags: Vec<String> = flags.map(|flag| quoted(&flag)).collect();
        let compiler = quoted(&toolchain.clang().display().to_string());
        let archiver = quoted(&toolchain.ar().display().to_string());
        for (name, command) in [
            ("guest-cc", format!("{compiler} {}", flags.join(" "))),
            ("guest-ar", archiver),
        ] {
            let file = programs.join(name);
            let text = format!("#!/bin/sh\nexec {command} \"$@\"\n");
            fs::write(&file, text).on("write", &file)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).on("write", &file)?;
        }
        Ok(())
    }
}

/// A word of the shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Fails if a Perl lacks modules that Configure loads.
fn require_perl(perl: &str, log: &Path) -> Result<()> {
    let help = "install perl; on Debian, the package `perl`: `perl-base` is not enough";
    let checked = Program::new(
        Tool::Make,
        perl,
        "looking for Perl, which configures OpenSSL",
    )
    .or_else(help)
    .log(log)
    .args(PERL_MODULES)
    .args(["-e", "1"])
    .run();
    match checked {
        Err(Error::ProgramFailed { .. }) => Err(Error::missing(
            "Perl with its standard modules, which configures OpenSSL",
            help,
        )),
        other => other,
    }
}

fn collect(tree: &Path, content: &Path) -> Result<()> {
    for library in ARCHIVES {
        tree::copy_file(&tree.join(library), &content.join("lib").join(library))?;
    }
    tree::copy_file(&tree.join(LICENSE_FILE), &content.join(LICENSE_FILE))?;
    tree::copy(
        &tree.join("include/openssl"),
        &content.join("include/openssl"),
        |file| file.ends_with(".h"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(perl: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let error = require_perl(perl, &folder.path().join("log")).unwrap_err();
        error.to_string()
    }

    #[test]
    fn perl_without_modules_is_reported_with_the_package() {
        // A program that fails, as Perl does without a module.
        for perl in ["false", "no-such-perl"] {
            let problem = problem_of(perl);

            assert!(problem.contains("the package `perl`"), "{problem}");
        }
    }
}

//! Puts the tests of a package, and what they import, below `target/conformance`: only what is not there yet.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use wadup_build::machine::Machine;

use super::suite::Suite;
use crate::cargo::workspace;
use crate::{program, python};

/// The folders of one package.
pub(super) struct Installed {
    pub(super) folder: PathBuf,
}

impl Installed {
    /// The root of the tests.
    pub(super) fn suite(&self) -> PathBuf {
        self.folder.join("suite")
    }

    /// What the tests import beside the package, compiled like them.
    pub(super) fn packages(&self) -> PathBuf {
        self.folder.join("packages")
    }

    /// Where the guest says what came of the tests of `file`.
    pub(super) fn results(&self, file: &str) -> PathBuf {
        self.folder.join("results").join(file.replace('/', "."))
    }
}

/// Installs what `suite` asks for; anew if that has changed.
pub(super) fn install(package: &str, suite: &Suite) -> Result<Installed, String> {
    let folder = workspace().join("target/conformance").join(package);
    let installed = Installed { folder };
    let marker = installed.folder.join("installed");
    let source = &suite.source;
    let wanted = format!(
        "{} {} {:?} {:?}\n",
        source.sha256, source.strip, source.unpack, suite.run.packages
    );
    if fs::read_to_string(&marker).is_ok_and(|is| is == wanted) {
        return Ok(installed);
    }
    let setup = python::setup()?;
    for folder in [installed.suite(), installed.packages()] {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed("empty", &folder))?;
        }
        fs::create_dir_all(&folder).map_err(failed("create", &folder))?;
    }
    unpack(&setup, suite, &installed.suite())?;
    let interpreters = python::interpreters(&setup)?;
    // CPython's own tests hold files that are to be refused, so that failures say nothing.
    let compile = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2)";
    program::run(
        Command::new(&interpreters.native)
            .args(["-c", compile])
            .arg(installed.suite()),
    )?;
    if !suite.run.packages.is_empty() {
        python::install(&interpreters, &installed.packages(), &suite.run.packages)?;
    }
    fs::write(&marker, wanted).map_err(failed("write", &marker))?;
    Ok(installed)
}

fn unpack(machine: &Machine, suite: &Suite, folder: &Path) -> program::Outcome {
    let source = &suite.source;
    let downloads = machine.store().join("downloads").join(&source.sha256);
    let archive = downloads.join(&source.file);
    let bytes = fs::read(&archive).map_err(|error| {
        format!(
            "`{}`: {error}; the store has it after a build of the package, and you may put it there",
            archive.display()
        )
    })?;
    let hash: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if hash != source.sha256 {
        return Err(format!("`{}` is another file: {hash}", archive.display()));
    }
    program::run(
        Command::new("tar")
            .arg("--extract")
            .arg("--file")
            .arg(&archive)
            .arg("--directory")
            .arg(folder)
            .arg(format!("--strip-components={}", source.strip))
            .arg("--wildcards")
            .args(&source.unpack),
    )
}

fn failed<'a>(what: &'a str, path: &'a Path) -> impl Fn(std::io::Error) -> String + 'a {
    move |error| format!("could not {what} `{}`: {error}", path.display())
}

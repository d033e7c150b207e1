//! Installs the tests of a package, and what they import, below `target/conformance`: only what is not there yet.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wadup_build::machine::Machine;
use xshell::{Shell, cmd};

use crate::suite::{Archive, Source, Suite};
use crate::{Result, workspace};

/// The folders of one package.
pub(crate) struct Installed {
    pub(crate) folder: PathBuf,
}

impl Installed {
    /// The root of the tests.
    pub(crate) fn suite(&self) -> PathBuf {
        self.folder.join("suite")
    }

    /// What the tests import beside the package.
    pub(crate) fn packages(&self) -> PathBuf {
        self.folder.join("packages")
    }

    /// Where what the tests of `file` print is kept.
    pub(crate) fn results(&self, file: &str) -> PathBuf {
        self.folder.join("results").join(file.replace('/', "."))
    }
}

/// Installs what `suite` names, again if that has changed.
pub(crate) fn install(shell: &Shell, package: &str, suite: &Suite) -> Result<Installed> {
    let folder = workspace().join("target/conformance").join(package);
    let installed = Installed { folder };
    let marker = installed.folder.join("installed");
    let machine = Machine::new(Box::new(wadup_build::Silent)).map_err(|error| error.report())?;
    let source = &suite.source;
    let archive = archive(&machine, &source.archive)?;
    let wanted = format!(
        "{} {} {:?} {:?}\n",
        archive.display(),
        source.strip,
        source.unpack,
        suite.run.packages
    );
    if fs::read_to_string(&marker).is_ok_and(|is| is == wanted) {
        return Ok(installed);
    }
    for folder in [installed.suite(), installed.packages()] {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed("empty", &folder))?;
        }
        fs::create_dir_all(&folder).map_err(failed("create", &folder))?;
    }
    unpack(shell, &archive, source, &installed.suite())?;
    let python = machine.build_python().map_err(|error| error.report())?;
    let uv = machine.uv().map_err(|error| error.report())?;
    let tests = installed.suite();
    // Some files of CPython's own tests cannot be compiled on purpose, so that a failure means nothing.
    let compile = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2)";
    cmd!(shell, "{python} -c {compile} {tests}").run()?;
    let packages = &suite.run.packages;
    if !packages.is_empty() {
        let folder = installed.packages();
        cmd!(
            shell,
            "{uv} pip install --quiet --compile-bytecode --python {python} --target {folder} {packages...}"
        )
        .run()?;
    }
    fs::write(&marker, wanted).map_err(failed("write", &marker))?;
    Ok(installed)
}

/// The path of an archive, which contains its hash.
fn archive(machine: &Machine, archive: &Archive) -> Result<PathBuf> {
    let Archive::Pinned { file, sha256 } = archive else {
        return Ok(machine.python_source().map_err(|error| error.report())?);
    };
    let archive = machine.store().join("downloads").join(sha256).join(file);
    let bytes = fs::read(&archive).map_err(|error| {
        format!(
            "could not read `{}`: {error}\nhelp: a build of the package puts it there; you can too",
            archive.display()
        )
    })?;
    let hash: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if hash != *sha256 {
        return Err(format!("`{}` has another hash: {hash}", archive.display()).into());
    }
    Ok(archive)
}

fn unpack(shell: &Shell, archive: &Path, source: &Source, folder: &Path) -> Result<()> {
    let (strip, patterns) = (source.strip.to_string(), &source.unpack);
    cmd!(
        shell,
        "tar --extract --file {archive} --directory {folder} --strip-components={strip} --wildcards {patterns...}"
    )
    .run()?;
    Ok(())
}

fn failed<'a>(what: &'a str, path: &'a Path) -> impl Fn(std::io::Error) -> String + 'a {
    move |error| format!("could not {what} `{}`: {error}", path.display())
}

//! Brings a machine to where `cargo build --target wasm32-wasip1` works, step by step, as often as you like.

mod c_toolchain;
mod findings;
mod rust_target;

use std::path::PathBuf;

pub use findings::{Finding, Problem};

use crate::base::Base;
use crate::cpython;
use crate::environment::{Environment, Tool};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::source::{Sources, debian};
use crate::store::Store;
use crate::toolchain::Toolchain;
use crate::{command::Program, store, uv};

/// What the store holds of CPython, for those who run it without a guest.
#[derive(Debug)]
pub struct Interpreters {
    /// The build Python: the guest's release, for this machine.
    pub native: PathBuf,
    /// CPython's own command for WASI, from the build that guests are linked with.
    pub wasm: PathBuf,
    /// The standard library of that command, as sources.
    pub stdlib: PathBuf,
    /// The archive with the source of both.
    pub source: PathBuf,
    /// The uv that builds use.
    pub uv: PathBuf,
}

/// The steps of the set-up, over one environment and one store.
pub struct Setup {
    environment: Environment,
    store: Store,
}

/// One thing that a build needs.
struct Step {
    what: &'static str,
    find: fn(&Setup) -> Result<String>,
    install: fn(&Setup) -> Result<()>,
}

/// In the order in which they build on one another.
const STEPS: [Step; 4] = [
    Step {
        what: "Rust target",
        find: |setup| rust_target::find(&setup.environment),
        install: |_| rust_target::install(),
    },
    Step {
        what: "C toolchain",
        find: |setup| {
            Toolchain::find(&setup.environment, setup.store.root()).map(|found| {
                format!(
                    "{}, sysroot {}",
                    found.description(),
                    found.sysroot().display()
                )
            })
        },
        install: |setup| c_toolchain::install(&setup.environment, &setup.store, &setup.sources()),
    },
    Step {
        what: "uv",
        find: |setup| {
            uv::find(&setup.environment, setup.store.root()).map(|uv| uv.display().to_string())
        },
        install: Setup::install_uv,
    },
    Step {
        what: "CPython and its libraries",
        find: Setup::find_base,
        install: |setup| {
            Base::prepare(&setup.environment, &setup.store, &setup.sources()).map(drop)
        },
    },
];

impl Setup {
    /// The set-up of this machine, with the store that builds will use.
    ///
    /// # Errors
    /// When no place for the store can be told.
    pub fn new(progress: Box<dyn Progress>) -> Result<Self> {
        let environment = Environment::of_process();
        let store = Store::new(store::folder(&environment)?, progress);
        Ok(Self { environment, store })
    }

    /// Where the store is.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.store.root().to_owned()
    }

    /// Installs and builds what is missing.
    ///
    /// # Errors
    /// The first step that could not be done, with what to do by hand.
    pub fn run(&self) -> Result<()> {
        for step in &STEPS {
            let progress = self.store.progress();
            if (step.find)(self).is_err() {
                progress.begin(step.what);
                (step.install)(self)?;
                progress.end(step.what);
            }
            progress.note(&format!("{}: {}", step.what, (step.find)(self)?));
        }
        Ok(())
    }

    /// Where the interpreters are; builds nothing.
    ///
    /// # Errors
    /// When something of the set-up is missing.
    pub fn interpreters(&self) -> Result<Interpreters> {
        let base = Base::find(&self.environment, &self.store, &self.sources())?;
        Ok(Interpreters {
            native: base.interpreter(),
            wasm: base.python.join("bin/python.wasm"),
            stdlib: base.python.join("stdlib"),
            source: cpython::obtain(&self.sources())?,
            uv: uv::find(&self.environment, self.store.root())?,
        })
    }

    fn sources(&self) -> Sources<'_> {
        Sources::new(&self.environment, &self.store)
    }

    fn find_base(&self) -> Result<String> {
        Base::find(&self.environment, &self.store, &self.sources())
            .map(|base| base.python.id().to_owned())
    }

    fn install_uv(&self) -> Result<()> {
        if self.sources().is_offline() {
            return Err(Error::missing(
                "uv",
                "this build is offline; install uv or set WADUP_UV",
            ));
        }
        let has_pip = Program::new(Tool::Pip, "python3", "looking for pip")
            .args(["-m", "pip", "--version"])
            .run()
            .is_ok();
        if !has_pip && may_install_packages() {
            apt_install(&["python3-pip"])?;
        }
        uv::install(self.store.root())
    }
}

/// Whether this is a Debian on which this process may install packages.
fn may_install_packages() -> bool {
    debian::is_here()
        && Program::new(Tool::System, "id", "asking who runs this")
            .arg("-u")
            .output()
            .is_ok_and(|user| user.trim() == "0")
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let apt = |purpose: &str| {
        Program::new(Tool::System, "apt-get", purpose).env("DEBIAN_FRONTEND", "noninteractive")
    };
    apt("reading the machine's package index")
        .arg("update")
        .run()?;
    apt("installing Debian packages")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages)
        .run()
}

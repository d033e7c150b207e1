//! What an instance gets from its creator.

use std::path::PathBuf;

use crate::printed::Printed;
use crate::profile::Profile;

/// The kind of host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Host {
    /// WASI preview 1 as wasmtime has it.
    #[default]
    Standard,
    /// The WADUP host, with its own reading of WASI: it does not call `_initialize`, gives no environment, arguments, further folders or
    /// randomness, cannot remove or rename files, and lists folders in a malformed way.
    Wadup,
}

/// The folder that the guest sees as `/`, through which input and output go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Root {
    /// A folder of this instance alone: in memory, or a temporary one if there are [`Options::preopens`].
    #[default]
    Private,
    /// This folder of the host, which may have other contents too.
    Folder(PathBuf),
    /// None: the guest sees only [`Options::preopens`], and [`crate::Instance::process`] cannot be used.
    None,
}

/// What the guest reads from standard input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stdin {
    /// Nothing: it is at its end.
    #[default]
    Empty,
    /// What this process reads there. Only a guest with folders of the disk gets it; for others, it is at its end.
    OfThisProcess,
}

/// A folder of the host that the guest may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preopen {
    /// The folder on the host.
    pub host: PathBuf,
    /// The path under which the guest sees it.
    pub guest: String,
}

/// What an instance gets. The default is a private root folder under wasmtime, and nothing else.
#[derive(Clone, Debug)]
pub struct Options {
    /// The kind of host. [`Host::Wadup`] ignores [`Options::initialize`], [`Options::environment`], [`Options::arguments`] and
    /// [`Options::stdin`].
    pub host: Host,
    /// Whether to call `_initialize`, if the guest exports it, before anything else. Default: yes, as wasmtime does.
    pub initialize: bool,
    /// The folder that the guest sees as `/`.
    pub root: Root,
    /// Further folders, writable. With them, or with a [`Root::Folder`], all that the guest sees is on the disk. [`Host::Wadup`] has
    /// none; with some, it lists and changes files as wasmtime does.
    pub preopens: Vec<Preopen>,
    /// Environment variables as names and values.
    pub environment: Vec<(String, String)>,
    /// Arguments, beginning with the program's own name.
    pub arguments: Vec<String>,
    /// What the guest reads from standard input.
    pub stdin: Stdin,
    /// Where the guest's output goes.
    pub printed: Printed,
    /// What collects samples of the Python stack. Only an engine of [`crate::Engine::for_profiles`] takes any.
    pub profile: Option<Profile>,
}

impl Options {
    /// Whether the guest has no folder of the disk.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.preopens.is_empty() && !matches!(self.root, Root::Folder(_))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: Host::Standard,
            initialize: true,
            root: Root::Private,
            preopens: Vec::new(),
            environment: Vec::new(),
            arguments: Vec::new(),
            stdin: Stdin::Empty,
            printed: Printed::default(),
            profile: None,
        }
    }
}

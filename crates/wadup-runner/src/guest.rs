//! A compiled guest: what it imports and exports, and the way to run it.

use wasmtime::Module;

use crate::call::Call;
use crate::engine::Engine;
use crate::error::Error;
use crate::instance::Instance;
use crate::options::Options;

/// A compiled guest, ready to be instantiated any number of times.
#[derive(Clone, Debug)]
pub struct Guest {
    pub(crate) engine: Engine,
    pub(crate) module: Module,
    cached: bool,
}

impl Guest {
    pub(crate) fn new(engine: Engine, module: Module, cached: bool) -> Self {
        Self {
            engine,
            module,
            cached,
        }
    }

    /// Whether the compiled code came from the cache.
    pub fn was_cached(&self) -> bool {
        self.cached
    }

    /// The imports as pairs of module and name, in the module's order.
    pub fn imports(&self) -> impl Iterator<Item = (&str, &str)> {
        self.module
            .imports()
            .map(|import| (import.module(), import.name()))
    }

    /// The names of the exports, in the module's order.
    pub fn exports(&self) -> impl Iterator<Item = &str> {
        self.module.exports().map(|export| export.name())
    }

    /// Makes an instance and initializes it as the host in `options` would.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownImport`] and [`Error::Instantiate`] if the host cannot give the module what it wants, [`Error::Initialize`] if it
    /// traps on the way, [`Error::File`] if a folder cannot be opened.
    pub fn instantiate(&self, options: &Options) -> Result<Instance, Error> {
        Instance::new(self, options)
    }

    /// Runs a command, a module with `_start`, to its end.
    ///
    /// [`Call::end`] holds the exit status, which is 0 when `_start` returns.
    ///
    /// # Errors
    ///
    /// Those of [`Guest::instantiate`], and [`Error::Export`] if there is no `_start`.
    pub fn run_command(&self, options: &Options) -> Result<Call, Error> {
        // A command initializes itself in `_start`.
        let options = Options {
            initialize: false,
            ..options.clone()
        };
        let call = Instance::new(self, &options)?.call("_start")?;
        Ok(call.exit_as_status())
    }
}

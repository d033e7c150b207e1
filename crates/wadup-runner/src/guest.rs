//! A compiled guest: what it imports and exports, and the way to run it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use wasmtime::{InstancePre, Linker, Module};
use wasmtime_wasi::p1;

use crate::call::Call;
use crate::engine::Engine;
use crate::error::Error;
use crate::instance::Instance;
use crate::options::{Host, Options};
use crate::state::State;
use crate::wadup_host;

/// A compiled guest, ready to be instantiated any number of times.
#[derive(Clone)]
pub struct Guest {
    pub(crate) engine: Engine,
    pub(crate) module: Module,
    cached: bool,
    linked: Arc<Linked>,
}

/// The module with its imports looked up, which is the same for every instance under one host.
#[derive(Default)]
struct Linked {
    standard: OnceLock<InstancePre<State>>,
    wadup: OnceLock<InstancePre<State>>,
}

impl fmt::Debug for Guest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Guest")
            .field("engine", &self.engine)
            .field("module", &self.module)
            .field("cached", &self.cached)
            .finish_non_exhaustive()
    }
}

impl Guest {
    pub(crate) fn new(engine: Engine, module: Module, cached: bool) -> Self {
        Self {
            engine,
            module,
            cached,
            linked: Arc::default(),
        }
    }

    /// The module with the functions of `host` behind its imports.
    pub(crate) fn linked(&self, host: Host) -> Result<&InstancePre<State>, Error> {
        let place = match host {
            Host::Standard => &self.linked.standard,
            Host::Wadup => &self.linked.wadup,
        };
        match place.get() {
            Some(linked) => Ok(linked),
            None => {
                let linked = self.link(host)?;
                Ok(place.get_or_init(|| linked))
            }
        }
    }

    fn link(&self, host: Host) -> Result<InstancePre<State>, Error> {
        let mut linker = Linker::new(&self.engine.wasmtime);
        p1::add_to_linker_sync(&mut linker, |state: &mut State| &mut state.wasi)
            .map_err(Error::instantiate)?;
        if host == Host::Wadup {
            wadup_host::check_imports(&self.module)?;
            wadup_host::replace(&mut linker).map_err(Error::instantiate)?;
        }
        linker
            .instantiate_pre(&self.module)
            .map_err(Error::instantiate)
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

//! A compiled guest: how it is made, and what it imports and exports.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::{fmt, fs};

use wasmtime::{InstancePre, Linker, Module};
use wasmtime_wasi::p1;

use crate::compiled::Compiled;
use crate::engine::Engine;
use crate::error::Error;
use crate::limits::Limits;
use crate::options::{Host, Options};
use crate::state::State;
use crate::{quirks, wasi};

/// A compiled guest, ready to be instantiated any number of times.
#[derive(Clone)]
pub struct Guest {
    pub(crate) engine: Engine,
    pub(crate) module: Module,
    pub(crate) name: String,
    /// For an engine that needs other code.
    pub(crate) wasm: Arc<[u8]>,
    cached: bool,
    linked: Arc<Linked>,
}

/// The module with its imports looked up, which is the same for every instance of one kind.
#[derive(Default)]
struct Linked {
    standard: OnceLock<InstancePre<State>>,
    standard_on_disk: OnceLock<InstancePre<State>>,
    wadup: OnceLock<InstancePre<State>>,
    wadup_on_disk: OnceLock<InstancePre<State>>,
    wadup_with_folders: OnceLock<InstancePre<State>>,
}

impl fmt::Debug for Guest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Guest")
            .field("engine", &self.engine)
            .field("name", &self.name)
            .field("cached", &self.cached)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Reads and compiles the guest at `path`.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read, else those of [`Engine::compile`].
    pub fn load(&self, path: &Path) -> Result<Guest, Error> {
        let wasm = fs::read(path).map_err(Error::file("read", path))?;
        self.compile(&path.display().to_string(), &wasm)
    }

    /// Compiles the binary wasm module `wasm`, or takes it from the cache; messages contain `name`.
    ///
    /// # Errors
    ///
    /// [`Error::Compile`] if this is not a wasm module or uses what wasmtime is built without (exceptions, garbage collection),
    /// [`Error::Memory`] if the contents of its memory cannot be mapped, and [`Error::File`] if the cache cannot be written.
    pub fn compile(&self, name: &str, wasm: &[u8]) -> Result<Guest, Error> {
        let (compiled, cached) = Compiled::of(self, name, wasm)?;
        Ok(Guest {
            engine: compiled.engine,
            module: compiled.module,
            name: name.to_owned(),
            wasm: wasm.into(),
            cached,
            linked: Arc::default(),
        })
    }
}

impl Guest {
    /// Reads and compiles the guest at `path` for [`Guest::pool`], which may take a minute for the largest guests.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::load`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Engine::for_pools(Limits::default())?.load(path.as_ref())
    }

    /// The same with compiled code kept in `folder`, which is made when it is needed; several processes may share one.
    ///
    /// Whoever can write to the folder can run code in this process.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::load`].
    pub fn open_cached(path: impl AsRef<Path>, folder: impl Into<PathBuf>) -> Result<Self, Error> {
        Engine::for_pools(Limits::default())?
            .with_cache(folder)
            .load(path.as_ref())
    }

    /// The module with the functions of the host behind its imports.
    pub(crate) fn linked(&self, options: &Options) -> Result<&InstancePre<State>, Error> {
        let is_in_memory = options.is_in_memory();
        let place = match (options.host, is_in_memory) {
            (Host::Standard, true) => &self.linked.standard,
            (Host::Standard, false) => &self.linked.standard_on_disk,
            (Host::Wadup, true) => &self.linked.wadup,
            (Host::Wadup, false) if options.preopens.is_empty() => &self.linked.wadup_on_disk,
            (Host::Wadup, false) => &self.linked.wadup_with_folders,
        };
        match place.get() {
            Some(linked) => Ok(linked),
            None => {
                let linked = self.link(options)?;
                Ok(place.get_or_init(|| linked))
            }
        }
    }

    fn link(&self, options: &Options) -> Result<InstancePre<State>, Error> {
        let mut linker = Linker::new(&self.engine.wasmtime);
        if options.is_in_memory() {
            wasi::provide(&mut linker)
        } else {
            p1::add_to_linker_sync(&mut linker, State::disk)
        }
        .map_err(Error::instantiate)?;
        if options.host == Host::Wadup {
            quirks::check_imports(&self.module)?;
            quirks::replace(&mut linker).map_err(Error::instantiate)?;
            if options.preopens.is_empty() {
                quirks::replace_folders(&mut linker).map_err(Error::instantiate)?;
            }
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
}

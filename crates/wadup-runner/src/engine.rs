//! The compiler and the limits that every guest of a run shares.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cache::CodeCache;
use crate::error::Error;
use crate::guest::Guest;

/// wasmtime's default, which is what the WADUP host runs its guests with.
const DEFAULT_STACK: usize = 512 * 1024;

/// What a guest may use up; the defaults are the WADUP host's.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of linear memory. Growth beyond it is refused, which the guest sees as a failed allocation. Default: none.
    pub memory: Option<usize>,
    /// Bytes of native stack for wasm frames; beyond it the call traps. Default: 512 KiB, wasmtime's own.
    pub stack: usize,
    /// Fuel per call (and for the instantiation); one unit is about one wasm instruction. Default: none.
    pub fuel: Option<u64>,
    /// Wall time per call (and for the instantiation). Only wasm code is interrupted: a guest that sleeps in the host is stopped when
    /// it wakes. Default: none.
    pub timeout: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: None,
            stack: DEFAULT_STACK,
            fuel: None,
            timeout: None,
        }
    }
}

/// Compiles guests and holds the limits that they run under.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) limits: Limits,
    cache: Option<CodeCache>,
}

impl Engine {
    /// Makes an engine without a cache of compiled code.
    ///
    /// # Errors
    ///
    /// [`Error::Limits`] if wasmtime refuses them, for example a stack of 0 bytes.
    pub fn new(limits: Limits) -> Result<Self, Error> {
        let mut config = wasmtime::Config::new();
        config
            .consume_fuel(limits.fuel.is_some())
            .epoch_interruption(limits.timeout.is_some())
            .max_wasm_stack(limits.stack)
            // Guests are called without wasmtime's own stacks, yet it wants this one to be no smaller.
            .async_stack_size(limits.stack.max(DEFAULT_STACK));
        let wasmtime = wasmtime::Engine::new(&config).map_err(|error| Error::Limits {
            reason: format!("{error:#}"),
        })?;
        Ok(Self {
            wasmtime,
            limits,
            cache: None,
        })
    }

    /// Keeps compiled code in `folder`, which is made when it is first needed. Several processes may share one.
    #[must_use]
    pub fn with_cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(CodeCache::new(folder.into()));
        self
    }

    /// Reads and compiles the guest at `path`.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read, else those of [`Engine::compile`].
    pub fn load(&self, path: &Path) -> Result<Guest, Error> {
        let wasm = fs::read(path).map_err(Error::file("read", path))?;
        self.compile(&path.display().to_string(), &wasm)
    }

    /// Compiles the binary wasm module `wasm`, or takes it from the cache; `name` stands in messages.
    ///
    /// # Errors
    ///
    /// [`Error::Compile`] if this is no wasm module or uses what wasmtime is built without (exceptions, garbage collection), and
    /// [`Error::File`] if the cache cannot be written.
    pub fn compile(&self, name: &str, wasm: &[u8]) -> Result<Guest, Error> {
        let failed = |error: wasmtime::Error| Error::Compile {
            guest: name.to_owned(),
            reason: format!("{error:#}"),
        };
        let compile = || wasmtime::Module::from_binary(&self.wasmtime, wasm).map_err(failed);
        let (module, cached) = match &self.cache {
            Some(cache) => cache.get_or_compile(&self.wasmtime, wasm, compile)?,
            None => (compile()?, false),
        };
        // The memory image is made once per module; without this, the first instance would wait for it.
        module.initialize_copy_on_write_image().map_err(failed)?;
        Ok(Guest::new(self.clone(), module, cached))
    }
}

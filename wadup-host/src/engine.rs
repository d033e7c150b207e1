//! The compiler and the limits that every guest of a run shares.

use std::path::PathBuf;

use crate::cache::CodeCache;
use crate::error::Error;
use crate::limits::{DEFAULT_STACK, Limits};
use crate::memory::{self, Source};

/// How guests become machine code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compiler {
    /// Cranelift, as the WADUP host does it: minutes of processor time for the largest guests, the fastest code.
    #[default]
    Optimizing,
    /// Winch: compiles in a tenth of the time what then runs two to three times as long. Its frames take more of the native stack, so
    /// that recursion ends earlier.
    Baseline,
}

/// Compiles guests and holds the limits that they run under.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) limits: Limits,
    pub(crate) compiler: Compiler,
    /// Whether its code looks at the epoch, which deadlines, cancellation and profiles take.
    pub(crate) is_interruptible: bool,
    pub(crate) cache: Option<CodeCache>,
}

impl Engine {
    /// Makes an engine with the optimizing compiler, and without a cache of compiled code.
    ///
    /// # Errors
    ///
    /// [`Error::Limits`] if wasmtime refuses them, for example a stack of 0 bytes.
    pub fn new(limits: Limits) -> Result<Self, Error> {
        Self::with_compiler(limits, Compiler::Optimizing)
    }

    /// Makes an engine with this compiler, and without a cache of compiled code.
    ///
    /// # Errors
    ///
    /// [`Error::Limits`] if wasmtime refuses the limits, or has no such compiler for this processor.
    pub fn with_compiler(limits: Limits, compiler: Compiler) -> Result<Self, Error> {
        let is_interruptible = limits.timeout.is_some();
        Self::build(limits, compiler, is_interruptible)
    }

    /// Makes an engine whose code can be stopped from outside, which [`Guest::pool`](crate::Guest::pool) needs, with the optimizing
    /// compiler.
    ///
    /// A pool may have other limits, but a guest is compiled again if they need other code.
    ///
    /// # Errors
    ///
    /// [`Error::Limits`] if wasmtime refuses them.
    pub fn for_pools(limits: Limits) -> Result<Self, Error> {
        Self::build(limits, Compiler::Optimizing, true)
    }

    /// Makes an engine whose guests can be sampled for [`crate::Options::profile`], and without a cache of compiled code.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::with_compiler`].
    pub fn for_profiles(limits: Limits, compiler: Compiler) -> Result<Self, Error> {
        Self::build(limits, compiler, true)
    }

    pub(crate) fn build(
        limits: Limits,
        compiler: Compiler,
        is_interruptible: bool,
    ) -> Result<Self, Error> {
        let config = config(&limits, compiler, is_interruptible);
        let wasmtime = wasmtime::Engine::new(&config).map_err(Error::limits)?;
        Ok(Self {
            wasmtime,
            limits,
            compiler,
            is_interruptible,
            cache: None,
        })
    }

    /// The same engine for one guest, whose memories show what is in `source`.
    pub(crate) fn with_memories(&self, source: Source) -> Result<Self, Error> {
        let mut config = config(&self.limits, self.compiler, self.is_interruptible);
        memory::provide(source, &mut config).map_err(Error::memory)?;
        let wasmtime = wasmtime::Engine::new(&config).map_err(Error::limits)?;
        Ok(Self {
            wasmtime,
            ..self.clone()
        })
    }

    /// Keeps compiled code in `folder`, which is made when it is first needed. Several processes may share one.
    #[must_use]
    pub fn with_cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(CodeCache::new(folder.into()));
        self
    }
}

fn config(limits: &Limits, compiler: Compiler, is_interruptible: bool) -> wasmtime::Config {
    let mut config = wasmtime::Config::new();
    config
        .strategy(match compiler {
            Compiler::Optimizing => wasmtime::Strategy::Cranelift,
            Compiler::Baseline => wasmtime::Strategy::Winch,
        })
        .consume_fuel(limits.fuel.is_some())
        .epoch_interruption(is_interruptible)
        .max_wasm_stack(limits.stack)
        // Guests are called without wasmtime's own stacks, yet it wants this one to be no smaller.
        .async_stack_size(limits.stack.max(DEFAULT_STACK));
    config
}

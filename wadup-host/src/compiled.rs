//! The machine code of a guest and the engine that runs it: from the cache, or compiled.

use std::borrow::Cow;

use wasmtime::Module;

use crate::cache::Entry;
use crate::engine::Engine;
use crate::error::Error;
use crate::memory::{self, Initial, Source};

/// Machine code, and the engine that runs it.
pub(crate) struct Compiled {
    pub(crate) engine: Engine,
    pub(crate) module: Module,
}

impl Compiled {
    /// The binary module `wasm` for an engine like this, and whether its code was in the cache.
    pub(crate) fn of(engine: &Engine, name: &str, wasm: &[u8]) -> Result<(Self, bool), Error> {
        let initial = memory::works().then(|| Initial::of(wasm)).flatten();
        let initial = initial.as_ref();
        let Some(cache) = &engine.cache else {
            return Ok((Self::compile(engine, name, wasm, initial)?, false));
        };
        let entry = cache.entry(&engine.wasmtime, wasm, initial);
        if let Some(compiled) = Self::cached(engine, &entry, initial) {
            return Ok((compiled, true));
        }
        // Of several processes that start at the same time, one compiles.
        let _lock = entry.lock()?;
        if let Some(compiled) = Self::cached(engine, &entry, initial) {
            return Ok((compiled, true));
        }
        let compiled = Self::compile(engine, name, wasm, initial)?;
        let contents = initial.map(Initial::contents).unwrap_or_default();
        entry.write(&compiled.module, &contents)?;
        Ok((compiled, false))
    }

    fn cached(engine: &Engine, entry: &Entry, initial: Option<&Initial<'_>>) -> Option<Self> {
        let code = entry.open()?;
        let engine = match initial {
            Some(initial) => {
                let (file, position) = code.contents()?;
                let source = Source::in_file(initial, file, position).ok()?;
                engine.with_memories(source).ok()?
            }
            None => engine.clone(),
        };
        let module = code.module(&engine.wasmtime)?;
        Self::new(engine, module).ok()
    }

    fn compile(
        engine: &Engine,
        name: &str,
        wasm: &[u8],
        initial: Option<&Initial<'_>>,
    ) -> Result<Self, Error> {
        let (engine, wasm) = match initial {
            Some(initial) => {
                let source = Source::in_memory(initial).map_err(Error::memory)?;
                (engine.with_memories(source)?, initial.module().into())
            }
            None => (engine.clone(), Cow::Borrowed(wasm)),
        };
        let compiled = Module::from_binary(&engine.wasmtime, &wasm)
            .and_then(|module| Self::new(engine, module));
        compiled.map_err(|error| Error::Compile {
            guest: name.to_owned(),
            reason: format!("{error:#}"),
        })
    }

    fn new(engine: Engine, module: Module) -> wasmtime::Result<Self> {
        // wasmtime makes its image of the memory once per module; without this, the first instance would wait for it.
        module.initialize_copy_on_write_image()?;
        Ok(Self { engine, module })
    }
}

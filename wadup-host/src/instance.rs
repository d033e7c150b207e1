//! An instance of a guest and the calls into it.

use std::sync::Arc;

use wadup_contract::export::{INITIALIZE, MEMORY, PROCESS, START};
use wasmtime::{Store, Val};

use crate::call::{Call, Failure, Outcome};
use crate::contract::{self, Tables};
use crate::engine::Engine;
use crate::error::Error;
use crate::folder::{Files, RootFolder};
use crate::guest::Guest;
use crate::interrupt::{interruptible, watch_epochs};
use crate::limits::Exceeded;
use crate::number::{CallWithNumbers, Number};
use crate::options::{Host, Options, Root};
use crate::running::Wishes;
use crate::stack::with_stack;
use crate::state::State;
use crate::trap::{Cancelled, TimedOut, Trap};

/// A guest in memory. Its globals, memory and open files live from call to call, also after a failed one.
pub struct Instance {
    engine: Engine,
    store: Store<State>,
    instance: wasmtime::Instance,
    root: Place,
    tables: Tables,
}

/// Where the guest's `/` is.
enum Place {
    None,
    /// In the store.
    Memory,
    Disk(RootFolder),
}

impl Guest {
    /// Makes an instance and initializes it as the host in `options` would.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownImport`] and [`Error::Instantiate`] if the host lacks an import of the module, [`Error::Initialize`] if it traps
    /// during that, [`Error::File`] if a folder cannot be opened.
    pub fn instantiate(&self, options: &Options) -> Result<Instance, Error> {
        Instance::started(self, options, Wishes::default())
    }

    /// Runs a command, a module with `_start`, to its end.
    ///
    /// [`Call::end`] holds the exit status, which is 0 when `_start` returns.
    ///
    /// # Errors
    ///
    /// Those of [`Guest::instantiate`], and [`Error::Export`] if the module does not export `_start`.
    pub fn run_command(&self, options: &Options) -> Result<Call, Error> {
        // A command initializes itself in `_start`.
        let call = Instance::new(self, options, Wishes::default())?.call(START)?;
        Ok(call.exit_as_status())
    }
}

impl Instance {
    /// An instance that has been initialized as the host in `options` does it.
    pub(crate) fn started(guest: &Guest, options: &Options, wishes: Wishes) -> Result<Self, Error> {
        let mut instance = Self::new(guest, options, wishes)?;
        let exported = |name| guest.module.get_export(name).is_some();
        match options.host {
            // The WADUP host calls `_start` if there is one, and ignores how it ends.
            Host::Wadup if exported(START) => {
                instance.call(START)?;
            }
            Host::Standard if options.initialize && exported(INITIALIZE) => {
                let call = instance.call(INITIALIZE)?;
                if call.end.is_err() {
                    return Err(Error::Initialize(Box::new(call)));
                }
            }
            _ => {}
        }
        Ok(instance)
    }

    /// An instance of which nothing but the module's start function has run.
    fn new(guest: &Guest, options: &Options, wishes: Wishes) -> Result<Self, Error> {
        let engine = &guest.engine;
        let linked = guest.linked(options)?;
        let root = match &options.root {
            Root::None => Place::None,
            Root::Folder(path) => Place::Disk(RootFolder::existing(path)?),
            Root::Private if options.is_in_memory() => Place::Memory,
            Root::Private => Place::Disk(RootFolder::private()?),
        };
        let disk = match &root {
            Place::Disk(folder) => Some(folder),
            Place::None | Place::Memory => None,
        };
        let mut state = State::new(options, disk, &engine.limits)?;
        if let Place::Memory = root {
            let vfs = state.vfs().map_err(Error::instantiate)?;
            vfs.put_input(Arc::from([])).map_err(Error::instantiate)?;
        }
        state.running.wishes = wishes;
        let mut store = Store::new(&engine.wasmtime, state);
        store.limiter(|state| &mut state.memory);
        if engine.is_interruptible {
            watch_epochs(&mut store);
        }

        let instance =
            enter(engine, &mut store, |store| linked.instantiate(store))?.map_err(|error| {
                let trapped = error.is::<wasmtime::Trap>();
                let stopped = error.is::<TimedOut>() || error.is::<Cancelled>();
                if trapped || stopped || error.is::<Exceeded>() {
                    Error::Initialize(Box::new(ended(engine, &store, Err(error))))
                } else if let Some(exceeded) = store.data().memory.exceeded() {
                    Error::instantiate(exceeded.into())
                } else {
                    Error::instantiate(error)
                }
            })?;

        if store.data().sampled.is_some() {
            let memory = instance.get_memory(&mut store, MEMORY);
            if let Some(sampled) = &mut store.data_mut().sampled {
                sampled.memory = memory;
            }
        }
        Ok(Self {
            engine: engine.clone(),
            store,
            instance,
            root,
            tables: Tables::default(),
        })
    }

    /// Processes one input: puts it into `/data.bin`, calls `process`, and takes what the guest left for the host.
    ///
    /// Rows count only if `process` returned 0 and everything it left complies with the contract. Everything is removed, so that it
    /// cannot appear under a later input.
    ///
    /// # Errors
    ///
    /// [`Error::NoRoot`], [`Error::Export`] and [`Error::File`]. A failure of the guest itself is in [`Outcome::result`].
    pub fn process(&mut self, input: &[u8]) -> Result<Outcome, Error> {
        self.process_export(PROCESS, &Arc::from(input))
    }

    /// The same with another export than `process`.
    ///
    /// # Errors
    ///
    /// Those of [`Instance::process`].
    pub fn process_by(&mut self, name: &str, input: &[u8]) -> Result<Outcome, Error> {
        self.process_export(name, &Arc::from(input))
    }

    /// The same with another export than `process`, and without a copy of the input.
    pub(crate) fn process_export(
        &mut self,
        name: &str,
        input: &Arc<[u8]>,
    ) -> Result<Outcome, Error> {
        self.put_input(input)?;
        let Call {
            end,
            stdout,
            stderr,
        } = self.call(name)?;
        let files = self.take()?;
        let result = match end {
            Ok(0) => {
                let input_bytes = input.len() as u64;
                contract::read(files, &self.tables, input_bytes, &self.engine.limits)
            }
            Ok(status) => Err(match self.store.data().memory.exceeded() {
                Some(exceeded) => Failure::Exceeded(exceeded),
                None => Failure::Status(status),
            }),
            Err(trap) => Err(Failure::Trap(trap)),
        };
        let result = result.map(|(output, tables)| {
            self.tables = tables;
            output
        });
        Ok(Outcome {
            result,
            stdout,
            stderr,
        })
    }

    pub(crate) fn set_wishes(&mut self, wishes: Wishes) {
        self.store.data_mut().running.wishes = wishes;
    }

    fn put_input(&mut self, input: &Arc<[u8]>) -> Result<(), Error> {
        match &self.root {
            Place::None => Err(Error::NoRoot),
            Place::Memory => {
                let vfs = self.store.data_mut().vfs().map_err(Error::folder)?;
                vfs.put_input(Arc::clone(input)).map_err(Error::folder)
            }
            Place::Disk(folder) => folder.put_input(input),
        }
    }

    fn take(&mut self) -> Result<Files, Error> {
        match &self.root {
            Place::None => Err(Error::NoRoot),
            Place::Memory => {
                let vfs = self.store.data_mut().vfs().map_err(Error::folder)?;
                vfs.take().map_err(Error::folder)
            }
            Place::Disk(folder) => folder.take(&self.engine.limits),
        }
    }

    /// Calls the export `name`, a function that takes nothing and returns an `i32` or nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Export`] if the module does not have this export. How the call itself ended is in [`Call::end`].
    pub fn call(&mut self, name: &str) -> Result<Call, Error> {
        type Export = Box<dyn FnOnce(&mut Store<State>) -> wasmtime::Result<i32> + Send>;
        let missing = || Error::Export {
            name: name.to_owned(),
        };
        let function = self
            .instance
            .get_func(&mut self.store, name)
            .ok_or_else(missing)?;
        let export: Export = if let Ok(function) = function.typed::<(), i32>(&self.store) {
            Box::new(move |store| function.call(store, ()))
        } else if let Ok(function) = function.typed::<(), ()>(&self.store) {
            Box::new(move |store| function.call(store, ()).map(|()| 0))
        } else {
            return Err(missing());
        };
        let result = enter(&self.engine, &mut self.store, export)?;
        Ok(ended(&self.engine, &self.store, result))
    }

    /// Calls the export `name` with numbers, and returns what it returns and what it printed.
    ///
    /// # Errors
    ///
    /// [`Error::Export`] if the module does not have an export of this name and these parameters, or if it returns something else than
    /// nothing or a number.
    pub fn call_with(&mut self, name: &str, numbers: &[Number]) -> Result<CallWithNumbers, Error> {
        let missing = || Error::Export {
            name: name.to_owned(),
        };
        let function = self
            .instance
            .get_func(&mut self.store, name)
            .ok_or_else(missing)?;
        let arguments: Vec<Val> = numbers.iter().copied().map(Val::from).collect();
        let kind = function.ty(&self.store);
        let takes = arguments.len() == kind.params().len()
            && kind
                .params()
                .zip(&arguments)
                .all(|(parameter, argument)| match argument {
                    Val::I32(_) => parameter.is_i32(),
                    Val::I64(_) => parameter.is_i64(),
                    Val::F32(_) => parameter.is_f32(),
                    _ => parameter.is_f64(),
                });
        if !takes || kind.results().len() > 1 {
            return Err(missing());
        }
        let mut results: Vec<Val> = kind.results().map(|_| Val::I32(0)).collect();
        let result = enter(&self.engine, &mut self.store, |store| {
            function.call(store, &arguments, &mut results)
        })?;
        let Call {
            end,
            stdout,
            stderr,
        } = ended(&self.engine, &self.store, result.map(|()| 0));
        Ok(CallWithNumbers {
            end: end.map(|_| results.first().and_then(Number::of)),
            stdout,
            stderr,
        })
    }

    /// The guest's memory, from address 0 on; empty if it exports none.
    pub fn memory(&mut self) -> &[u8] {
        self.instance
            .get_memory(&mut self.store, MEMORY)
            .map_or(&[], |memory| memory.data(&self.store))
    }

    /// The size of the guest's memory in bytes; 0 if it exports none.
    pub fn memory_bytes(&mut self) -> usize {
        self.instance
            .get_memory(&mut self.store, MEMORY)
            .map_or(0, |memory| memory.data_size(&self.store))
    }
}

/// Runs wasm under the engine's limits, which are full again for each call.
fn enter<R: Send>(
    engine: &Engine,
    store: &mut Store<State>,
    run: impl FnOnce(&mut Store<State>) -> wasmtime::Result<R> + Send,
) -> Result<wasmtime::Result<R>, Error> {
    store.data_mut().memory.refused = false;
    let run = |store: &mut Store<State>| {
        if let Some(fuel) = engine.limits.fuel {
            store.set_fuel(fuel)?;
        }
        run(store)
    };
    with_stack(engine.limits.stack, || {
        if engine.is_interruptible {
            interruptible(&engine.wasmtime, engine.limits.timeout, store, run)
        } else {
            Ok(run(store))
        }
    })?
}

/// The result of a call, with what it printed.
fn ended(engine: &Engine, store: &Store<State>, result: wasmtime::Result<i32>) -> Call {
    let state = store.data();
    let end = result.map_err(|error| Trap::new(&error, &engine.limits, state.memory.refused));
    // wasmtime-wasi only tells the guest that its output is not written.
    let exceeded = state.stdout.exceeded().or(state.stderr.exceeded());
    let end = exceeded.map_or(end, |exceeded| Err(exceeded.into()));
    Call {
        end,
        stdout: state.stdout.take(),
        stderr: state.stderr.take(),
    }
}

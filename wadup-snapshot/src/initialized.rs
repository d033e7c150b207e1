//! An instance whose initialization has run, up to the point where it is written out.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use wadup_contract::export::{MEMORY, SNAPSHOT_ENVIRONMENT, SNAPSHOT_PREPARE};
use wasmtime::{Config, Engine, Instance, Module, OptLevel, Store, Strategy, Val};
use wasmtime_wasi::I32Exit;
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType};

use crate::error::Error;
use crate::finding::{Finding, Read, place};
use crate::host::{self, ForeignCall, State, text_at};
use crate::hushed::is_hushed;

/// Native stack for the guest's frames. Code without optimization needs more than hosts allow by default.
const WASM_STACK: usize = 8 << 20;

/// The same, with room for wasmtime and the host's functions.
const THREAD_STACK: usize = WASM_STACK + (4 << 20);

/// The first global, as instrumentation exports it: the linker's own stack pointer.
const STACK_POINTER: &str = "__wizer_global_0";

pub(crate) struct Initialized {
    store: Store<State>,
    instance: Instance,
}

impl Initialized {
    /// Compiles the instrumented module `wasm`, and runs its initialization.
    pub(crate) fn of(wasm: &[u8], baseline: bool) -> Result<Self, Error> {
        let mut config = Config::new();
        if baseline {
            config.strategy(Strategy::Winch);
        } else {
            config
                // It runs once, so compile time matters most.
                .cranelift_opt_level(OptLevel::None)
                // So that floats in the memory are the same on every machine.
                .cranelift_nan_canonicalization(true);
        }
        config
            .max_wasm_stack(WASM_STACK)
            .async_stack_size(WASM_STACK + (1 << 20));
        let engine = Engine::new(&config).map_err(Error::not_a_guest)?;
        let module = Module::from_binary(&engine, wasm).map_err(Error::not_a_guest)?;
        if module.get_export(SNAPSHOT_PREPARE).is_none() {
            return Err(Error::NotAGuest {
                reason: format!(
                    "it has no export `{SNAPSHOT_PREPARE}`, which `wadup_python!` writes"
                ),
            });
        }
        let linker = host::linker(&module).map_err(Error::not_a_guest)?;
        let mut store = Store::new(&engine, State::new());
        let ended = thread::scope(|scope| {
            let run = || {
                let instance = linker.instantiate(&mut store, &module)?;
                instance
                    .get_typed_func::<(), ()>(&mut store, SNAPSHOT_PREPARE)?
                    .call(&mut store, ())?;
                Ok(instance)
            };
            thread::Builder::new()
                .stack_size(THREAD_STACK)
                .spawn_scoped(scope, run)
                .map(|thread| thread.join())
        });
        let ended: wasmtime::Result<Instance> = match ended {
            Ok(Ok(ended)) => ended,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(error.into()),
        };
        match ended {
            Ok(instance) => Ok(Self { store, instance }),
            Err(error) => Err(failure(&error, store.data())),
        }
    }

    pub(crate) fn exports(&mut self, name: &str) -> bool {
        self.instance.get_export(&mut self.store, name).is_some()
    }

    /// Every read that may do harm, once per place.
    pub(crate) fn findings(&mut self) -> Result<Vec<Finding>, Error> {
        let from_environment = self.environment_reads()?;
        let mut findings = Vec::new();
        for (read, stack) in self.store.data().reads.iter().chain(&from_environment) {
            if is_hushed(read, stack.as_deref()) {
                continue;
            }
            let finding = Finding::of(read.clone(), stack.as_deref());
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
        Ok(findings)
    }

    /// What was read from the environment, which the host does not see: the guest has a copy.
    fn environment_reads(&mut self) -> Result<Vec<(Read, Option<String>)>, Error> {
        let Ok(function) = self
            .instance
            .get_typed_func::<(), u32>(&mut self.store, SNAPSHOT_ENVIRONMENT)
        else {
            return Ok(Vec::new());
        };
        let address = function
            .call(&mut self.store, ())
            .map_err(|error| failure(&error, self.store.data()))?;
        let text = text_at(self.memory(), address);
        let reads: Vec<(String, String)> =
            serde_json::from_str(&text).map_err(|error| Error::NotAGuest {
                reason: format!(
                    "its export `{SNAPSHOT_ENVIRONMENT}` does not return a list: {error}"
                ),
            })?;
        Ok(reads
            .into_iter()
            .map(|(name, stack)| (Read::Environment(name), Some(stack)))
            .collect())
    }

    /// Zeroes what the initialization left on its stack: it is not used any more, and makes the module larger.
    ///
    /// The gate checks that every guest has its stack first: from address 0 to where the stack pointer is now.
    pub(crate) fn clear_stack(&mut self) {
        let top = self
            .instance
            .get_global(&mut self.store, STACK_POINTER)
            .and_then(|global| global.get(&mut self.store).i32())
            .map_or(0, |top| top.cast_unsigned() as usize);
        if let Some(stack) = self.memory_mut().get_mut(..top) {
            stack.fill(0);
        }
    }

    /// What was printed, standard output first.
    pub(crate) fn output(&self) -> String {
        self.store.data().printed()
    }

    /// Runs `work`. It is a future because other engines may have to wait; this one does not.
    pub(crate) fn now<'a, R, F: Future<Output = wasmtime::Result<R>>>(
        &'a mut self,
        work: impl FnOnce(&'a mut Self) -> F,
    ) -> Result<R, Error> {
        let mut future = pin!(work(self));
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(result) => result.map_err(Error::not_a_guest),
            Poll::Pending => Err(Error::NotAGuest {
                reason: "its state is not available at once".to_owned(),
            }),
        }
    }

    fn memory(&mut self) -> &[u8] {
        self.memory_mut()
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        match self.instance.get_memory(&mut self.store, MEMORY) {
            Some(memory) => memory.data_mut(&mut self.store),
            None => &mut [],
        }
    }
}

/// What the rewriting reads, by the names of the exports that instrumentation adds.
#[allow(
    clippy::panic,
    reason = "the trait has no errors, and reads only what instrumentation has exported itself"
)]
impl InstanceState for Initialized {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&mut self.store, name);
        match global.map(|global| global.get(&mut self.store)) {
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(value)) => SnapshotVal::F32(value),
            Some(Val::F64(value)) => SnapshotVal::F64(value),
            Some(Val::V128(value)) => SnapshotVal::V128(value.as_u128()),
            other => panic!("the global {name} holds {other:?}"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        let memory = self.instance.get_memory(&mut self.store, name);
        contents(memory.map_or(&[][..], |memory| memory.data(&self.store)));
    }
}

fn failure(error: &wasmtime::Error, state: &State) -> Error {
    if let Some(call) = error.downcast_ref::<ForeignCall>() {
        return Error::HostCall {
            module: call.module.clone(),
            name: call.name.clone(),
            place: place(&call.stack).map(str::to_owned),
        };
    }
    let reason = match error.downcast_ref::<I32Exit>() {
        Some(I32Exit(status)) => format!("exit status {status}"),
        None => format!("{error:#}"),
    };
    Error::Initialization {
        reason,
        output: state.printed(),
    }
}

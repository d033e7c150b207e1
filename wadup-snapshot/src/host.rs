//! The machine that a guest sees during its initialization: a host without files, variables, time or entropy.

mod files;
mod waiting;

use wadup_contract::export::{MEMORY, SNAPSHOT_STACK};
use wadup_contract::wasi::PREVIEW_1;
use wasmtime::{Caller, Extern, FuncType, Linker, Memory, Module, Result};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p1::{self, WasiP1Ctx};

use crate::finding::Read;
use files::Files;

/// 1980-01-01, in nanoseconds since 1970: clearly not the time of a real clock. It passes only while the guest waits.
const NOW: u64 = 315_532_800_000_000_000;

/// The clock with the date (WASI preview 1, `clockid`). Other clocks start at 0.
const REALTIME: u32 = 0;

// Of the `errno` of WASI preview 1.
const SUCCESS: i32 = 0;

/// The data of the store.
pub(crate) struct State {
    wasi: WasiP1Ctx,
    files: Files,
    /// What was read so far, with the Python stack at that moment; none before the interpreter has started.
    pub(crate) reads: Vec<(Read, Option<String>)>,
    /// The state of the sequence that replaces entropy.
    entropy: u64,
    /// For how many nanoseconds the guest has waited.
    waited: u64,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            wasi: WasiCtxBuilder::new()
                .allow_blocking_current_thread(true)
                .build_p1(),
            files: Files::new(),
            reads: Vec::new(),
            entropy: 0,
            waited: 0,
        }
    }

    /// What was printed so far, standard output first.
    pub(crate) fn printed(&self) -> String {
        self.files.printed()
    }

    /// The next eight bytes of a fixed sequence (SplitMix64, Steele, Lea and Flood 2014). It varies, so that loops which reject numbers
    /// end.
    fn next_entropy(&mut self) -> [u8; 8] {
        self.entropy = self.entropy.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.entropy;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    }
}

/// The error that ends the initialization: it called a function that is not part of WASI.
#[derive(Debug, thiserror::Error)]
#[error("the host's function `{module}.{name}` was called")]
pub(crate) struct ForeignCall {
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) stack: String,
}

/// A linker with everything that `module` imports.
pub(crate) fn linker(module: &Module) -> Result<Linker<State>> {
    let mut linker = Linker::new(module.engine());
    p1::add_to_linker_sync(&mut linker, |state: &mut State| &mut state.wasi)?;
    linker.allow_shadowing(true);
    linker
        .func_wrap(PREVIEW_1, "random_get", random_get)?
        .func_wrap(PREVIEW_1, "clock_time_get", clock_time_get)?
        .func_wrap(PREVIEW_1, "poll_oneoff", waiting::poll_oneoff)?;
    for import in module.imports() {
        let (space, name) = (import.module().to_owned(), import.name().to_owned());
        let Some(function) = import.ty().func().cloned() else {
            continue;
        };
        if space != PREVIEW_1 {
            refuse(&mut linker, space, name, function)?;
        } else {
            files::link(&mut linker, &name, function)?;
        }
    }
    Ok(linker)
}

fn refuse(
    linker: &mut Linker<State>,
    module: String,
    name: String,
    function: FuncType,
) -> Result<()> {
    let (space, import) = (module.clone(), name.clone());
    linker.func_new(&space, &import, function, move |mut caller, _, _| {
        Err(ForeignCall {
            module: module.clone(),
            name: name.clone(),
            stack: stack(&mut caller)?.unwrap_or_default(),
        }
        .into())
    })?;
    Ok(())
}

fn random_get(mut caller: Caller<'_, State>, buffer: u32, length: u32) -> Result<i32> {
    record(&mut caller, Read::Entropy)?;
    let mut bytes = Vec::with_capacity(length as usize + 7);
    while bytes.len() < length as usize {
        bytes.extend(caller.data_mut().next_entropy());
    }
    write(&mut caller, buffer, &bytes[..length as usize])
}

fn clock_time_get(
    mut caller: Caller<'_, State>,
    clock: u32,
    _precision: u64,
    time: u32,
) -> Result<i32> {
    record(&mut caller, Read::Clock)?;
    let now = now(caller.data(), clock);
    write(&mut caller, time, &now.to_le_bytes())
}

/// The time of a clock.
fn now(state: &State, clock: u32) -> u64 {
    let start = if clock == REALTIME { NOW } else { 0 };
    start.saturating_add(state.waited)
}

fn record(caller: &mut Caller<'_, State>, read: Read) -> Result<()> {
    let stack = stack(caller)?;
    caller.data_mut().reads.push((read, stack));
    Ok(())
}

/// The Python functions that are running, as the guest reports them: an empty text if there are none or the module has no such export,
/// and nothing before the interpreter has started.
fn stack(caller: &mut Caller<'_, State>) -> Result<Option<String>> {
    let Some(function) = caller
        .get_export(SNAPSHOT_STACK)
        .and_then(Extern::into_func)
    else {
        return Ok(Some(String::new()));
    };
    let address = function
        .typed::<(), u32>(&mut *caller)?
        .call(&mut *caller, ())?;
    if address == 0 {
        return Ok(None);
    }
    let memory = memory(caller)?;
    Ok(Some(text_at(memory.data(&*caller), address)))
}

/// The C string at an address.
pub(crate) fn text_at(memory: &[u8], address: u32) -> String {
    let from = memory.get(address as usize..).unwrap_or_default();
    let text = from.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

fn memory(caller: &mut Caller<'_, State>) -> Result<Memory> {
    caller
        .get_export(MEMORY)
        .and_then(Extern::into_memory)
        .ok_or_else(|| wasmtime::format_err!("the guest exports no memory"))
}

/// Writes into the guest's memory; a pointer outside it is a trap.
fn write(caller: &mut Caller<'_, State>, address: u32, bytes: &[u8]) -> Result<i32> {
    memory(caller)?.write(&mut *caller, address as usize, bytes)?;
    Ok(SUCCESS)
}

//! What a guest sees of a machine while it is initialised: a host without files, variables, time or chance.

use wasmtime::{Caller, Extern, FuncType, Linker, Memory, Module, Result, Val};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

use crate::finding::Read;

const PREVIEW_1: &str = "wasi_snapshot_preview1";

/// As much as an initialisation may print.
const OUTPUT_BYTES: usize = 16 << 20;

/// 1980-01-01, in nanoseconds since 1970: no real clock is behind it.
const NOW: u64 = 315_532_800_000_000_000;

/// The clock that tells the date (WASI preview 1, `clockid`); the others count from some beginning, which is now.
const REALTIME: u32 = 0;

/// The descriptor of the one folder there is, an empty `/`: paths are looked up in it, and so become known.
const ROOT: u32 = 3;

// Of the `errno` of WASI preview 1.
const SUCCESS: i32 = 0;
const BADF: i32 = 8;
const NOENT: i32 = 44;

/// The functions that take a path, and which of their parameters is its address; the next one is its length.
const WITH_PATH: [(&str, usize); 9] = [
    ("path_create_directory", 1),
    ("path_filestat_get", 2),
    ("path_filestat_set_times", 2),
    ("path_link", 2),
    ("path_open", 2),
    ("path_readlink", 1),
    ("path_remove_directory", 1),
    ("path_rename", 1),
    ("path_unlink_file", 1),
];

/// The export that tells which Python functions are running, from within a call of the host.
pub(crate) const STACK: &str = "wadup-snapshot-stack";

/// What belongs to the one store.
pub(crate) struct State {
    wasi: WasiP1Ctx,
    pub(crate) stdout: MemoryOutputPipe,
    pub(crate) stderr: MemoryOutputPipe,
    /// What was read so far, and the Python stack at that moment.
    pub(crate) reads: Vec<(Read, String)>,
    /// How far the sequence that stands for entropy has come.
    entropy: u64,
}

impl State {
    pub(crate) fn new() -> Self {
        let (stdout, stderr) = (
            MemoryOutputPipe::new(OUTPUT_BYTES),
            MemoryOutputPipe::new(OUTPUT_BYTES),
        );
        let mut wasi = WasiCtxBuilder::new();
        wasi.stdout(stdout.clone())
            .stderr(stderr.clone())
            .allow_blocking_current_thread(true);
        Self {
            wasi: wasi.build_p1(),
            stdout,
            stderr,
            reads: Vec::new(),
            entropy: 0,
        }
    }

    /// The next eight bytes of a fixed sequence (SplitMix64, Steele, Lea and Flood 2014), which looks random to loops that reject
    /// numbers until one suits them.
    fn next_entropy(&mut self) -> [u8; 8] {
        self.entropy = self.entropy.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.entropy;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    }
}

/// A call of a function that is not WASI's, as the error that ends the initialisation.
#[derive(Debug, thiserror::Error)]
#[error("the host's function `{module}.{name}` was called")]
pub(crate) struct ForeignCall {
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) stack: String,
}

/// All that `module` imports.
pub(crate) fn linker(module: &Module) -> Result<Linker<State>> {
    let mut linker = Linker::new(module.engine());
    p1::add_to_linker_sync(&mut linker, |state: &mut State| &mut state.wasi)?;
    linker.allow_shadowing(true);
    linker
        .func_wrap(PREVIEW_1, "random_get", random_get)?
        .func_wrap(PREVIEW_1, "clock_time_get", clock_time_get)?
        .func_wrap(PREVIEW_1, "fd_prestat_get", fd_prestat_get)?
        .func_wrap(PREVIEW_1, "fd_prestat_dir_name", fd_prestat_dir_name)?;
    for import in module.imports() {
        let (space, name) = (import.module().to_owned(), import.name().to_owned());
        let Some(function) = import.ty().func().cloned() else {
            continue;
        };
        if space != PREVIEW_1 {
            refuse(&mut linker, space, name, function)?;
        } else if let Some((_, path)) = WITH_PATH.iter().find(|(with_path, _)| *with_path == name) {
            find_nothing(&mut linker, &name, function, *path)?;
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
            stack: stack(&mut caller)?,
        }
        .into())
    })?;
    Ok(())
}

fn find_nothing(
    linker: &mut Linker<State>,
    name: &str,
    function: FuncType,
    path: usize,
) -> Result<()> {
    linker.func_new(
        PREVIEW_1,
        name,
        function,
        move |mut caller, parameters, results| {
            let [address, length] = [path, path + 1].map(|index| {
                parameters
                    .get(index)
                    .and_then(Val::i32)
                    .map_or(0, |value| value.cast_unsigned() as usize)
            });
            let memory = memory(&mut caller)?;
            let bytes = memory
                .data(&caller)
                .get(address..address.saturating_add(length));
            let path = String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
            note(&mut caller, Read::File(format!("/{path}")))?;
            results.fill(Val::I32(NOENT));
            Ok(())
        },
    )?;
    Ok(())
}

fn random_get(mut caller: Caller<'_, State>, buffer: u32, length: u32) -> Result<i32> {
    note(&mut caller, Read::Entropy)?;
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
    note(&mut caller, Read::Clock)?;
    let now = if clock == REALTIME { NOW } else { 0 };
    write(&mut caller, time, &now.to_le_bytes())
}

fn fd_prestat_get(mut caller: Caller<'_, State>, descriptor: u32, prestat: u32) -> Result<i32> {
    if descriptor != ROOT {
        return Ok(BADF);
    }
    // A directory (0, with padding), and the length of its name.
    write(&mut caller, prestat, &[0, 0, 0, 0, 1, 0, 0, 0])
}

fn fd_prestat_dir_name(
    mut caller: Caller<'_, State>,
    descriptor: u32,
    name: u32,
    length: u32,
) -> Result<i32> {
    if descriptor != ROOT || length == 0 {
        return Ok(BADF);
    }
    write(&mut caller, name, b"/")
}

fn note(caller: &mut Caller<'_, State>, read: Read) -> Result<()> {
    let stack = stack(caller)?;
    caller.data_mut().reads.push((read, stack));
    Ok(())
}

/// The Python functions that are running, as the guest tells; none in a module that does not tell.
fn stack(caller: &mut Caller<'_, State>) -> Result<String> {
    let Some(function) = caller.get_export(STACK).and_then(Extern::into_func) else {
        return Ok(String::new());
    };
    let address = function
        .typed::<(), u32>(&mut *caller)?
        .call(&mut *caller, ())?;
    let memory = memory(caller)?;
    Ok(text_at(memory.data(&*caller), address))
}

/// The C string at an address.
pub(crate) fn text_at(memory: &[u8], address: u32) -> String {
    let from = memory.get(address as usize..).unwrap_or_default();
    let text = from.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

fn memory(caller: &mut Caller<'_, State>) -> Result<Memory> {
    caller
        .get_export("memory")
        .and_then(Extern::into_memory)
        .ok_or_else(|| wasmtime::format_err!("the guest exports no memory"))
}

/// Writes into the guest's memory; a pointer outside it is a trap.
fn write(caller: &mut Caller<'_, State>, address: u32, bytes: &[u8]) -> Result<i32> {
    memory(caller)?.write(&mut *caller, address as usize, bytes)?;
    Ok(SUCCESS)
}

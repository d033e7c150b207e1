//! An interpreter of wasm with as little WASI as a guest needs: arguments, variables, clocks, and streams to print to.
//!
//! There is nothing else, no folder either: every other function returns `ENOSYS`, as in small hosts.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use wasmi::{Caller, Engine, Error, Extern, ExternType, Linker, Memory, Module, Store, Val};

use crate::{Printed, Run};

// Of the `errno` of WASI preview 1.
const SUCCESS: i32 = 0;
const EBADF: i32 = 8;
const ENOSYS: i32 = 52;

// Of the structures of WASI preview 1: a `filetype`, sizes, and the offset of the type in `filestat`.
const CHARACTER_DEVICE: u8 = 2;
const FDSTAT_BYTES: usize = 24;
const FILESTAT_BYTES: usize = 64;
const FILESTAT_TYPE: usize = 16;

#[derive(Default)]
struct State {
    arguments: Vec<String>,
    variables: Vec<String>,
    /// What was printed to the descriptors 1 and 2.
    printed: [Vec<u8>; 2],
}

pub(crate) fn run(run: &Run<'_>) -> Printed {
    let engine = Engine::default();
    let module = Module::new(&engine, fs::read(run.module).unwrap()).unwrap();
    let variables = run.variables.iter().flat_map(|variables| {
        let variables = variables.as_object().unwrap().iter();
        variables.map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
    });
    let mut store = Store::new(
        &engine,
        State {
            arguments: run.arguments.iter().map(|&text| text.to_owned()).collect(),
            variables: variables.collect(),
            ..State::default()
        },
    );
    let instance = linker(&engine, &module)
        .instantiate_and_start(&mut store, &module)
        .unwrap();
    let mut status = 0;
    if run.calls == 0 {
        let start = instance.get_typed_func::<(), ()>(&store, "_start").unwrap();
        if let Err(error) = start.call(&mut store, ()) {
            status = error.i32_exit_status().unwrap_or_else(|| panic!("{error}"));
        }
    } else {
        let initialize = instance.get_typed_func::<(), ()>(&store, "_initialize");
        initialize.unwrap().call(&mut store, ()).unwrap();
        let process = instance.get_typed_func::<(), i32>(&store, "process");
        let process = process.unwrap();
        for _ in 0..run.calls {
            status = process.call(&mut store, ()).unwrap();
        }
    }
    let [stdout, stderr] = store
        .into_data()
        .printed
        .map(|bytes| String::from_utf8(bytes).unwrap());
    Printed {
        status,
        stdout,
        stderr,
    }
}

/// Why the interpreter, which is built without SIMD, does not take a module.
pub(crate) fn refusal(module: &Path) -> String {
    let module = Module::new(&Engine::default(), fs::read(module).unwrap());
    module.unwrap_err().to_string()
}

/// A function for each import of the module.
fn linker(engine: &Engine, module: &Module) -> Linker<State> {
    let mut linker = Linker::new(engine);
    for import in module.imports() {
        let ExternType::Func(signature) = import.ty() else {
            panic!("{} is not a function", import.name());
        };
        let name = import.name().to_owned();
        linker
            .func_new(
                import.module(),
                import.name(),
                signature.clone(),
                move |caller, parameters, results| {
                    let errno = answer(&name, caller, parameters)?;
                    if let [result] = results {
                        *result = Val::I32(errno);
                    }
                    Ok(())
                },
            )
            .unwrap();
    }
    linker
}

/// What the function `name` of preview 1 does.
fn answer(name: &str, mut caller: Caller<'_, State>, parameters: &[Val]) -> Result<i32, Error> {
    let memory = caller.get_export("memory").and_then(Extern::into_memory);
    let memory = memory.unwrap();
    let parameter = |index: usize| match parameters[index] {
        Val::I32(value) => value as u32 as usize,
        Val::I64(value) => value as usize,
        _ => panic!("{name} has no such parameters"),
    };
    match name {
        "args_sizes_get" | "environ_sizes_get" => {
            let texts = texts(name, caller.data());
            let bytes: usize = texts.iter().map(|text| text.len() + 1).sum();
            write_u32(&memory, &mut caller, parameter(0), texts.len());
            write_u32(&memory, &mut caller, parameter(1), bytes);
        }
        "args_get" | "environ_get" => {
            let mut place = parameter(1);
            for (index, text) in texts(name, caller.data()).into_iter().enumerate() {
                write_u32(&memory, &mut caller, parameter(0) + 4 * index, place);
                memory.write(&mut caller, place, text.as_bytes()).unwrap();
                memory
                    .write(&mut caller, place + text.len(), b"\0")
                    .unwrap();
                place += text.len() + 1;
            }
        }
        "clock_time_get" => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            let now = (now.as_nanos() as u64).to_le_bytes();
            memory.write(&mut caller, parameter(2), &now).unwrap();
        }
        "fd_write" => {
            let Some(stream @ 0..=1) = parameter(0).checked_sub(1) else {
                return Ok(EBADF);
            };
            let mut bytes = Vec::new();
            for index in 0..parameter(2) {
                let place = parameter(1) + 8 * index;
                let start = read_u32(&memory, &caller, place);
                let length = read_u32(&memory, &caller, place + 4);
                bytes.extend_from_slice(&memory.data(&caller)[start..start + length]);
            }
            write_u32(&memory, &mut caller, parameter(3), bytes.len());
            caller.data_mut().printed[stream].extend(bytes);
        }
        "fd_fdstat_get" if parameter(0) < 3 => {
            let mut status = [0; FDSTAT_BYTES];
            status[0] = CHARACTER_DEVICE;
            memory.write(&mut caller, parameter(1), &status).unwrap();
        }
        // Without it Python takes the stream to be closed.
        "fd_filestat_get" if parameter(0) < 3 => {
            let mut status = [0; FILESTAT_BYTES];
            status[FILESTAT_TYPE] = CHARACTER_DEVICE;
            memory.write(&mut caller, parameter(1), &status).unwrap();
        }
        // The first folder that does not exist ends the guest's search for folders.
        "fd_fdstat_get" | "fd_filestat_get" | "fd_prestat_get" => return Ok(EBADF),
        "random_get" => {
            let zeros = vec![0; parameter(1)];
            memory.write(&mut caller, parameter(0), &zeros).unwrap();
        }
        "proc_exit" => return Err(Error::i32_exit(parameter(0) as i32)),
        _ => return Ok(ENOSYS),
    }
    Ok(SUCCESS)
}

fn texts(function: &str, state: &State) -> Vec<String> {
    if function.starts_with("args") {
        state.arguments.clone()
    } else {
        state.variables.clone()
    }
}

fn read_u32(memory: &Memory, caller: &Caller<'_, State>, place: usize) -> usize {
    let mut bytes = [0; 4];
    memory.read(caller, place, &mut bytes).unwrap();
    u32::from_le_bytes(bytes) as usize
}

fn write_u32(memory: &Memory, caller: &mut Caller<'_, State>, place: usize, value: usize) {
    let value = u32::try_from(value).unwrap();
    memory.write(caller, place, &value.to_le_bytes()).unwrap();
}

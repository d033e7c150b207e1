//! Runs one compiled module in a process of its own, and reports time and memory.
//!
//! `compile` and `snapshot` prepare files; `run` does only what every host that starts a guest has to do.

#[cfg(feature = "arrow")]
mod batches;
mod compiled;
mod component;
mod memory;
mod module;
mod pool;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};
use wasmtime::Engine;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compiles a module or a component ahead of time
    Compile {
        wasm: PathBuf,
        compiled: PathBuf,
        #[arg(long)]
        component: bool,
    },
    /// Takes the snapshot of a guest
    Snapshot { wasm: PathBuf, snapshot: PathBuf },
    /// Calls an export of a compiled module, each time in a new instance
    Run(Run),
    /// Starts fresh instances of a guest in pools of `wadup-host`
    Pool(pool::Settings),
    /// Takes many rows from a guest as record batches
    #[cfg(feature = "arrow")]
    Batches(pool::Settings),
}

#[derive(Args)]
struct Run {
    compiled: PathBuf,
    #[arg(long)]
    component: bool,
    /// The export to call
    #[arg(long, default_value = "process")]
    call: String,
    #[arg(long, default_value_t = 1)]
    times: u32,
    /// Do not print the report
    #[arg(long)]
    quiet: bool,
    /// A folder of this machine and the path by which the guest knows it
    #[arg(long, num_args = 2, value_names = ["HOST", "GUEST"])]
    folder: Vec<String>,
    #[arg(long, value_name = "NAME=VALUE")]
    env: Vec<String>,
    #[arg(last = true)]
    arguments: Vec<String>,
}

impl Run {
    fn context(&self) -> Outcome<WasiCtxBuilder> {
        let mut builder = WasiCtxBuilder::new();
        builder.inherit_stdout().inherit_stderr();
        builder.args(&self.arguments);
        for variable in &self.env {
            let (name, value) = variable.split_once('=').ok_or("--env takes NAME=VALUE")?;
            builder.env(name, value);
        }
        for pair in self.folder.chunks(2) {
            if let [host, guest] = pair {
                builder.preopened_dir(host, guest, FsPerms::ReadOnly)?;
            }
        }
        Ok(builder)
    }

    /// Times `once` as often as asked, and prints the times as the last line of the output.
    fn measure(&self, mut once: impl FnMut(WasiCtxBuilder) -> Outcome) -> Outcome {
        let mut times = Vec::new();
        for _ in 0..self.times {
            let context = self.context()?;
            let start = Instant::now();
            once(context)?;
            times.push(milliseconds(start.elapsed()));
        }
        let report = serde_json::json!({ "in_process_ms": times, "peak_mib": peak_mib()? });
        if !self.quiet {
            println!("{report}");
        }
        Ok(())
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The peak memory of this process (proc(5), `VmHWM`).
fn peak_mib() -> Outcome<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kib: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|value| value.trim().strip_suffix(" kB"))
        .ok_or("/proc/self/status has no VmHWM")?
        .trim()
        .parse()?;
    Ok(kib / 1024.0)
}

fn engine() -> Outcome<Engine> {
    let mut config = wasmtime::Config::new();
    // As much as CPython's own command needs.
    config.max_wasm_stack(8 << 20).async_stack_size(16 << 20);
    Ok(Engine::new(&config)?)
}

fn main() -> Outcome {
    match Arguments::parse().command {
        Command::Compile {
            wasm,
            compiled,
            component,
        } => {
            let wasm = fs::read(wasm)?;
            let engine = engine()?;
            let code = if component {
                engine.precompile_component(&wasm)?
            } else {
                engine.precompile_module(&wasm)?
            };
            fs::write(compiled, code)?;
        }
        Command::Snapshot { wasm, snapshot } => {
            let taken =
                wadup_snapshot::take(&fs::read(wasm)?, &wadup_snapshot::Options::default())?;
            fs::write(snapshot, taken.wasm)?;
        }
        Command::Run(run) if run.component => component::run(&run)?,
        Command::Run(run) => module::run(&run)?,
        Command::Pool(settings) => pool::run(&settings)?,
        #[cfg(feature = "arrow")]
        Command::Batches(settings) => batches::run(&settings)?,
    }
    Ok(())
}

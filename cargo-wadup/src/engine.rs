//! Options for what runs a guest: its compiler, and limits on what the guest may use.

use std::error::Error;
use std::time::Duration;

use wadup_build::machine::Machine;
use wadup_build::{Silent, Size};
use wadup_host::{Compiler, Engine, Host, Limits};

/// How a guest is compiled, and what it may use.
#[derive(clap::Args)]
pub(crate) struct EngineArgs {
    /// Maximum memory of the guest: bytes, or "64 MiB" [default: no limit]
    #[arg(long, value_name = "SIZE")]
    max_memory: Option<Size>,
    /// Maximum native stack for the guest's frames: bytes, or "1 MiB"
    #[arg(long, value_name = "SIZE", alias = "stack", default_value_t = default_stack())]
    max_stack: Size,
    /// Fuel per input or file of tests; one unit is about one wasm instruction [default: no limit]
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,
    /// Seconds per input or file of tests [default: no limit]
    #[arg(long, value_name = "S", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Maximum size of the guest's files, in memory: bytes, or "64 MiB"
    #[arg(long, value_name = "SIZE", default_value_t = default_file_bytes())]
    max_file_bytes: Size,
    /// Maximum number of files and folders that the guest has at a time
    #[arg(long, value_name = "N", default_value_t = Limits::default().files)]
    max_files: u64,
    /// Compile the guest in a tenth of the time, every time; it then runs two to three times as long and needs four
    /// times as much native stack
    #[arg(long)]
    baseline: bool,
}

/// The kind of host, as a user names it.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum HostArg {
    /// WASI as wasmtime has it
    #[default]
    Wasmtime,
    /// The WADUP host, with its reading of WASI for all but folders: no environment, no randomness, no waiting
    Wadup,
}

impl From<HostArg> for Host {
    fn from(host: HostArg) -> Self {
        match host {
            HostArg::Wasmtime => Self::Standard,
            HostArg::Wadup => Self::Wadup,
        }
    }
}

fn default_stack() -> Size {
    Size::of(Limits::default().stack as u64)
}

fn default_file_bytes() -> Size {
    Size::of(Limits::default().file_bytes)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl EngineArgs {
    /// The engine for guests; only what the optimizing compiler makes is worth keeping.
    pub(crate) fn engine(&self) -> Result<Engine, Box<dyn Error>> {
        let engine = Engine::with_compiler(self.limits()?, self.compiler())?;
        self.with_cache(engine)
    }

    /// An engine whose guests can be sampled.
    pub(crate) fn engine_for_profiles(&self) -> Result<Engine, Box<dyn Error>> {
        let engine = Engine::for_profiles(self.limits()?, self.compiler())?;
        self.with_cache(engine)
    }

    fn compiler(&self) -> Compiler {
        if self.baseline {
            Compiler::Baseline
        } else {
            Compiler::Optimizing
        }
    }

    fn with_cache(&self, engine: Engine) -> Result<Engine, Box<dyn Error>> {
        if self.baseline {
            return Ok(engine);
        }
        let cache = Machine::new(Box::new(Silent))?.store().join("compiled");
        Ok(engine.with_cache(cache))
    }

    fn limits(&self) -> Result<Limits, String> {
        Ok(Limits {
            memory: self.max_memory.map(fitting).transpose()?,
            stack: fitting(self.max_stack)?,
            fuel: self.fuel,
            timeout: self.timeout,
            files: self.max_files,
            file_bytes: self.max_file_bytes.bytes(),
            ..Limits::default()
        })
    }
}

/// A size as this machine counts bytes.
pub(crate) fn fitting(size: Size) -> Result<usize, String> {
    usize::try_from(size.bytes())
        .map_err(|_| format!("{size} is more than this machine can address"))
}

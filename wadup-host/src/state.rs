//! The data of one store: the guest's side of WASI, its limits and its output.

use std::time::Instant;

use wasmtime::{Memory, ResourceLimiter};
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

use crate::capture::Capture;
use crate::error::Error;
use crate::folder::RootFolder;
use crate::limits::{Exceeded, Limit, Limits};
use crate::options::{Host, Options, Root, Stdin};
use crate::printed::Stream;
use crate::profile::Sampler;
use crate::running::Running;
use crate::vfs::Vfs;

/// The most elements of all tables together, of 8 bytes each. The largest guests have some ten thousand functions in them.
const MAX_ELEMENTS: usize = 4 << 20;

pub(crate) struct State {
    wasi: Wasi,
    pub(crate) memory: MemoryLimit,
    pub(crate) running: Running,
    pub(crate) sampled: Option<Sampled>,
    pub(crate) stdout: Capture,
    pub(crate) stderr: Capture,
}

/// The sampling of the instance, and the memory that is read for it.
pub(crate) struct Sampled {
    pub(crate) sampler: Sampler,
    /// Known once there is an instance.
    pub(crate) memory: Option<Memory>,
}

/// Who answers the guest's calls of WASI; the functions of [`crate::guest::Guest::linked`] are of the same kind.
enum Wasi {
    /// `crate::wasi`.
    Memory(Box<InMemory>),
    /// wasmtime-wasi.
    Disk(Box<WasiP1Ctx>),
}

/// What an instance has without folders of the disk: its files, and what it may ask for.
pub(crate) struct InMemory {
    vfs: Vfs,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<String>,
    pub(crate) started: Instant,
}

impl State {
    pub(crate) fn new(
        options: &Options,
        root: Option<&RootFolder>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let stdout = Capture::new(Stream::Output, &options.printed, limits.stdout);
        let stderr = Capture::new(Stream::Error, &options.printed, limits.stderr);
        let is_standard = options.host == Host::Standard;
        let wasi = if options.is_in_memory() {
            let (arguments, environment) = if is_standard {
                (&*options.arguments, &*options.environment)
            } else {
                Default::default()
            };
            Wasi::Memory(Box::new(InMemory {
                vfs: Vfs::new(limits, options.root != Root::None),
                arguments: arguments.to_vec(),
                environment: environment
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect(),
                started: Instant::now(),
            }))
        } else {
            let mut wasi = WasiCtxBuilder::new();
            wasi.stdout(stdout.clone())
                .stderr(stderr.clone())
                .allow_blocking_current_thread(true);
            let mut preopen = |host: &std::path::Path, guest: &str| {
                let opened = wasi.preopened_dir(host, guest, FsPerms::ReadWrite);
                opened.map(drop).map_err(|error| {
                    Error::file("open", host)(std::io::Error::other(format!("{error:#}")))
                })
            };
            if let Some(root) = root {
                preopen(root.path(), "/")?;
            }
            for folder in &options.preopens {
                preopen(&folder.host, &folder.guest)?;
            }
            if is_standard {
                wasi.envs(&options.environment).args(&options.arguments);
                if options.stdin == Stdin::OfThisProcess {
                    wasi.inherit_stdin();
                }
            }
            Wasi::Disk(Box::new(wasi.build_p1()))
        };
        Ok(Self {
            wasi,
            memory: MemoryLimit::new(limits.memory),
            running: Running::default(),
            sampled: options.profile.as_ref().map(|profile| Sampled {
                sampler: Sampler::new(profile),
                memory: None,
            }),
            stdout,
            stderr,
        })
    }

    /// The files in memory.
    pub(crate) fn vfs(&mut self) -> wasmtime::Result<&mut Vfs> {
        Ok(&mut self.in_memory()?.vfs)
    }

    pub(crate) fn in_memory(&mut self) -> wasmtime::Result<&mut InMemory> {
        match &mut self.wasi {
            Wasi::Memory(memory) => Ok(memory),
            Wasi::Disk(_) => Err(wasmtime::format_err!("the guest has folders of the disk")),
        }
    }

    #[allow(
        clippy::panic,
        reason = "wasmtime-wasi takes no error, and `Guest::linked` chose its functions for this state"
    )]
    pub(crate) fn disk(&mut self) -> &mut WasiP1Ctx {
        match &mut self.wasi {
            Wasi::Disk(wasi) => wasi,
            Wasi::Memory(_) => panic!("the guest has no folders of the disk"),
        }
    }

    pub(crate) fn capture(&self, stream: Stream) -> &Capture {
        match stream {
            Stream::Output => &self.stdout,
            Stream::Error => &self.stderr,
        }
    }
}

/// Holds linear memories to a size in total, and tables to a fixed one, and remembers whether the guest ran into it.
pub(crate) struct MemoryLimit {
    maximum: Option<usize>,
    total: usize,
    elements: usize,
    pub(crate) refused: bool,
}

impl MemoryLimit {
    fn new(maximum: Option<usize>) -> Self {
        Self {
            maximum,
            total: 0,
            elements: 0,
            refused: false,
        }
    }

    /// The bytes of all memories.
    pub(crate) fn total(&self) -> usize {
        self.total
    }

    /// The limit, if the guest was refused memory in this call.
    pub(crate) fn exceeded(&self) -> Option<Exceeded> {
        let maximum = self.maximum.filter(|_| self.refused)?;
        Some(Exceeded::new(Limit::Memory, maximum as u64))
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let more = desired.saturating_sub(current);
        let total = self.total.saturating_add(more);
        if self.maximum.is_some_and(|maximum| total > maximum) {
            self.refused = true;
            return Ok(false);
        }
        // wasmtime itself refuses what is beyond the maximum of the module.
        if maximum.is_none_or(|maximum| desired <= maximum) {
            self.total = total;
        }
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let elements = self
            .elements
            .saturating_add(desired.saturating_sub(current));
        if elements > MAX_ELEMENTS {
            return Ok(false);
        }
        self.elements = elements;
        Ok(true)
    }
}

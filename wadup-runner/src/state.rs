//! The data of one store: the guest's side of WASI, its limits and its output.

use std::time::Instant;

use wasmtime::ResourceLimiter;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

use crate::capture::Capture;
use crate::error::Error;
use crate::folder::RootFolder;
use crate::options::{Host, Options};
use crate::printed::Stream;

pub(crate) struct State {
    pub(crate) wasi: WasiP1Ctx,
    pub(crate) memory: MemoryLimit,
    /// When the running call must end.
    pub(crate) deadline: Option<Instant>,
    pub(crate) stdout: Capture,
    pub(crate) stderr: Capture,
}

impl State {
    pub(crate) fn new(
        options: &Options,
        root: Option<&RootFolder>,
        memory: Option<usize>,
    ) -> Result<Self, Error> {
        let capture = |stream| Capture::new(stream, &options.printed);
        let (stdout, stderr) = (capture(Stream::Output), capture(Stream::Error));
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
        if options.host == Host::Standard {
            for folder in &options.preopens {
                preopen(&folder.host, &folder.guest)?;
            }
            wasi.envs(&options.environment).args(&options.arguments);
        }
        let memory = MemoryLimit {
            maximum: memory,
            refused: false,
        };
        Ok(Self {
            wasi: wasi.build_p1(),
            memory,
            deadline: None,
            stdout,
            stderr,
        })
    }
}

/// Holds linear memories to a size, and remembers whether the guest ran into it.
pub(crate) struct MemoryLimit {
    maximum: Option<usize>,
    pub(crate) refused: bool,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let refused = self.maximum.is_some_and(|maximum| desired > maximum);
        self.refused |= refused;
        Ok(!refused)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

//! A guest with its limits, as Python has it.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::fs;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use pyo3::exceptions::{PyRuntimeWarning, PyValueError};
use pyo3::prelude::*;
use wadup_host::{Engine, Error, Limits, Outcome, Pending, Pool};

use crate::failure;
use crate::finished::Finished;
use crate::input::Source;
use crate::maker::Maker;
use crate::many::Results;
use crate::result;
use crate::signals::INTERVAL;

/// Where compiled code is kept, unless Python names a folder.
const CACHE: &str = "~/.cache/wadup/compiled";

/// A guest and the limits under which it runs.
///
/// ``module`` is the path of a guest or its bytes. It is compiled, which takes seconds, unless its compiled code is in the folder
/// ``cache`` [default: ``~/.cache/wadup/compiled``]; whoever can write to that folder can run code in this process. Where the default
/// cannot be used, a ``RuntimeWarning`` says that nothing is kept.
///
/// Each input gets an instance of its own, which sees nothing of other inputs, of this process or of the disk. With ``reuse=True``,
/// instances are kept for later inputs, which saves their start.
///
/// Limits, for each input; ``None`` means that there is none:
///
/// - ``memory``: bytes of the guest's memory
/// - ``deadline``: seconds
/// - ``fuel``: about one unit for each wasm instruction
/// - ``stack``: bytes of native stack [default: 512 KiB]
/// - ``stdout``, ``stderr``: bytes that it may print; 1 MiB of each is kept
/// - ``rows``, ``row_bytes``: rows of all tables, and bytes of the files with them
/// - ``subcontents``, ``subcontent_bytes``: sub-contents, and bytes of the files with them
/// - ``files``, ``file_bytes``: names and bytes of the guest's files, which are in memory [default: 65,536 and 1 GiB]
///
/// ``environment`` holds variables for the guest.
///
/// >>> import wadup
/// >>> guest = wadup.Guest("lockfile.wasm", memory=256 << 20, deadline=30)
/// >>> guest.process("sample.lock").tables["packages"]
/// <wadup.Table packages (name, version, origin, dependencies): 5 rows>
#[pyclass(frozen, module = "wadup")]
pub(crate) struct Guest {
    pool: Pool,
    name: String,
    maker: Maker,
}

#[pymethods]
impl Guest {
    #[new]
    #[pyo3(signature = (module, *, memory=None, deadline=None, fuel=None, stack=None, stdout=None, stderr=None, rows=None,
        row_bytes=None, subcontents=None, subcontent_bytes=None, files=None, file_bytes=None, environment=None, reuse=false,
        cache=None))]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are keywords in Python, which `help` shows"
    )]
    fn new(
        py: Python<'_>,
        module: &Bound<'_, PyAny>,
        memory: Option<usize>,
        deadline: Option<f64>,
        fuel: Option<u64>,
        stack: Option<usize>,
        stdout: Option<u64>,
        stderr: Option<u64>,
        rows: Option<u64>,
        row_bytes: Option<u64>,
        subcontents: Option<u64>,
        subcontent_bytes: Option<u64>,
        files: Option<u64>,
        file_bytes: Option<u64>,
        environment: Option<BTreeMap<String, String>>,
        reuse: bool,
        cache: Option<PathBuf>,
    ) -> PyResult<Self> {
        let defaults = Limits::default();
        let timeout = deadline.map(|seconds| {
            Duration::try_from_secs_f64(seconds)
                .map_err(|error| PyValueError::new_err(format!("deadline={seconds}: {error}")))
        });
        let limits = Limits {
            memory,
            stack: stack.unwrap_or(defaults.stack),
            fuel,
            timeout: timeout.transpose()?,
            stdout,
            stderr,
            rows,
            row_bytes,
            sub_contents: subcontents,
            sub_content_bytes: subcontent_bytes,
            files: files.unwrap_or(defaults.files),
            file_bytes: file_bytes.unwrap_or(defaults.file_bytes),
        };
        let environment = environment.unwrap_or_default();
        check_environment(&environment)?;
        let cache = Cache::of(py, cache)?;
        let source = Source::of(module)?;
        let name = match &source {
            Source::Bytes(bytes) => format!("a module of {} bytes", bytes.len()),
            Source::File(path) => path.display().to_string(),
        };
        let open = || -> Result<(Pool, Option<String>), Error> {
            let engine = Engine::for_pools(limits.clone())?;
            let wasm = match source {
                Source::Bytes(bytes) => bytes,
                Source::File(path) => {
                    fs::read(&path)
                        .map(Arc::from)
                        .map_err(|source| Error::File {
                            action: "read",
                            path,
                            source,
                        })?
                }
            };
            let (guest, uncached) = cache.compile(&engine, &name, &wasm)?;
            let pool = guest.pool(limits)?.environment(environment);
            Ok((if reuse { pool.reused() } else { pool }, uncached))
        };
        let (pool, uncached) = py
            .detach(open)
            .map_err(|error| failure::of_host(py, error))?;
        if let Some(reason) = uncached {
            let warning = format!(
                "compiled code is not kept, so that each Guest takes seconds to compile: {reason}; name a folder with cache="
            );
            let category = py.get_type::<PyRuntimeWarning>();
            PyErr::warn(py, &category, &CString::new(warning)?, 1)?;
        }
        Ok(Self {
            pool,
            name,
            maker: Maker::this(),
        })
    }

    /// Runs the guest on one input, bytes or the path of a file, and returns its ``Result``.
    ///
    /// ``export`` is the function to call. A guest that fails raises a ``GuestError``, unless ``check`` is false: then it is in the
    /// ``error`` of the result. Ctrl-C stops the guest.
    ///
    /// >>> guest = wadup.Guest("lockfile.wasm")
    /// >>> guest.process(b"not a lock file")
    /// Traceback (most recent call last):
    /// wadup.StatusError: the guest returned 1: ...
    /// >>> guest.process(b"not a lock file", check=False).status
    /// 1
    #[pyo3(signature = (input, *, export="process", check=true))]
    fn process<'py>(
        &self,
        py: Python<'py>,
        input: &Bound<'py, PyAny>,
        export: &str,
        check: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.maker.check()?;
        let source = Source::of(input)?;
        let host = |error| failure::of_host(py, error);
        let (bytes, input) = py.detach(|| source.read()).map_err(host)?;
        let outcome = wait(py, self.pool.call_async(export, input))?.map_err(host)?;
        let finished = py.detach(|| Finished::of(outcome, &bytes));
        let result = result::of(py, finished)?;
        if check {
            result.call_method0("raise_for_error")?;
        }
        Ok(result)
    }

    /// Runs the guest on many inputs with ``parallel`` threads [default: one for each processor], and yields a ``Result`` for each, in
    /// their order.
    ///
    /// An input that fails, or whose file cannot be read, has its ``error`` set and stops no other. What is no input raises a
    /// ``TypeError`` in its turn, after the results before it, as does what iterating over ``inputs`` raises; after the latter, nothing
    /// more is read. Up to four inputs for each thread are read ahead of the results.
    ///
    /// >>> guest = wadup.Guest("lockfile.wasm")
    /// >>> [result.status for result in guest.process_many(["sample.lock", b"?", "sample.lock"])]
    /// [0, 1, 0]
    #[pyo3(signature = (inputs, *, parallel=None, export="process"))]
    fn process_many(
        &self,
        inputs: &Bound<'_, PyAny>,
        parallel: Option<usize>,
        export: &str,
    ) -> PyResult<Results> {
        self.maker.check()?;
        let threads = match parallel {
            Some(0) => return Err(PyValueError::new_err("parallel must be at least 1")),
            Some(threads) => threads,
            None => thread::available_parallelism().map_or(1, Into::into),
        };
        let inputs = inputs.try_iter()?.unbind();
        Results::of_pool(&self.pool, export, inputs, threads)
    }

    fn __repr__(&self) -> String {
        format!("<wadup.Guest {}>", self.name)
    }
}

/// Where compiled code is kept.
enum Cache {
    /// The user's folder, which has to work.
    Chosen(PathBuf),
    /// The default, or why there is none.
    Default(Result<PathBuf, String>),
}

impl Cache {
    fn of(py: Python<'_>, chosen: Option<PathBuf>) -> PyResult<Self> {
        if let Some(folder) = chosen {
            return Ok(Self::Chosen(folder));
        }
        let path = py.import("os.path")?;
        let folder: PathBuf = path.call_method1("expanduser", (CACHE,))?.extract()?;
        // Without a home, Python leaves the `~`, which would be a folder in the current one.
        let folder = if folder.is_absolute() {
            Ok(folder)
        } else {
            Err(format!("there is no home for `{CACHE}`"))
        };
        Ok(Self::Default(folder))
    }

    /// Compiles a guest, or takes it from the cache. With it comes why the default cannot be used.
    fn compile(
        self,
        engine: &Engine,
        name: &str,
        wasm: &[u8],
    ) -> Result<(wadup_host::Guest, Option<String>), Error> {
        let cached = |folder| engine.clone().with_cache(folder).compile(name, wasm);
        let reason = match self {
            Self::Chosen(folder) => return Ok((cached(folder)?, None)),
            Self::Default(Ok(folder)) => match cached(folder) {
                // Only the cache is in files. If it cannot be written, this has compiled already.
                Err(error @ Error::File { .. }) => error.to_string(),
                compiled => return Ok((compiled?, None)),
            },
            Self::Default(Err(reason)) => reason,
        };
        Ok((engine.compile(name, wasm)?, Some(reason)))
    }
}

/// Refuses what no environment can hold, as `os.putenv` does.
fn check_environment(environment: &BTreeMap<String, String>) -> PyResult<()> {
    for (name, value) in environment {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(PyValueError::new_err(format!(
                "environment: {name:?} is no name of a variable"
            )));
        }
        if value.contains('\0') {
            return Err(PyValueError::new_err(format!(
                "environment: the value of {name} contains NUL"
            )));
        }
    }
    Ok(())
}

/// Waits for an outcome without Python's lock. A signal that raises an exception, as Ctrl-C does, cancels the call.
fn wait(py: Python<'_>, mut pending: Pending) -> PyResult<Result<Outcome, Error>> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        let polled = Pin::new(&mut pending).poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(outcome) = polled {
            return Ok(outcome);
        }
        py.detach(|| thread::park_timeout(INTERVAL));
        py.check_signals()?;
    }
}

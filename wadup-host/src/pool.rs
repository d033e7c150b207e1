//! Runs a guest on many inputs, from any number of threads.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use wadup_contract::export::PROCESS;

use crate::call::{Failure, Outcome};
use crate::engine::Engine;
use crate::error::Error;
use crate::guest::Guest;
use crate::input::Input;
use crate::instance::Instance;
use crate::limits::Limits;
use crate::options::Options;
use crate::trap::Trap;
use crate::workers::{Pending, Workers};

/// Runs a guest on many inputs under [`Limits`]. Clones share its instances and threads, and any thread may use it.
///
/// Each input gets an instance of its own, so that no input sees anything of another: not its memory, its files or its functions.
///
/// ```no_run
/// use std::time::Duration;
/// use wadup_host::{Guest, Input, Limits};
///
/// # fn main() -> Result<(), wadup_host::Error> {
/// let guest = Guest::open("users.snapshot.wasm")?;
/// let limits = Limits::default().memory(256 << 20).deadline(Duration::from_secs(2));
/// let pool = guest.pool(limits)?;
/// let outcome = pool.run(Input::file("users.csv")?)?;
/// match outcome.result {
///     Ok(output) => println!("{} tables", output.tables.len()),
///     Err(failure) => eprintln!("{failure} (limit: {:?})", failure.limit()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Pool {
    guest: Guest,
    options: Options,
    /// Instances that wait for their next input; absent if each input gets a new one.
    idle: Option<Arc<Mutex<Vec<Instance>>>>,
    workers: Workers,
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pool")
            .field("guest", &self.guest)
            .field("options", &self.options)
            .field("is_reused", &self.idle.is_some())
            .finish_non_exhaustive()
    }
}

impl Guest {
    /// A pool that runs this guest under `limits`.
    ///
    /// Code is compiled again (or taken from the cache) if the limits need other code: [`Limits::fuel`] does, and so does a guest whose
    /// [`Engine`] was made without a timeout.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::new`] and [`Engine::compile`], and [`Error::Instantiate`] if the host lacks an import of the module.
    pub fn pool(&self, limits: Limits) -> Result<Pool, Error> {
        let engine = &self.engine;
        let is_alike = engine.is_interruptible
            && engine.limits.fuel.is_some() == limits.fuel.is_some()
            && engine.limits.stack == limits.stack;
        let guest = if is_alike {
            let mut guest = self.clone();
            guest.engine.limits = limits;
            guest
        } else {
            let mut other = Engine::build(limits, engine.compiler, true)?;
            other.cache.clone_from(&engine.cache);
            other.compile(&self.name, &self.wasm)?
        };
        let options = Options::default();
        guest.linked(&options)?;
        Ok(Pool {
            guest,
            options,
            idle: None,
            workers: Workers::default(),
        })
    }
}

impl Pool {
    /// Keeps instances for later inputs, at most one per thread that runs inputs at the same time.
    ///
    /// This saves the start of an instance. A guest then keeps its memory and the files in its own folders from one input to the next; an
    /// instance that was stopped is not used again.
    #[must_use]
    pub fn reused(mut self) -> Self {
        self.idle = Some(Arc::default());
        self
    }

    /// Gives the guests of this pool environment variables.
    #[must_use]
    pub fn environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.options.environment.extend(variables);
        self.idle = self.idle.map(|_| Arc::default());
        self
    }

    /// Runs `process` on one input, on this thread.
    ///
    /// # Errors
    ///
    /// If the guest could not be called at all. A failure of the guest itself, a limit that it exceeded too, is in [`Outcome::result`].
    pub fn run(&self, input: impl Into<Input>) -> Result<Outcome, Error> {
        self.call(PROCESS, input)
    }

    /// Runs another export than `process`: the input is in `/data.bin`, and if the export returns 0, its tables and sub-content count.
    ///
    /// # Errors
    ///
    /// Those of [`Pool::run`], and [`Error::Export`] if the module does not have this export.
    pub fn call(&self, export: &str, input: impl Into<Input>) -> Result<Outcome, Error> {
        let input = input.into();
        let span = tracing::debug_span!(
            "input",
            export,
            name = input.name(),
            bytes = input.bytes.len()
        );
        let _entered = span.enter();
        let started = Instant::now();
        let outcome = self.outcome(export, &input);
        let elapsed = started.elapsed();
        match &outcome {
            Ok(Outcome { result: Ok(_), .. }) => tracing::debug!(?elapsed, "processed"),
            Ok(Outcome {
                result: Err(failure),
                ..
            }) => tracing::warn!(?elapsed, limit = ?failure.limit(), %failure, "the guest failed"),
            Err(error) => tracing::error!(?elapsed, %error, "the guest could not be called"),
        }
        outcome
    }

    /// [`Pool::run`] on a thread of the pool, under any executor. Dropping the future cancels the call.
    pub fn run_async(&self, input: impl Into<Input>) -> Pending {
        self.call_async(PROCESS, input)
    }

    /// [`Pool::call`] on a thread of the pool, under any executor. Dropping the future cancels the call.
    pub fn call_async(&self, export: &str, input: impl Into<Input>) -> Pending {
        let mut input = input.into();
        let token = input.wishes.token.take().unwrap_or_default().child();
        input.wishes.token = Some(token.clone());
        let (pool, export) = (self.clone(), export.to_owned());
        self.workers
            .submit(token, Box::new(move || pool.call(&export, input)))
    }

    fn outcome(&self, export: &str, input: &Input) -> Result<Outcome, Error> {
        let mut instance = match self.take_idle() {
            Some(instance) => instance,
            None => match Instance::started(&self.guest, &self.options, input.wishes.clone()) {
                Ok(instance) => instance,
                Err(Error::Initialize(call)) => return stopped(*call),
                Err(error) => return Err(error),
            },
        };
        instance.set_wishes(input.wishes.clone());
        let outcome = instance.process_export(export, &input.bytes)?;
        let is_stopped = matches!(outcome.result, Err(Failure::Trap(_) | Failure::Exceeded(_)));
        if !is_stopped && let Some(idle) = &self.idle {
            instance.set_wishes(Default::default());
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(instance);
        }
        Ok(outcome)
    }

    fn take_idle(&self) -> Option<Instance> {
        let idle = self.idle.as_ref()?;
        idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

/// A guest that was stopped while it was started has failed like one that was stopped later.
fn stopped(call: crate::call::Call) -> Result<Outcome, Error> {
    match call.end {
        Err(trap @ Trap { .. }) => Ok(Outcome {
            result: Err(Failure::Trap(trap)),
            stdout: call.stdout,
            stderr: call.stderr,
        }),
        Ok(_) => Err(Error::Initialize(Box::new(call))),
    }
}

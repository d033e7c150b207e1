//! One input, and what its caller wants of the call besides the result.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::cancellation::CancellationToken;
use crate::error::Error;
use crate::running::{Progress, Wishes};

/// One input for [`Pool::run`](crate::Pool::run). A clone shares its bytes.
///
/// ```
/// use std::time::Duration;
/// use wadup_host::{CancellationToken, Input};
///
/// let token = CancellationToken::new();
/// let input = Input::bytes(&b"a,b\n1,2\n"[..])
///     .named("a.csv")
///     .cancelled_by(&token)
///     .progress(Duration::from_secs(1), |progress| eprintln!("{:?}", progress.elapsed));
/// assert_eq!(input.name(), Some("a.csv"));
/// ```
#[derive(Clone)]
pub struct Input {
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) name: Option<String>,
    pub(crate) wishes: Wishes,
}

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Input")
            .field("bytes", &self.bytes.len())
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Input {
    /// An input of these bytes; an `Arc<[u8]>` is not copied.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            bytes: bytes.into(),
            name: None,
            wishes: Wishes::default(),
        }
    }

    /// The bytes of a file, named by its path.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(Error::file("read", path))?;
        Ok(Self::bytes(bytes).named(path.display().to_string()))
    }

    /// Gives it a name for logs. The guest is not told it, as by the WADUP host.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Its bytes.
    #[must_use]
    pub fn content(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// The name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Lets the call end with [`Cause::Cancelled`](crate::Cause::Cancelled) when `token` is cancelled.
    #[must_use]
    pub fn cancelled_by(mut self, token: &CancellationToken) -> Self {
        self.wishes.token = Some(token.clone());
        self
    }

    /// Calls `report` about as often as `every` while the guest runs, on the thread that runs it.
    #[must_use]
    pub fn progress(
        mut self,
        every: Duration,
        report: impl Fn(&Progress) + Send + Sync + 'static,
    ) -> Self {
        self.wishes.progress = Some((every, Arc::new(report)));
        self
    }
}

impl From<Vec<u8>> for Input {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&[u8]> for Input {
    fn from(bytes: &[u8]) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&str> for Input {
    fn from(text: &str) -> Self {
        Self::bytes(text.as_bytes())
    }
}

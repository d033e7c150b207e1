//! How a long build tells whoever waits what it is doing.

/// Receives the steps of a build as they happen.
///
/// A build script turns them into notes, the command line into progress bars or plain lines.
pub trait Progress {
    /// A step begins that may take more than a few seconds.
    fn begin(&self, step: &str);
    /// The step that began last under this name has ended well.
    fn end(&self, step: &str);
    /// Something that the user should know and that is no error.
    fn note(&self, message: &str);
}

/// Says nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _step: &str) {}
    fn end(&self, _step: &str) {}
    fn note(&self, _message: &str) {}
}

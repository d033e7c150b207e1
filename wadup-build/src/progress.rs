//! Progress reports of a long build.

/// Receives the steps of a build as they happen.
///
/// A build script prints them as notes, the command line as progress bars or plain lines.
pub trait Progress {
    /// A step that may take more than a few seconds begins.
    fn begin(&self, step: &str);
    /// The most recent step of this name ended successfully.
    fn end(&self, step: &str);
    /// Something that the user should know and that is not an error.
    fn note(&self, message: &str);
}

/// Reports nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _step: &str) {}
    fn end(&self, _step: &str) {}
    fn note(&self, _message: &str) {}
}

//! Runs files of tests in a guest, each in an instance of its own, and reads what the tests came to.

mod exchange;
mod log;
mod session;

pub use self::exchange::Exchange;
pub use self::log::{BrokenOff, Log, Note};
pub use self::session::{Ended, NO_TESTS, STATUS, Session, Start};

/// The program that runs a file with pytest; its first lines list its settings.
pub const PYTEST: &str = include_str!("suite/pytest.py");

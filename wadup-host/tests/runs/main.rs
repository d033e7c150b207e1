//! Small guests in text form, run under every limit and with both hosts.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bounds;
mod cache;
mod command;
mod limits;
mod modules;
mod pool;
mod process;
mod profile;
mod quirks;

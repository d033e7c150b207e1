//! Linear memories that instances of a guest use one after the other, so that a fresh instance maps and faults in nothing.
//!
//! [`Initial`] takes the first contents of the memory out of the module, for wasmtime would copy them into each instance. A [`Source`]
//! keeps them in a file, which each memory shows copy-on-write (`memories`, in a `region` of the address space). When an instance ends,
//! the pages that it wrote are put back, and the next instance finds the memory as the module describes it, with the pages that guests
//! write to already there.
//!
//! Which pages were written is asked of the kernel (`written`), so this is for Linux, and only where a `probe` finds that the kernel does
//! as it should; `elsewhere`, wasmtime makes each memory anew.

mod initial;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod memories;
#[cfg(target_os = "linux")]
mod probe;
#[cfg(target_os = "linux")]
mod region;
#[cfg(target_os = "linux")]
mod source;
#[cfg(target_os = "linux")]
mod written;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Source, provide, works};
pub(crate) use initial::{Initial, WASM_PAGE};
#[cfg(target_os = "linux")]
pub(crate) use memories::provide;
#[cfg(target_os = "linux")]
pub(crate) use probe::works;
#[cfg(target_os = "linux")]
pub(crate) use source::Source;

//! Decides whether a guest is optimized with wasm-opt, and puts the optimized module in place of the linked one.
//!
//! Cargo's own file of the module, in `deps`, stays as it was linked, so Cargo puts that one back when it builds again.

use std::error::Error;

use fs_err as fs;
use wadup_build::machine::Machine;

use super::arguments::Arguments;
use super::artifacts::Guest;
use super::publish;
use crate::setup::progress;

/// Optimizes a guest if it should be, and where wasm-opt is installed. Returns the map of the module as it is then, from
/// the map that the linker wrote.
///
/// # Errors
/// When wasm-opt is asked for and missing, or fails.
pub(super) fn apply(
    guest: &Guest,
    arguments: &Arguments,
    link_map: Option<String>,
) -> Result<Option<String>, Box<dyn Error>> {
    if !is_wanted(guest, arguments)? {
        return Ok(link_map);
    }
    let machine = Machine::new(progress::for_this_terminal())?;
    let wasm_opt = match machine.wasm_opt() {
        Ok(wasm_opt) => wasm_opt,
        Err(error) if arguments.wasm_opt.is_some() => return Err(error.into()),
        Err(error) => {
            if !arguments.is_quiet() {
                eprintln!("note: the guest would be a few percent smaller: {error}");
            }
            return Ok(link_map);
        }
    };
    let module = fs::read(&guest.module)?;
    let optimized = machine.optimize(&module, link_map.as_deref(), &wasm_opt)?;
    publish::file(&optimized.module, &guest.module)?;
    if !arguments.is_quiet() {
        eprintln!(
            "   Optimized {} ({:.1} MB, wasm-opt {})",
            guest.module.display(),
            optimized.module.len() as f64 / 1e6,
            wasm_opt.version()
        );
    }
    Ok(optimized.link_map)
}

fn is_wanted(guest: &Guest, arguments: &Arguments) -> wadup_build::Result<bool> {
    match arguments.wasm_opt {
        Some(choice) => Ok(choice),
        None if !arguments.is_release(&guest.workspace) => Ok(false),
        None => wadup_build::wants_wasm_opt(&guest.project),
    }
}

//! Checks a finished guest, and rejects one that cannot run or would fail late, with the symbol and the remedy.
//!
//! Up to Rust 1.95 rustc lets the linker turn every undefined symbol into an import, and no linker checks that the
//! stack is large enough for Python or that its overflow is caught. The module shows
//! all of this, so the build fails rather than the run. Undefined variables go undetected: their address is 0.

mod imports;
mod instructions;
mod outline;
mod proposals;

use std::path::Path;

use fs_err as fs;
pub use wadup_build::Profile;
use wadup_build::Size;
use wadup_build::output::Memory;
use wadup_contract::export;
use wasmparser::{FuncType, ValType};

use crate::error::{Error, Result};
use outline::{Exported, Outline};

/// The rules for one guest, in addition to those for all guests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How the host runs the guest.
    pub kind: Kind,
    /// Exports in addition to the entry, each a function `() -> i32`.
    pub exports: Vec<String>,
    /// Imports that the host of this guest provides beyond WASI preview 1.
    pub declared_imports: Vec<Import>,
    /// What the guest may ask of its hosts.
    pub profile: Profile,
    /// The minimum stack size, in bytes.
    pub stack_floor: u64,
    /// The initial memory size, in bytes, if the link fixed it.
    pub initial_memory: Option<u64>,
    /// The maximum memory size, in bytes, if the link fixed it.
    pub maximum_memory: Option<u64>,
}

impl Rules {
    /// The rules for a guest according to its plan; `folder` is the folder `wadup` of its build script's OUT_DIR.
    ///
    /// # Errors
    /// [`Error::Plan`] when the folder has no readable plan.
    pub fn planned(folder: &Path, kind: Kind) -> Result<Self> {
        let memory = Memory::left_in(folder)?;
        Ok(Self {
            kind,
            profile: Profile::left_in(folder)?,
            stack_floor: memory.stack_size.bytes(),
            initial_memory: memory.initial_memory.map(Size::bytes),
            maximum_memory: Some(memory.maximum_memory.bytes()),
            ..Self::default()
        })
    }
}

impl Default for Rules {
    /// A reactor of any profile with a stack of at least 8 MiB, no further exports or imports, and any size of memory.
    fn default() -> Self {
        Self {
            kind: Kind::Reactor,
            exports: Vec::new(),
            declared_imports: Vec::new(),
            profile: Profile::Modern,
            stack_floor: 8 << 20,
            initial_memory: None,
            maximum_memory: None,
        }
    }
}

/// The two ways in which a host runs a module, as in the [WASI application ABI].
///
/// [WASI application ABI]: https://github.com/WebAssembly/WASI/blob/main/legacy/application-abi.md
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Stays alive between calls; the host calls `process: () -> i32` for each input.
    Reactor,
    /// Runs once, by `_start: () -> ()`.
    Command,
}

impl Kind {
    /// The export that the host calls, and its results.
    fn entry(self) -> (&'static str, &'static [ValType]) {
        match self {
            Kind::Reactor => (export::PROCESS, &[ValType::I32]),
            Kind::Command => (export::START, &[]),
        }
    }
}

/// An import, identified by module and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// The module that it is imported from: `wasi_snapshot_preview1`.
    pub module: String,
    /// Its name in that module: `fd_write`.
    pub name: String,
}

/// The properties of a guest that satisfies all rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The imports, in the module's order.
    pub imports: Vec<Import>,
    /// The names of the exports, sorted.
    pub exports: Vec<String>,
    /// What the guest asks of its hosts.
    pub profile: Profile,
    /// The size of the stack, in bytes.
    pub stack: u64,
    /// The initial memory size, in bytes.
    pub initial_memory: u64,
    /// The maximum memory size, in bytes, if there is one.
    pub maximum_memory: Option<u64>,
    /// The size of the module, in bytes.
    pub module: u64,
}

/// Reads a linked module and checks that the WADUP host can run it.
///
/// A snapshot of a guest holds the used part of its stack as data, so check the module that the snapshot is made from.
///
/// # Errors
/// [`Error::Refused`] with one finding for each broken rule; [`Error::Malformed`] when the file is not a core module;
/// [`Error::File`] when it cannot be read.
pub fn check(module: &Path, rules: &Rules) -> Result<Report> {
    let bytes = fs::read(module)?;
    let outline = Outline::read(module, &bytes)?;
    let checks = [
        imports::check,
        exports,
        memory,
        stack,
        tags,
        instructions::check,
    ];
    let findings: Vec<String> = checks
        .iter()
        .flat_map(|check| check(&outline, rules))
        .collect();
    // A missing memory or stack is a finding too.
    let (Some(memory), Some(stack), true) =
        (outline.memory(), outline.stack_top, findings.is_empty())
    else {
        return Err(Error::Refused {
            module: module.to_owned(),
            findings,
        });
    };
    Ok(Report {
        initial_memory: in_bytes(memory.initial),
        maximum_memory: memory.maximum.map(in_bytes),
        profile: instructions::profile(&outline),
        stack,
        module: bytes.len() as u64,
        exports: outline.exports.into_keys().collect(),
        imports: outline
            .imports
            .into_iter()
            .map(|(import, _)| import)
            .collect(),
    })
}

fn exports(outline: &Outline, rules: &Rules) -> Vec<String> {
    let (entry, results) = rules.kind.entry();
    let further = rules
        .exports
        .iter()
        .map(|name| (name.as_str(), &[ValType::I32][..]));
    std::iter::once((entry, results))
        .chain(further)
        .filter_map(|(name, results)| {
            let expected = FuncType::new([], results.iter().copied());
            match outline.exports.get(name) {
                Some(Exported::Function(found)) if *found == expected => None,
                Some(Exported::Function(found)) => Some(format!(
                    "export `{name}` has the type `{found}`, expected `{expected}`"
                )),
                Some(_) => Some(format!("export `{name}` must be a function `{expected}`")),
                None => Some(format!(
                    "export `{name}` is missing: `wadup_python!` defines it in a {}",
                    match rules.kind {
                        Kind::Reactor => "library whose crate-type is `cdylib`",
                        Kind::Command => "binary",
                    }
                )),
            }
        })
        .collect()
}

fn memory(outline: &Outline, rules: &Rules) -> Vec<String> {
    let mut findings = Vec::new();
    if outline.memories.iter().any(|memory| memory.shared) {
        findings.push(
            "the memory is shared between threads: build for wasm32-wasip1, not wasm32-wasip1-threads".into(),
        );
    }
    if outline.memories.iter().any(|memory| memory.memory64) {
        findings
            .push("the memory has 64-bit addresses: build for wasm32-wasip1, not wasm64".into());
    }
    let Some(memory) = outline.memory() else {
        findings.push("export `memory` is missing: hosts need it to pass data".into());
        return findings;
    };
    findings.extend(other_size(
        "begins with",
        Some(memory.initial),
        rules.initial_memory,
        "--initial-memory",
    ));
    findings.extend(other_size(
        "cannot grow beyond",
        memory.maximum,
        rules.maximum_memory,
        "--max-memory",
    ));
    findings
}

/// A finding if a size differs from the planned one.
fn other_size(
    what: &str,
    pages: Option<u64>,
    planned: Option<u64>,
    option: &str,
) -> Option<String> {
    let planned = planned?;
    let found = pages.map(in_bytes);
    (found != Some(planned)).then(|| {
        let found = found.map_or("no limit".into(), |bytes| format!("{bytes} bytes"));
        format!(
            "the memory {what} {found} but the plan says {planned} bytes: pass `{option}={planned}` to the linker"
        )
    })
}

fn stack(outline: &Outline, rules: &Rules) -> Vec<String> {
    let Some(top) = outline.stack_top else {
        return vec![
            "the stack pointer is missing (a mutable i32 global with a constant value): link with rust-lld or wasm-ld".into(),
        ];
    };
    if let Some(data) = outline.lowest_data.filter(|data| *data < top) {
        // Such a module does not show the size of its stack.
        return vec![format!(
            "data begins at {data}, below the top of the stack at {top}, so a stack that overflows would overwrite it \
             unnoticed: pass `--stack-first` to the linker"
        )];
    }
    let floor = rules.stack_floor;
    if top < floor {
        return vec![format!(
            "the stack has {top} bytes, but Python needs {floor}: pass `-zstack-size={floor}` to the linker"
        )];
    }
    Vec::new()
}

fn tags(outline: &Outline, _: &Rules) -> Vec<String> {
    // A function that throws is named by `instructions::check`.
    let is_told = outline.uses.keys().any(|used| used.ends_with("exceptions"));
    let finding = format!(
        "the module has exception tags, which the host refuses to load: {}",
        instructions::WITHOUT_EXCEPTIONS
    );
    (outline.has_tags && !is_told)
        .then_some(finding)
        .into_iter()
        .collect()
}

/// The size of a number of pages, which have 64 KiB each ("Memory Instances" in the WebAssembly specification).
fn in_bytes(pages: u64) -> u64 {
    pages.saturating_mul(65536)
}

#[cfg(test)]
mod tests;

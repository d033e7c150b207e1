//! Gives the functions in tables of an extension the signatures that CPython calls them with.
//!
//! A method without arguments is called with two, a getter with a closure, and many C functions take less: other
//! processors ignore an argument too many, WebAssembly traps (core specification, `call_indirect`). CPython's trampoline
//! for such calls exists only on Emscripten. So each such function gets an adapter, which drops what it does not take,
//! and the table names the adapter. That happens in the object, whatever language or macro made the table: relocations
//! say which functions lie in which table.

mod adapter;
mod layout;
mod memory;
pub(super) mod reader;
pub(super) mod refusal;
pub(super) mod rewrite;
mod tables;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use wasmparser::{FuncType, ValType};

use layout::Call;
use memory::Memory;
use reader::{Object, Relocation};
use refusal::Refusal;
use rewrite::NewFunction;
use tables::Entry;

use crate::error::{Error, FileContext, Result};
use crate::store::code;

/// The code that decides the bytes of an adapted object.
pub(crate) const CODE: &[&str] = code![
    "adapter.rs",
    "layout.rs",
    "memory.rs",
    "mod.rs",
    "reader.rs",
    "rewrite.rs",
    "tables.rs",
];

/// An object whose tables all match CPython.
#[derive(Debug)]
pub(crate) struct Adapted<'a> {
    /// Its bytes: the same where nothing had to change.
    pub(crate) object: Cow<'a, [u8]>,
    /// What was changed, in the order of the tables.
    pub(crate) adaptations: Vec<Adaptation>,
}

impl Adapted<'_> {
    /// Adds what was changed to the log of a build.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub(crate) fn write_log(&self, log: &Path) -> Result<()> {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .on("open", log)?;
        for adaptation in &self.adaptations {
            writeln!(file, "adapter: {adaptation}").on("write", log)?;
        }
        Ok(())
    }
}

/// A function in a table that now has an adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Adaptation {
    /// The function, as the object names it.
    function: String,
    /// What it is, and in which table.
    role: String,
    from: FuncType,
    to: FuncType,
}

impl fmt::Display for Adaptation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}`, {}: {} is called as {}",
            self.function,
            self.role,
            signature(&self.from),
            signature(&self.to)
        )
    }
}

/// Puts adapters into a relocatable object; `label` names it in errors.
///
/// # Errors
/// When the bytes are not a relocatable object, and when a table that CPython reads names a function for which there can
/// be no adapter.
pub(crate) fn adapt<'a>(object: &'a [u8], label: impl AsRef<Path>) -> Result<Adapted<'a>> {
    adapted(object).map_err(|refusal| Error::malformed(label.as_ref(), refusal))
}

fn adapted(bytes: &[u8]) -> Result<Adapted<'_>, Refusal> {
    let object = Object::read(bytes)?;
    let mut plan = Plan::default();
    for (relocation, entries) in tables::entries(&Memory::new(&object)) {
        plan.add(&object, relocation, &entries);
    }
    if !plan.refused.is_empty() {
        return Err(Refusal::Functions(plan.refused));
    }
    let object = if plan.adapters.is_empty() {
        Cow::Borrowed(bytes)
    } else {
        Cow::Owned(rewrite::append(&object, &plan.adapters, &plan.retargeted)?)
    };
    Ok(Adapted {
        object,
        adaptations: plan.adaptations,
    })
}

/// What has to change in an object.
#[derive(Default)]
struct Plan {
    adapters: Vec<NewFunction>,
    /// The adapter of each function for each way to call it.
    known: BTreeMap<(u32, Call), usize>,
    /// The adapter that each of these relocations will name.
    retargeted: BTreeMap<Relocation, usize>,
    adaptations: Vec<Adaptation>,
    refused: Vec<String>,
}

impl Plan {
    fn add(&mut self, object: &Object<'_>, relocation: Relocation, entries: &[Entry]) {
        for entry in entries {
            let Some((index, name, from)) = object.function(entry.symbol) else {
                continue;
            };
            let to = adapter::called_type(entry.call);
            if *from == to {
                continue;
            }
            let adaptation = Adaptation {
                function: name.to_owned(),
                role: entry.role.clone(),
                from: from.clone(),
                to: to.clone(),
            };
            if entries.len() > 1 {
                self.refused
                    .push(format!("{adaptation}, and in another way too"));
                continue;
            }
            let adapter = match self.known.entry((entry.symbol, entry.call)) {
                btree_map::Entry::Occupied(known) => *known.get(),
                btree_map::Entry::Vacant(place) => {
                    let Some(body) = adapter::body(entry.call, from, index) else {
                        // Without a structure of CPython that refers to it, it may not be a table of methods.
                        if entry.is_reached {
                            self.refused.push(adaptation.to_string());
                        }
                        continue;
                    };
                    self.adapters.push(NewFunction {
                        name: format!("{name}.adapter"),
                        visible: Vec::new(),
                        ty: to,
                        code: body.code,
                        calls: vec![(body.callee, entry.symbol)],
                    });
                    *place.insert(self.adapters.len() - 1)
                }
            };
            self.retargeted.insert(relocation, adapter);
            self.adaptations.push(adaptation);
        }
    }
}

/// A type in WebAssembly's own notation.
fn signature(ty: &FuncType) -> String {
    let list = |types: &[ValType]| {
        let types: Vec<String> = types.iter().map(ToString::to_string).collect();
        format!("({})", types.join(", "))
    };
    format!("{} -> {}", list(ty.params()), list(ty.results()))
}

/// For any bytes, adapting fails or returns an object that needs no adapter.
#[cfg(any(test, fuzzing))]
pub(crate) fn hostile_object(bytes: &[u8]) {
    if let Ok(once) = adapted(bytes) {
        assert_eq!(once.adaptations.is_empty(), once.object == bytes);
        match adapted(&once.object) {
            Ok(twice) => assert_eq!(twice.adaptations, []),
            Err(refusal) => panic!("{refusal}"),
        }
    }
}

#[cfg(test)]
mod tests;

//! Runs the static constructors of an extension when its first module is imported, as a dynamic loader does.
//!
//! A linker's list of constructors runs when the guest starts, before Python does, and those of an extension may call
//! Python. So they leave the list. One function calls them in their order, and each module of the extension has a name
//! for it, by which the shim finds it.

use std::borrow::Cow;

use wasm_encoder::{Encode, Instruction};
use wasmparser::{FuncType, SymbolInfo};

use super::thunks::reader::Object;
use super::thunks::refusal::Refusal;
use super::thunks::rewrite::{self, NewFunction};
use crate::object;

/// The symbol of the constructors that run before this init function. The shim knows it too.
pub(super) fn of(init: &str) -> String {
    format!("{init}_constructors")
}

/// The isolated object with these init functions, without constructors that run when the guest starts: its bytes are the same
/// if it had none.
///
/// # Errors
/// When the bytes are not a relocatable object. No input causes a panic.
pub(super) fn defer<'a, 'n>(
    isolated: &'a [u8],
    inits: impl IntoIterator<Item = &'n str>,
) -> Result<Cow<'a, [u8]>, Refusal> {
    const NO_LOCALS: u8 = 0;
    let constructors = object::constructors(isolated)?;
    if constructors.is_empty() {
        return Ok(Cow::Borrowed(isolated));
    }
    let off_the_list = object::rewrite(isolated, &mut OffTheList)?;
    let object = Object::read(&off_the_list)?;
    let mut code = vec![NO_LOCALS];
    let mut calls = Vec::new();
    for symbol in constructors {
        let (function, _, ty) = object.function(symbol).ok_or(Refusal::Dangling)?;
        if *ty != FuncType::new([], []) {
            return Err(Refusal::Constructor);
        }
        calls.push((rewrite::call(function, &mut code), symbol));
    }
    Instruction::End.encode(&mut code);
    let run = NewFunction {
        name: "constructors".to_owned(),
        visible: inits.into_iter().map(of).collect(),
        ty: FuncType::new([], []),
        code,
        calls,
    };
    rewrite::append(&object, &[run], &[].into()).map(Cow::Owned)
}

/// Takes the constructors from the linker's list and changes nothing else.
struct OffTheList;

impl<'a> object::Edit<'a> for OffTheList {
    fn symbol(&mut self, _symbol: &mut SymbolInfo<'a>) {}

    fn group(&mut self, name: &'a str) -> Option<Cow<'a, str>> {
        Some(name.into())
    }

    fn keeps_constructors(&self) -> bool {
        false
    }
}

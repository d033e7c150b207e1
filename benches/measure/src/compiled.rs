//! Reads back what `compile` wrote: the one module that hands a file to wasmtime as machine code.

#![allow(unsafe_code)]

use std::path::Path;

use wasmtime::component::Component;
use wasmtime::{Engine, Module};

pub(crate) fn module(engine: &Engine, file: &Path) -> wasmtime::Result<Module> {
    // SAFETY: the benchmark lets this very program write the file, from a module that it trusts.
    unsafe { Module::deserialize_file(engine, file) }
}

pub(crate) fn component(engine: &Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: as above.
    unsafe { Component::deserialize_file(engine, file) }
}

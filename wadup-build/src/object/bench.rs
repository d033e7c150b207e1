//! Compiles small C programs with clang, links them with wasm-ld and runs them in an interpreter, for tests.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::command::Program;
use crate::environment::Tool;

/// A folder for sources, objects and modules.
pub(crate) struct Bench {
    folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Compiles a source to an object with debug information. The extension of its name selects the language.
    pub(crate) fn object(&self, source: &str, text: &str) -> PathBuf {
        let (source, object) = (self.path(source), self.path(&format!("{source}.o")));
        fs::write(&source, text).unwrap();
        Program::new(Tool::Compiler, tool("clang"), "compiling a test's source")
            .args([
                "--target=wasm32-wasip1",
                "-O1",
                "-g",
                "-ffreestanding",
                "-fno-exceptions",
                "-c",
                "-o",
            ])
            .args([&object, &source])
            .run()
            .unwrap();
        object
    }

    /// The same object in a file of its own, as small as the linker makes it.
    pub(crate) fn without_debug_information(&self, object: &Path) -> PathBuf {
        let out = object.with_extension("stripped.o");
        Program::new(Tool::Compiler, tool("wasm-ld"), "stripping a test's object")
            .args(["-r", "--strip-all", "-o"])
            .args([&*out, object])
            .run()
            .unwrap();
        out
    }

    pub(crate) fn archive(&self, name: &str, objects: &[PathBuf]) -> PathBuf {
        let archive = self.path(name);
        Program::new(
            Tool::Compiler,
            tool("llvm-ar"),
            "archiving a test's objects",
        )
        .arg("rcs")
        .arg(&archive)
        .args(objects)
        .run()
        .unwrap();
        archive
    }

    /// Links the objects with `main`, a C source that defines `int run(void)`, and calls `run` after the constructors.
    pub(crate) fn run(&self, objects: &[PathBuf], main: &str) -> crate::Result<i32> {
        Ok(self.try_run(objects, main)?.unwrap())
    }

    /// As [`Bench::run`], and with the trap where that ends in one.
    pub(crate) fn try_run(
        &self,
        objects: &[PathBuf],
        main: &str,
    ) -> crate::Result<Result<i32, wasmi::Error>> {
        let main = self.object("main.c", main);
        let module = self.path("module.wasm");
        Program::new(Tool::Compiler, tool("wasm-ld"), "linking a test's module")
            .args(["--no-entry", "--export=run", "--export=__wasm_call_ctors"])
            .args(objects)
            .arg(&main)
            .arg("-o")
            .arg(&module)
            .run()?;
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, fs::read(&module).unwrap()).unwrap();
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Linker::new(&engine)
            .instantiate_and_start(&mut store, &module)
            .unwrap();
        let constructors = instance
            .get_typed_func::<(), ()>(&store, "__wasm_call_ctors")
            .unwrap();
        constructors.call(&mut store, ()).unwrap();
        let run = instance.get_typed_func::<(), i32>(&store, "run").unwrap();
        Ok(run.call(&mut store, ()))
    }
}

/// An LLVM tool, under the name that a distribution or an SDK uses. Panics if it is not installed.
pub(crate) fn tool(name: &str) -> PathBuf {
    let names = [format!("{name}-22"), name.to_owned()];
    names
        .iter()
        .find(|name| {
            Program::new(Tool::Compiler, name, "looking for a tool")
                .arg("--version")
                .run()
                .is_ok()
        })
        .unwrap_or_else(|| panic!("this test needs {} or {name} on PATH", names[0]))
        .into()
}

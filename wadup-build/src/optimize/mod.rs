//! Optimizes the code of a finished guest with Binaryen's wasm-opt, once: the store keeps the result.
//!
//! wasm-opt takes a minute or more, and a guest's data (its bundle above all) changes far more often than its code. So
//! wasm-opt sees the module without its data, and the key of the result is the hash of what it sees. Nothing is lost by
//! that: none of the passes below looks at the content of memory.

mod data;
mod link_map;
mod split;
mod wasm_opt;

use std::fs;
use std::path::PathBuf;

pub use self::wasm_opt::WasmOpt;
pub(crate) use self::wasm_opt::folder;

use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::sbom::{Component, Origin};
use crate::store::{Inputs, Recipe, RecipeDirs, Store, code};
use split::Split;

/// What the passes are. Each was measured; BENCHMARKS.md lists those that did not help.
const PASSES: [&str; 2] = [
    "-O2",
    // Functions of one caller, inlined, would grow CPython's evaluation loop by a quarter and its frame by two fifths.
    "--one-caller-inline-max-function-size=0",
];

const INPUT: &str = "input.wasm";
const OUTPUT: &str = "code.wasm";

/// An optimized guest.
#[derive(Debug)]
pub struct Optimized {
    /// The module.
    pub module: Vec<u8>,
    /// The linker's map, changed to describe the module.
    pub link_map: Option<String>,
}

/// Optimizes a module, whose linker wrote `link_map`.
pub(crate) fn optimize(
    module: &[u8],
    link_map: Option<&str>,
    wasm_opt: &WasmOpt,
    store: &Store,
) -> Result<Optimized> {
    let split = Split::of(module)?;
    let recipe = OptimizedCode {
        code: split.code(),
        wasm_opt,
    };
    let artifact = store.artifact(&recipe)?;
    let file = artifact.join(OUTPUT);
    let optimized = fs::read(&file).on("read", &file)?;
    let joined = split
        .join(&optimized, &component(wasm_opt))
        .map_err(|problem| Error::malformed(&file, problem))?;
    let link_map = link_map.and_then(|text| link_map::of(text, &joined.functions));
    Ok(Optimized {
        module: joined.module,
        link_map,
    })
}

/// wasm-opt in the guest's bill of materials.
fn component(wasm_opt: &WasmOpt) -> Component {
    Component {
        origin: Origin::Tool,
        name: "binaryen".to_owned(),
        version: wasm_opt.version().to_owned(),
        sha256: None,
        license: Some("Apache-2.0".to_owned()),
    }
}

/// The recipe of a module's code, optimized.
struct OptimizedCode<'a> {
    code: Vec<u8>,
    wasm_opt: &'a WasmOpt,
}

impl Recipe for OptimizedCode<'_> {
    fn name(&self) -> String {
        "optimized".to_owned()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["mod.rs"])
            .with("code of the guest", hash::of_bytes(&self.code))
            .with("passes", PASSES.join(" "))
            .with("wasm-opt", &self.wasm_opt.identity)
    }

    fn step(&self) -> String {
        format!(
            "optimizing the guest with wasm-opt {}",
            self.wasm_opt.version()
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let input: PathBuf = dirs.scratch.join(INPUT);
        fs::write(&input, &self.code).on("write", &input)?;
        self.wasm_opt
            .run(&input, &dirs.content.join(OUTPUT), &PASSES, dirs.log)
    }
}

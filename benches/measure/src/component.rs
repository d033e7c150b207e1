//! A component under WASI 0.2.

use wasmtime::Store;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::{Outcome, Run, compiled, engine};

pub(crate) fn run(run: &Run) -> Outcome {
    let engine = engine()?;
    let component = compiled::component(&engine, &run.compiled)?;
    let mut linker: Linker<WasiState> = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    let linked = linker.instantiate_pre(&component)?;
    run.measure(|mut context| {
        let state = WasiState {
            context: context.build(),
            table: ResourceTable::new(),
        };
        let mut store = Store::new(&engine, state);
        let instance = linked.instantiate(&mut store)?;
        let function = instance.get_typed_func::<(), ()>(&mut store, &run.call)?;
        Ok(function.call(&mut store, ())?)
    })
}

struct WasiState {
    context: WasiCtx,
    table: ResourceTable,
}

impl WasiView for WasiState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

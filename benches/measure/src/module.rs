//! A core module under WASI preview 1.

use wasmtime::{Linker, Store};
use wasmtime_wasi::I32Exit;
use wasmtime_wasi::p1::{self, WasiP1Ctx};

use crate::{Outcome, Run, compiled, engine};

pub(crate) fn run(run: &Run) -> Outcome {
    let engine = engine()?;
    let module = compiled::module(&engine, &run.compiled)?;
    let mut linker: Linker<WasiP1Ctx> = Linker::new(&engine);
    p1::add_to_linker_sync(&mut linker, |context| context)?;
    let linked = linker.instantiate_pre(&module)?;
    run.measure(|mut context| {
        let mut store = Store::new(&engine, context.build_p1());
        let instance = linked.instantiate(&mut store)?;
        let ended = match instance.get_typed_func::<(), i32>(&mut store, &run.call) {
            Ok(function) => function.call(&mut store, ()),
            Err(_) => instance
                .get_typed_func::<(), ()>(&mut store, &run.call)?
                .call(&mut store, ())
                .map(|()| 0),
        };
        let status = match ended {
            Ok(status) => status,
            Err(error) => error.downcast::<I32Exit>()?.0,
        };
        if status == 0 {
            Ok(())
        } else {
            Err(format!("`{}` returned {status}", run.call).into())
        }
    })
}

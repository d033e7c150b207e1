//! Writes profiles: a file for speedscope, or a flame graph.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use inferno::flamegraph;
use serde_json::{Value, json};
use wadup_host::{Function, Profile, Samples, Stack};

/// How often the stack is looked at.
const INTERVAL: Duration = Duration::from_millis(1);

/// What a stack is called that has no Python in it: the start of the interpreter, or Rust.
const NO_PYTHON: &str = "(no Python)";

/// Begins a profile.
pub(super) fn begin() -> Profile {
    Profile::every(INTERVAL)
}

/// Writes the samples to a file: a flame graph if its name ends in `.svg`, or else a file for speedscope.
pub(super) fn write(samples: &Samples, file: &Path) -> Result<(), String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let is_graph = file.extension().is_some_and(|ending| ending == "svg");
    let bytes = if is_graph {
        flame_graph(samples, &name)?
    } else {
        speedscope(samples, &name).to_string().into_bytes()
    };
    fs::write(file, bytes).map_err(|error| format!("could not write `{}`: {error}", file.display()))
}

/// A profile in speedscope's own format, with the samples in their order.
fn speedscope(samples: &Samples, name: &str) -> Value {
    let functions = samples
        .functions
        .iter()
        .map(|Function { name, file, line }| json!({ "name": name, "file": file, "line": line }));
    let no_python = samples.functions.len();
    let frames: Vec<Value> = functions.chain([json!({ "name": NO_PYTHON })]).collect();
    let stacks: Vec<Vec<usize>> = samples
        .stacks
        .iter()
        .map(|stack| match &*stack.functions {
            [] => vec![no_python],
            functions => functions.to_vec(),
        })
        .collect();
    let weights: Vec<f64> = samples
        .stacks
        .iter()
        .map(|stack| stack.time.as_secs_f64())
        .collect();
    json!({
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": name,
        "exporter": concat!("cargo-wadup ", env!("CARGO_PKG_VERSION")),
        "shared": { "frames": frames },
        "profiles": [{
            "type": "sampled",
            "name": name,
            "unit": "seconds",
            "startValue": 0,
            "endValue": weights.iter().sum::<f64>(),
            "samples": stacks,
            "weights": weights,
        }],
    })
}

fn flame_graph(samples: &Samples, name: &str) -> Result<Vec<u8>, String> {
    let mut options = flamegraph::Options::default();
    options.title = name.to_owned();
    options.count_name = "µs".to_owned();
    options.colors = flamegraph::Palette::Basic(flamegraph::color::BasicPalette::Hot);
    let lines = folded(samples);
    let mut svg = Vec::new();
    flamegraph::from_lines(&mut options, lines.iter().map(String::as_str), &mut svg)
        .map_err(|error| format!("could not draw the flame graph: {error}"))?;
    Ok(svg)
}

/// Each stack that occurs, with the microseconds that were spent in it.
fn folded(samples: &Samples) -> Vec<String> {
    let mut times: BTreeMap<&[usize], Duration> = BTreeMap::new();
    for Stack { functions, time } in &samples.stacks {
        *times.entry(functions).or_default() += *time;
    }
    times
        .into_iter()
        .map(|(functions, time)| {
            let names: Vec<String> = functions
                .iter()
                .filter_map(|index| samples.functions.get(*index))
                .map(shown)
                .collect();
            let stack = if names.is_empty() {
                NO_PYTHON.to_owned()
            } else {
                names.join(";")
            };
            format!("{stack} {}", time.as_micros())
        })
        .collect()
}

/// A function with the end of its path, without the character that separates functions.
fn shown(Function { name, file, line }: &Function) -> String {
    let file = file.rsplit('/').next().unwrap_or(file);
    format!("{name} ({file}:{line})").replace(';', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Samples {
        let function = |name: &str, line| Function {
            name: name.to_owned(),
            file: "/app/users.py".to_owned(),
            line,
        };
        let stack = |functions: &[usize], milliseconds| Stack {
            functions: functions.to_vec(),
            time: Duration::from_millis(milliseconds),
        };
        Samples {
            functions: vec![function("main", 1), function("Row.parse", 7)],
            stacks: vec![
                stack(&[], 2),
                stack(&[0, 1], 1),
                stack(&[0], 1),
                stack(&[0, 1], 3),
            ],
        }
    }

    #[test]
    fn speedscope_gets_every_sample_in_its_order() {
        let profile = speedscope(&samples(), "users");

        assert_eq!(profile["shared"]["frames"][1]["name"], "Row.parse");
        let sampled = &profile["profiles"][0];
        assert_eq!(sampled["samples"], json!([[2], [0, 1], [0], [0, 1]]));
        assert_eq!(sampled["weights"], json!([0.002, 0.001, 0.001, 0.003]));
        assert_eq!(sampled["endValue"], json!(0.007));
    }

    #[test]
    fn the_flame_graph_adds_equal_stacks_up() {
        assert_eq!(
            folded(&samples()),
            [
                "(no Python) 2000",
                "main (users.py:1) 1000",
                "main (users.py:1);Row.parse (users.py:7) 4000"
            ]
        );

        let svg = String::from_utf8(flame_graph(&samples(), "users").unwrap()).unwrap();
        assert!(svg.contains("Row.parse (users.py:7) (4,000 µs"), "{svg}");
    }
}

//! Runs a guest in a local cluster of Ray or Spark, and checks that the rows are those of one process: see `benches/scale`.

use xshell::{Shell, cmd};

use crate::cargo::{Outcome, workspace};
use crate::{debian, wheel};

/// An engine that runs guests on a cluster.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Engine {
    /// Ray Data
    Ray,
    /// PySpark, which needs Java
    Spark,
}

impl Engine {
    fn name(self) -> &'static str {
        match self {
            Self::Ray => "ray",
            Self::Spark => "spark",
        }
    }

    /// What is installed besides the wheel.
    fn requirements(self) -> &'static [&'static str] {
        match self {
            Self::Ray => &["ray[data]==2.60.0", "pyarrow"],
            // Spark's own check of pandas warns about newer ones.
            Self::Spark => &["pyspark==4.3.0", "pandas<3", "pyarrow"],
        }
    }
}

/// How many inputs CI runs.
const INPUTS_OF_CI: u32 = 2000;

/// What CI runs: the wheel of the other tests with few inputs.
pub(crate) fn sample(shell: &Shell) -> Outcome {
    run(shell, Engine::Ray, INPUTS_OF_CI, true)
}

/// Builds the guests and the wheel, and runs the program. With `dev`, the wheel is that of the tests.
pub(crate) fn run(shell: &Shell, engine: Engine, inputs: u32, dev: bool) -> Outcome {
    let guests = wheel::guests(shell)?;
    if matches!(engine, Engine::Spark) {
        let help = "install Java, 17 or newer";
        debian::provide(shell, &["java"], &["default-jre-headless"], help)?;
    }
    let profile = if dev { wheel::PROFILE } else { "release" };
    let (name, requirements) = (engine.name(), engine.requirements());
    let environment = wheel::Environment::prepare(shell, name, requirements, profile)?;
    let python = environment.program("python");
    let program = workspace().join("benches/scale");
    let inputs = inputs.to_string();
    Ok(cmd!(
        shell,
        "{python} {program} {name} --inputs {inputs} --guests {guests}"
    )
    .run()?)
}

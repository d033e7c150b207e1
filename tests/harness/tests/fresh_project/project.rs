//! A project in a folder of its own: made by Cargo or copied, built by Cargo alone, and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use wadup_host::{Compiler, Engine, Limits, Options, Outcome};

pub(crate) const PYPROJECT: &str = r#"
[project]
name = "users"
version = "0.1.0"
dependencies = ["pydantic==2.12.5"]

[tool.wadup]
entry-point = "users:main"
"#;

pub(crate) const PYTHON: &str = r#"
import fast
import wadup
from pydantic import BaseModel

class User(BaseModel):
    name: str
    age: int

def main():
    wadup.define_table("users", [("name", "String"), ("age", "Int64")])
    for line in open("/data.bin"):
        user = User.model_validate_json(line)
        wadup.insert_row("users", [user.name, fast.double(user.age)])
"#;

const RUST: &str = r#"
wadup_guest::wadup_python! { modules: [fast] }

#[pyo3::pymodule]
mod fast {
    #[pyo3::pyfunction]
    fn double(number: i64) -> i64 {
        2 * number
    }
}
"#;

/// The output of `cargo wadup new`. With its profile, these projects and those of its tests share their compiled dependencies.
const MANIFEST: &str = include_str!("../../../../cargo-wadup/src/new/template/manifest.toml");

fn profile() -> &'static str {
    let mut parts = MANIFEST.split("\n\n");
    parts
        .find(|part| part.contains("[profile.release]"))
        .unwrap()
}

/// The same profile for a project with an unchanged manifest.
pub(crate) fn profile_as_variables() -> Vec<(String, String)> {
    let settings = profile().lines().filter_map(|line| line.split_once(" = "));
    settings
        .map(|(key, value)| {
            let key = key.replace('-', "_").to_uppercase();
            let value = value.trim_matches('"').to_owned();
            (format!("CARGO_PROFILE_RELEASE_{key}"), value)
        })
        .collect()
}

/// The folder of wadup's crates.
fn workspace() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    workspace.canonicalize().unwrap()
}

/// An empty folder whose path has a space and a letter outside ASCII.
fn parent() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path().join("my gästs");
    fs::create_dir(&parent).unwrap();
    (folder, parent)
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir(to).unwrap();
        for name in names(from) {
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// The names in a folder, in no order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// A project in its own folder.
pub(crate) struct Project {
    _folder: TempDir,
    pub(crate) root: PathBuf,
}

impl Project {
    pub(crate) fn new(name: &str) -> Self {
        let (_folder, parent) = parent();
        let created = Command::new("cargo")
            .args(["new", "--quiet", "--vcs", "none", "--lib", name])
            .current_dir(&parent)
            .status()
            .unwrap();
        assert!(created.success());
        let root = parent.join(name);
        let project = Self { _folder, root };

        let crates = workspace();
        let crates = crates.display();
        project.append(
            "Cargo.toml",
            &format!(
                "pyo3 = {{ version = \"0.30\", features = [\"abi3-py313\"] }}\n\
                 wadup-guest = {{ path = \"{crates}/wadup-guest\" }}\n\
                 [build-dependencies]\nwadup-build = {{ path = \"{crates}/wadup-build\" }}\n\
                 [lib]\ncrate-type = [\"cdylib\"]\n{}\n",
                profile()
            ),
        );
        project.write(
            "build.rs",
            "fn main() {\n    wadup_build::configure().build();\n}\n",
        );
        project.write("pyproject.toml", PYPROJECT);
        project.write("python/users/__init__.py", PYTHON);
        project.write("src/lib.rs", RUST);
        project
    }

    /// A copy of an example, with the two changes that its README names.
    pub(crate) fn copy_of_example(name: &str) -> Self {
        let (_folder, parent) = parent();
        let root = parent.join(name);
        copy(&workspace().join("examples").join(name), &root);
        let project = Self { _folder, root };
        let manifest = fs::read_to_string(project.root.join("Cargo.toml")).unwrap();
        let own = format!("path = \"{}/", workspace().display());
        assert_eq!(manifest.matches("path = \"../../").count(), 2);
        project.write("Cargo.toml", &manifest.replace("path = \"../../", &own));
        project
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn append(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        let present = fs::read_to_string(&path).unwrap();
        fs::write(path, present + text).unwrap();
    }

    /// `cargo build --target wasm32-wasip1 --release`, as from a shell outside this workspace.
    pub(crate) fn cargo_build(&self, variables: &[(&str, &str)]) -> Output {
        let mut cargo = Command::new("cargo");
        for (name, _) in std::env::vars() {
            if name.starts_with("PYO3_")
                || name.starts_with("CARGO_") && !name.starts_with("CARGO_HOME")
            {
                cargo.env_remove(name);
            }
        }
        cargo
            .args(["build", "--target", "wasm32-wasip1", "--release"])
            // Kept between runs, so that only the project itself is rebuilt.
            .env("CARGO_TARGET_DIR", self.target())
            .envs(variables.iter().copied())
            .current_dir(&self.root)
            .output()
            .unwrap()
    }

    pub(crate) fn build(&self, variables: &[(&str, &str)]) -> String {
        let output = self.cargo_build(variables);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{printed}");
        printed
    }

    /// The module that was built.
    pub(crate) fn guest(&self) -> PathBuf {
        let name = self.root.file_name().unwrap().to_str().unwrap();
        let file = format!("wasm32-wasip1/release/{}.wasm", name.replace('-', "_"));
        self.target().join(file)
    }

    pub(crate) fn run(&self, input: &str) -> Outcome {
        let guest = self.guest();
        let engine = Engine::with_compiler(Limits::default(), Compiler::Baseline).unwrap();
        let mut instance = engine
            .load(&guest)
            .unwrap()
            .instantiate(&Options::default())
            .unwrap();
        instance.process(input.as_bytes()).unwrap()
    }

    /// One folder for all projects, so that their dependencies are built once.
    fn target(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects")
    }
}

//! Fresh projects outside this workspace, built only by Cargo.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(unix)]
mod hostile_environment;
mod project;

use std::fs;

use wadup_host::Value;

use crate::project::{PYPROJECT, PYTHON, Project, profile_as_variables};

/// A package that no index has, in a uv workspace with the guest.
const HELPER: &str = r#"
[build-system]
requires = ["setuptools==80.9.0"]
build-backend = "setuptools.build_meta"

[project]
name = "guests-helper"
version = "1"
"#;

const INPUT: &str = "{\"name\": \"Ada\", \"age\": 36}\n";

#[test]
fn a_fresh_project_is_built_by_cargo_alone_and_rebuilt_only_where_it_changed() {
    let project = Project::new("fresh-project");
    let dependencies = "dependencies = [\"pydantic==2.12.5\", \"guests-helper\"]";
    let pyproject = PYPROJECT.replace("dependencies = [\"pydantic==2.12.5\"]", dependencies);
    let sources = "[tool.uv.sources]\nguests-helper = { workspace = true }\n\
                   [tool.uv.workspace]\nmembers = [\"packages/*\"]\n";
    project.write("pyproject.toml", &format!("{pyproject}{sources}"));
    project.write("packages/helper/pyproject.toml", HELPER);
    project.write("packages/helper/guests_helper.py", "FACTOR = 1\n");
    let python = PYTHON.replace(
        "fast.double(user.age)",
        "guests_helper.FACTOR * fast.double(user.age)",
    );
    let python = format!("import guests_helper{python}");
    project.write("python/users/__init__.py", &python);

    project.build(&[]);
    let output = project.run(INPUT).result.unwrap();
    assert_eq!(
        output.tables[0].rows,
        [[Value::String("Ada".to_owned()), Value::Int64(72)]]
    );
    let lock = fs::read_to_string(project.root.join("wadup.lock")).unwrap();
    assert!(
        lock.contains("guests-helper==1 \\\n    --hash=sha256:"),
        "{lock}"
    );
    assert!(!lock.contains("file:") && !lock.contains("gästs"), "{lock}");

    let again = project.build(&[]);
    assert!(!again.contains("Compiling"), "{again}");

    project.write(
        "python/users/__init__.py",
        &python.replace("fast.double(user.age)", "-user.age"),
    );
    let edited = project.build(&[]);
    assert!(!edited.contains("Compiling wadup"), "{edited}");
    let output = project.run(INPUT).result.unwrap();
    assert_eq!(output.tables[0].rows[0][1], Value::Int64(-36));

    project.write("packages/helper/guests_helper.py", "FACTOR = 2\n");
    project.build(&[]);
    let output = project.run(INPUT).result.unwrap();
    assert_eq!(output.tables[0].rows[0][1], Value::Int64(-72));
    let changed = fs::read_to_string(project.root.join("wadup.lock")).unwrap();
    assert_ne!(lock, changed);
    let again = project.build(&[]);
    assert!(!again.contains("Compiling"), "{again}");

    project.write("packages/helper/guests_helper.py", "FACTOR = 3\n");
    let locked = project.cargo_build(&[("WADUP_LOCKED", "1")]);
    assert!(!locked.status.success());
    let printed = String::from_utf8_lossy(&locked.stderr);
    // Where the newest Python cannot be had, that is the first thing that a locked build refuses.
    let lacks_python = printed.contains("could not get the files that this build needs:");
    assert!(
        lacks_python || printed.contains("a local package"),
        "{printed}"
    );
}

#[test]
fn a_copied_example_builds_and_without_precompilation_shows_every_line() {
    let project = Project::copy_of_example("lockfile");
    let profile = profile_as_variables();
    let mut variables: Vec<(&str, &str)> = profile
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    variables.push(("WADUP_SKIP_PRECOMPILE", "1"));

    project.build(&variables);

    let sample = fs::read_to_string(project.root.join("sample.lock")).unwrap();
    let outcome = project.run(&sample);
    let output = outcome
        .result
        .unwrap_or_else(|failure| panic!("{failure}\n{}", outcome.stderr));
    assert_eq!(output.tables[0].rows.len(), 5);
    let traceback = project.run("[[package]]\nname = \"a\"").stderr;
    for line in [
        "lockfile = Lockfile.model_validate(tomllib.load(file))",
        "return cls.__pydantic_validator__.validate_python(",
    ] {
        assert!(traceback.contains(line), "{line} is not in: {traceback}");
    }
}

#[test]
fn the_same_sources_in_another_folder_build_the_same_module_and_snapshot() {
    let [first, second] = [(), ()].map(|()| {
        let project = Project::new("same-sources");
        project.build(&[]);
        let plain = fs::read(project.guest()).unwrap();
        let options = wadup_snapshot::Options::default();
        let snapshot = wadup_snapshot::take(&plain, &options).unwrap().wasm;
        (plain, snapshot)
    });

    // Printing megabytes of differences would not help.
    assert!(first.0 == second.0, "the modules differ");
    assert!(first.1 == second.1, "the snapshots differ");
}

#[test]
fn a_mistake_in_a_project_is_reported_where_it_is() {
    let project = Project::new("broken-project");

    for (pyproject, message) in [
        (
            PYPROJECT.replace("pydantic==2.12.5", "siphash24==1.9"),
            "siphash24 1.9 (required by pyproject.toml) could not be built: ",
        ),
        (
            PYPROJECT.replace("entry-point", "entrypoint"),
            "pyproject.toml",
        ),
        (
            PYPROJECT.replace("users:main", "users:mian"),
            "does not define `mian`",
        ),
        (
            format!(
                "{PYPROJECT}[tool.uv.sources]\npydantic = {{ git = 'https://example.org/x' }}\n"
            ),
            "pyproject.toml: line 10: the source of `pydantic` is the git repository",
        ),
        (
            format!(
                "{PYPROJECT}[tool.uv]\nconstraint-dependencies = ['pydantic<2.12.5']\nindx = 1\n"
            ),
            "unknown field `indx`",
        ),
    ] {
        project.write("pyproject.toml", &pyproject);
        let output = project.cargo_build(&[]);

        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{printed}");
        assert!(printed.contains(message), "{message} is not in: {printed}");
        // Cargo's output for a failing build script would hide the reason.
        assert!(!printed.contains("--- std"), "{printed}");
    }

    project.write(
        "pyproject.toml",
        &PYPROJECT.replace("pydantic==2.12.5", "pydantic==2.12.5\", \"pydantic<2"),
    );
    let output = project.cargo_build(&[]);
    let printed = String::from_utf8_lossy(&output.stderr);
    let reason = printed.find("requirements are unsatisfiable").unwrap();
    let command = printed.find("uv pip compile").unwrap();
    assert!(reason < command, "{printed}");
    assert!(
        printed.ends_with("error: build script logged errors\n"),
        "{printed}"
    );
    assert!(printed.lines().all(|line| line.len() < 300), "{printed}");

    let output = project.cargo_build(&[("TMPDIR", "/no/such/folder")]);
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(
        printed.contains("help: set TMPDIR to a folder that exists"),
        "{printed}"
    );

    project.write("pyproject.toml", PYPROJECT);
    project.write("python/users/__init__.py", "def main(:\n    pass\n");
    project.write("python/users/old.py", "print 1\n");
    project.write("python/json.py", "");
    project.write("python/.env", "TOKEN=secret");
    let printed = String::from_utf8_lossy(&project.cargo_build(&[]).stderr).into_owned();
    for message in [
        "the Python module `users` cannot be imported",
        "users/__init__.py: line 1: SyntaxError: invalid syntax",
        "users/old.py: line 1: SyntaxError: Missing parentheses",
        "python/json.py shadows the standard library's `json`",
        "python/.env is left out of the guest",
    ] {
        assert!(printed.contains(message), "{message} is not in: {printed}");
    }

    project.write("python/encodings.py", "");
    let printed = String::from_utf8_lossy(&project.cargo_build(&[]).stderr).into_owned();
    let message = "shadows the standard library's `encodings`, without which Python does not start";
    assert!(printed.contains(message), "{printed}");
}

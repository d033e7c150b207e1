//! What a project is developed with: tests, their coverage, a debugger, a prompt and profiles, all in one guest.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::scaffold::Scaffold;
use crate::{assert_complains, assert_success, stderr, stdout};

/// The entry point of the project: what it does is the first word of the input.
const PYTHON: &str = r#"
"""Does what its input says."""

import sys

import wadup


def words(content: bytes) -> list[bytes]:
    found = content.split()
    if not found:
        return [b"empty"]
    return found


def busy() -> int:
    return sum(number * number % 7 for number in range(2_000_000))


def main() -> None:
    with open("/data.bin", "rb") as file:
        content = file.read()
    what, *rest = words(content)
    if what == b"busy":
        busy()
    if what == b"break":
        breakpoint()
    if what == b"raise":
        raise ValueError("as it was asked to")
    if what == b"argv":
        print(sys.argv, flush=True)
    wadup.define_table("counts", [("words", "Int64")])
    wadup.insert_row("counts", [len(rest)])
"#;

const TESTS: [(&str, &str); 4] = [
    (
        "tests/test_guest.py",
        "from wadup import testing\n\n\
         def test_words():\n    assert testing.process(b'count a b').tables == {'counts': [{'words': 2}]}\n",
    ),
    (
        "tests/test_aborts.py",
        "import os\n\n\
         def test_before():\n    pass\n\n\
         def test_a():\n    os.abort()\n\n\
         def test_after():\n    pass\n",
    ),
    (
        "tests/test_fails.py",
        "from developed import words\n\ndef test_b():\n    assert len(words(b'a b')) == 3\n",
    ),
    ("tests/test_syntax.py", "def test_c(:\n    pass\n"),
];

/// The project, made once for all tests here.
fn project() -> &'static Scaffold {
    static PROJECT: OnceLock<Scaffold> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let scaffold = Scaffold::new("developed");
        // No package of the guest's own matters here.
        let pyproject = fs::read_to_string(scaffold.root.join("pyproject.toml")).unwrap();
        let pyproject = pyproject.replace("\"pydantic==2.12.5\"", "").replace(
            "\"pytest==9.0.1\"",
            "\"pytest==9.0.1\", \"coverage==7.17.5\", \"pytest-xdist\"",
        );
        scaffold.write("pyproject.toml", &pyproject);
        scaffold.write("python/developed/__init__.py", PYTHON);
        for (file, text) in TESTS {
            scaffold.write(file, text);
        }
        scaffold
    })
}

fn run(command: &str, arguments: &[&str]) -> Output {
    let mut program = project().command(command);
    program.arg("--release").args(arguments).output().unwrap()
}

/// Runs a command on a terminal of its own, and types `input`.
fn on_a_terminal(command: &str, arguments: &[&str], input: &str) -> String {
    // It must be built before, as a build would read what is typed.
    let program = project().command(command);
    let words = [program.get_program()]
        .into_iter()
        .chain(program.get_args());
    let mut line: String = words.map(|word| format!("'{}' ", word.display())).collect();
    line.push_str("--release ");
    line.push_str(&arguments.join(" "));
    let mut terminal = Command::new("script");
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => terminal.env(name, value),
            None => terminal.env_remove(name),
        };
    }
    let mut terminal = terminal
        .args([
            "--quiet",
            "--flush",
            "--return",
            "--command",
            &line,
            "/dev/null",
        ])
        .current_dir(&project().root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    terminal
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = terminal.wait_with_output().unwrap();
    stdout(&output).replace('\r', "")
}

#[track_caller]
fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn each_file_of_tests_runs_for_itself_and_a_test_that_traps_is_one_failed_test() {
    let all = run("test", &["--junit-xml", "report.xml"]);

    assert_eq!(all.status.code(), Some(2), "{}", stderr(&all));
    assert_contains(
        stdout(&all),
        &[
            "tests/test_aborts.py::test_a: ",
            "AssertionError: assert 2 == 3",
            "tests/test_fails.py:4: AssertionError",
            "SyntaxError: invalid syntax",
            "FAILED tests/test_aborts.py::test_a: ",
            "FAILED tests/test_fails.py\n",
            "FAILED tests/test_syntax.py\n",
            "4 files: 2 failed, 3 passed, 1 error",
        ],
    );
    let report = fs::read_to_string(project().root.join("report.xml")).unwrap();
    assert_contains(
        &report,
        &[
            "name=\"test_before\"",
            "name=\"test_after\"",
            "name=\"test_a\"><error ",
        ],
    );
    assert_complains(&all, "`pytest-xdist` is left out");
}

#[test]
fn single_tests_can_be_chosen_and_finding_none_has_a_status_of_its_own() {
    assert_success(&run("test", &["tests/test_aborts.py::test_before"]));

    let none = run("test", &["-k", "nothing", "tests/test_guest.py"]);
    assert_eq!(none.status.code(), Some(5), "{}", stdout(&none));
}

#[test]
fn an_edited_file_of_tests_runs_again_without_a_build() {
    let file = |expected: u8| format!("def test_it():\n    assert 1 == {expected}\n");
    fs::create_dir_all(project().root.join("watched")).unwrap();
    project().write("watched/test_watched.py", &file(2));
    let mut watching = project()
        .command("test")
        .args(["--release", "--watch", "watched/test_watched.py"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let mut summary = || {
        let mut lines = lines.by_ref().map(Result::unwrap);
        lines.find(|line| line.starts_with("1 file: ")).unwrap()
    };

    let first = summary();
    project().write("watched/test_watched.py", &file(1));
    let second = summary();
    watching.kill().unwrap();
    watching.wait().unwrap();

    assert_eq!(first, "1 file: 1 failed");
    assert_eq!(second, "1 file: 1 passed");
}

#[test]
fn a_watched_guest_gets_its_arguments_after_its_name() {
    project().write("argv", "argv");
    let mut watching = project()
        .command("run")
        .args(["--watch", "argv", "--", "a", "b"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);

    let printed = lines.find(|line| line.starts_with('['));
    watching.kill().unwrap();
    watching.wait().unwrap();

    assert_eq!(printed.unwrap(), "['developed.wasm', 'a', 'b']");
}

#[test]
fn tests_run_as_under_the_wadup_host_and_in_the_snapshot() {
    for host in [&["--host", "wadup"][..], &["--snapshot"]] {
        let arguments = [host, &["tests/test_guest.py"]].concat();
        let tested = run("test", &arguments);

        assert_success(&tested);
        assert_contains(stdout(&tested), &["1 file: 1 passed"]);
    }
}

#[test]
fn coverage_is_a_table_and_a_report_of_the_lines_of_the_project() {
    let tested = run(
        "test",
        &[
            "--cov=report.info",
            "tests/test_guest.py",
            "tests/test_fails.py",
        ],
    );

    assert_contains(stdout(&tested), &["python/developed/__init__.py", "TOTAL"]);
    let report = fs::read_to_string(project().root.join("report.info")).unwrap();
    assert_contains(
        &report,
        &["SF:python/developed/__init__.py", "DA:12,0", "DA:13,1"],
    );
}

#[test]
fn pdb_stops_in_the_entry_point_at_breakpoints_and_after_an_exception() {
    let input = |text: &str| {
        let name = text.split(' ').next().unwrap().to_owned() + ".txt";
        fs::write(project().root.join(&name), text).unwrap();
        name
    };
    assert_success(&run("test", &["tests/test_guest.py"]));

    let stepped = on_a_terminal(
        "debug",
        &[&input("count a b")],
        "break words\ncontinue\np content\ncontinue\n",
    );
    assert_contains(
        &stepped,
        &["main()", "words()", "b'count a b'", "counts: 1 rows"],
    );

    let stopped = on_a_terminal(
        "debug",
        &["--continue", &input("break a")],
        "p rest\ncontinue\n",
    );
    assert_contains(&stopped, &["[b'a']", "counts: 1 rows"]);

    let raised = on_a_terminal("debug", &["--continue", &input("raise")], "p what\nquit\n");
    assert_contains(&raised, &["ValueError: as it was asked to", "b'raise'"]);
}

#[test]
fn the_prompt_has_the_projects_python_and_the_guests_modules() {
    assert_success(&run("test", &["tests/test_guest.py"]));

    let said = on_a_terminal(
        "shell",
        &[],
        "import developed, sys\ndeveloped.words(b'a b')\nsys.platform\nexit()\n",
    );

    assert_contains(&said, &["[b'a', b'b']", "'wasi'"]);
}

#[test]
fn a_profile_says_in_which_function_the_time_went() {
    let input = project().root.join("busy.txt");
    fs::write(&input, "busy").unwrap();
    let mut build = project().command("build");
    assert_success(&build.args(["--release", "--no-snapshot"]).output().unwrap());

    let mut profiled = project().command("run");
    let profiled = profiled.args([
        "--profile",
        "time.json",
        "--profile",
        "time.svg",
        "busy.txt",
    ]);
    assert_success(&profiled.output().unwrap());

    let read = |file| fs::read_to_string(project().root.join(file)).unwrap();
    let profile: Value = serde_json::from_str(&read("time.json")).unwrap();
    let frames = profile["shared"]["frames"].as_array().unwrap();
    let of = |name: &str| {
        frames
            .iter()
            .position(|frame| frame["name"] == name)
            .unwrap()
    };
    let (main, busy) = (of("main"), of("busy"));
    let sampled = &profile["profiles"][0];
    let stacks = sampled["samples"].as_array().unwrap().iter();
    let weights = sampled["weights"].as_array().unwrap().iter();
    let in_busy: f64 = stacks
        .zip(weights)
        .filter(|(stack, _)| {
            let stack: Vec<usize> = serde_json::from_value((*stack).clone()).unwrap();
            stack.windows(2).any(|calls| calls == [main, busy])
        })
        .filter_map(|(_, weight)| weight.as_f64())
        .sum();
    let whole = sampled["endValue"].as_f64().unwrap();
    assert!(in_busy > whole / 4.0, "{in_busy} of {whole} seconds");
    assert_contains(&read("time.svg"), &["busy (__init__.py:", "<svg "]);
}

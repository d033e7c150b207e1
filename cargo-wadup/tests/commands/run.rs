//! `cargo wadup run` as a user meets it.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use tempfile::TempDir;

use crate::{assert_complains, assert_success, stderr, stdout, wadup};

/// A guest that puts its input out as a metadata file. The input `fail` makes it print that word and return 1, `trap` makes
/// it trap, and from then on it traps whatever the input. The input `both` goes to standard output but for its third and fourth
/// byte, which go to standard error in between, and `much` goes to standard output forty times.
const GUEST: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 100) "data.bin")
  (data (i32.const 200) "metadata/rows.json")
  (func $check (param i32) (if (local.get 0) (then unreachable)))
  (func $open (param $path i32) (param $length i32) (param $flags i32) (param $rights i64) (result i32)
    (call $check (call $path_open (i32.const 3) (i32.const 0) (local.get $path) (local.get $length)
      (local.get $flags) (local.get $rights) (local.get $rights) (i32.const 0) (i32.const 12)))
    (i32.load (i32.const 12)))
  (global $broken (mut i32) (i32.const 0))
  (func $print (param $fd i32) (param $text i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $text))
    (i32.store (i32.const 4) (local.get $length))
    (call $check (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "process") (result i32) (local $fd i32) (local $length i32) (local $times i32)
    (call $check (global.get $broken))
    (local.set $fd (call $open (i32.const 100) (i32.const 8) (i32.const 0) (i64.const 2)))
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 60000))
    (call $check (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 4)))
    (call $check (call $fd_close (local.get $fd)))
    (local.set $length (i32.load (i32.const 4)))
    (if (i32.eq (i32.load (i32.const 1024)) (i32.const 0x70617274)) (then
      (global.set $broken (i32.const 1)) unreachable))
    (if (i32.eq (i32.load (i32.const 1024)) (i32.const 0x6c696166)) (then
      (call $check (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
      (return (i32.const 1))))
    (if (i32.eq (i32.load (i32.const 1024)) (i32.const 0x68746f62)) (then
      (call $print (i32.const 1) (i32.const 1024) (i32.const 2))
      (call $print (i32.const 2) (i32.const 1026) (i32.const 2))
      (call $print (i32.const 1) (i32.const 1028) (i32.sub (local.get $length) (i32.const 4)))
      (return (i32.const 0))))
    (if (i32.eq (i32.load (i32.const 1024)) (i32.const 0x6863756d)) (then
      (loop $again
        (call $print (i32.const 1) (i32.const 1024) (local.get $length))
        (br_if $again (i32.lt_u (local.tee $times (i32.add (local.get $times) (i32.const 1))) (i32.const 40))))
      (return (i32.const 0))))
    (local.set $fd (call $open (i32.const 200) (i32.const 18) (i32.const 9) (i64.const 64)))
    (call $check (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $check (call $fd_close (local.get $fd)))
    (i32.const 0)))"#;

const ROWS: &str = r#"{"tables": [{"name": "t", "columns": [{"name": "a", "data_type": "Int64"}]}],
    "rows": [{"table_name": "t", "values": [{"Int64": 7}]}, {"table_name": "t", "values": [{"Int64": 8}]}]}"#;

/// A folder with the guest and inputs.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path("guest.wasm"), wat::parse_str(GUEST).unwrap()).unwrap();
        fs::write(folder.path("good"), ROWS).unwrap();
        fs::write(folder.path("bad"), "fail\n").unwrap();
        fs::write(folder.path("trap"), "trap").unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `cargo wadup run` with these arguments, in this folder.
    fn run(&self, arguments: &[&str]) -> Output {
        wadup("run")
            .args(arguments)
            .current_dir(self.0.path())
            .env("WADUP_CACHE_DIR", self.path("cache"))
            .output()
            .unwrap()
    }
}

#[test]
fn prints_the_rows() {
    let output = Folder::new().run(&["guest.wasm", "good"]);
    assert_success(&output);
    assert_eq!(stdout(&output), "t\na\n7\n8\n");
    assert_eq!(stderr(&output), "");
}

#[test]
fn failing_inputs_are_reported_and_the_others_processed() {
    let output = Folder::new().run(&[
        "guest.wasm",
        "good",
        "bad",
        "missing",
        "good",
        "--format",
        "csv",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "input,a\ngood,7\ngood,8\ngood,7\ngood,8\n");
    assert!(
        stderr(&output).starts_with("fail\nbad: the guest returned 1\nmissing: "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_table_with_other_columns_from_another_instance_is_a_failure_of_its_input() {
    let folder = Folder::new();
    let other = ROWS.replace("\"a\"", "\"b\"");
    fs::write(folder.path("other"), other).unwrap();

    // After a trap, a new instance continues, which does not know the table.
    let output = folder.run(&["guest.wasm", "good", "trap", "other", "--format", "csv"]);

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "input,a\ngood,7\ngood,8\n");
    assert_complains(
        &output,
        "other: table `t` was defined before with other columns",
    );
}

#[test]
fn timings_are_the_last_line() {
    let output = Folder::new().run(&["--timings", "guest.wasm", "good"]);
    assert_success(&output);
    let lines: Vec<&str> = stdout(&output).lines().collect();
    assert_eq!(lines[..4], ["t", "a", "7", "8"]);
    let figures: Vec<(&str, &str)> = lines[4]
        .split(", ")
        .map(|figure| figure.split_once(": ").unwrap())
        .collect();
    let names: Vec<&str> = figures.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["rows", "guest", "instantiate", "first call", "second call"]
    );
    assert_eq!(figures[0].1, "2");
    for (_, figure) in &figures[2..] {
        figure.strip_suffix(" ms").unwrap().parse::<f64>().unwrap();
    }
}

#[test]
fn failed_first_calls_print_no_timings() {
    let output = Folder::new().run(&["--timings", "guest.wasm", "bad"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
}

#[test]
fn limits_reach_the_guest() {
    let output = Folder::new().run(&["--fuel", "10", "guest.wasm", "good"]);
    assert_eq!(output.status.code(), Some(1));
    assert_complains(&output, "good: out of fuel: 10 units were not enough");
}

#[test]
fn compiled_code_is_cached() {
    let folder = Folder::new();
    folder.run(&["guest.wasm", "good"]);
    assert_eq!(
        fs::read_dir(folder.path("cache/compiled")).unwrap().count(),
        1
    );
}

#[test]
fn a_new_instance_continues_after_a_trap() {
    let output = Folder::new().run(&["guest.wasm", "trap", "good"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "t\na\n7\n8\n");
    assert!(stderr(&output).starts_with("trap: "), "{}", stderr(&output));
}

#[test]
fn several_instances_report_in_the_order_of_the_inputs() {
    let folder = Folder::new();
    let row = |number: usize| {
        ROWS.replace('7', &number.to_string()).replace(
            ", {\"table_name\": \"t\", \"values\": [{\"Int64\": 8}]}",
            "",
        )
    };
    let names: Vec<String> = (0..20).map(|number| format!("input-{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        let content = if number % 5 == 3 {
            "fail\n".to_owned()
        } else {
            row(number)
        };
        fs::write(folder.path(name), content).unwrap();
    }
    let mut arguments = vec!["--jobs", "4", "--capture", "--format", "csv", "guest.wasm"];
    arguments.extend(names.iter().map(String::as_str));

    let output = folder.run(&arguments);

    assert_eq!(output.status.code(), Some(1));
    let (failed, succeeded): (Vec<usize>, Vec<usize>) = (0..20).partition(|number| number % 5 == 3);
    let rows: String = succeeded
        .iter()
        .map(|number| format!("input-{number},{number}\n"))
        .collect();
    assert_eq!(stdout(&output), format!("input,a\n{rows}"));
    let reports: String = failed
        .iter()
        .map(|number| format!("fail\ninput-{number}: the guest returned 1\n"))
        .collect();
    assert_eq!(stderr(&output), reports);
}

#[test]
fn guest_output_is_complete_and_in_order() {
    let folder = Folder::new();
    fs::write(folder.path("both"), "both\nend").unwrap();
    let much = format!("much{}\n", "x".repeat(50_000));
    fs::write(folder.path("much"), &much).unwrap();

    let output = folder.run(&["guest.wasm", "both", "both", "bad", "much"]);

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
    let expected = format!(
        "both\nend\nboth\nend\nfail\nbad: the guest returned 1\n{}",
        much.repeat(40)
    );
    assert!(stderr(&output) == expected, "{:.200}", stderr(&output));
}

#[test]
fn captured_output_is_limited() {
    let folder = Folder::new();
    fs::write(folder.path("both"), "both\n").unwrap();
    fs::write(folder.path("much"), format!("much{}\n", "x".repeat(50_000))).unwrap();

    let output = folder.run(&["--capture", "guest.wasm", "both", "much"]);
    assert_success(&output);
    let (first, second) = stderr(&output).split_at(5);
    assert_eq!(first, "bo\nth");
    assert_eq!(
        second.split_once("\n[").unwrap().1,
        format!(
            "{} more bytes were dropped: 1048576 of each stream are kept]\n",
            40 * 50_005 - 1_048_576
        )
    );

    let output = folder.run(&["--capture=2", "guest.wasm", "bad"]);
    assert_eq!(
        stderr(&output),
        "fa\n[3 more bytes were dropped: 2 of each stream are kept]\nbad: the guest returned 1\n"
    );
}

#[test]
fn several_instances_never_mix_lines() {
    let folder = Folder::new();
    let names: Vec<String> = (0..40).map(|number| format!("input-{number}")).collect();
    let text = |number: usize| format!("both {number}\n").repeat(50);
    for (number, name) in names.iter().enumerate() {
        fs::write(folder.path(name), text(number)).unwrap();
    }
    let mut arguments = vec!["--jobs", "4", "guest.wasm"];
    arguments.extend(names.iter().map(String::as_str));

    let output = folder.run(&arguments);

    assert_success(&output);
    let mut lines: Vec<&str> = stderr(&output).lines().collect();
    lines.sort_unstable();
    let expected: String = (0..40).map(text).collect();
    let mut expected: Vec<&str> = expected.lines().collect();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

#[test]
fn sizes_accept_units() {
    let output = Folder::new().run(&["--max-memory", "64 KiB", "guest.wasm", "good"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("error: cannot instantiate the guest: "),
        "{}",
        stderr(&output)
    );

    let output = Folder::new().run(&[
        "--max-memory",
        "128 KiB",
        "--stack",
        "1 MiB",
        "guest.wasm",
        "good",
    ]);
    assert_success(&output);
}

#[test]
fn the_files_of_a_guest_have_limits() {
    // The guest writes one file.
    for (option, enough, too_few, what) in [
        ("--max-files", "1", "0", "0 files"),
        ("--max-file-bytes", "1 KiB", "1", "1 bytes in files"),
    ] {
        let folder = Folder::new();
        assert_success(&folder.run(&[option, enough, "guest.wasm", "good"]));

        let output = folder.run(&[option, too_few, "guest.wasm", "good"]);
        assert_eq!(output.status.code(), Some(1));
        let expected = format!("the guest exceeded its limit of {what}");
        assert!(stderr(&output).contains(&expected), "{}", stderr(&output));
    }
}

#[test]
fn modules_that_are_not_guests_are_errors() {
    let folder = Folder::new();
    fs::write(folder.path("none.wasm"), "none").unwrap();
    let output = folder.run(&["none.wasm", "good"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("error: cannot compile none.wasm: "),
        "{}",
        stderr(&output)
    );
}

/// A guest's package around the folder, as Cargo sees it, with the guest where Cargo puts what it builds.
fn package(folder: &Folder, profile: &str) {
    fs::create_dir_all(folder.path("src")).unwrap();
    fs::write(folder.path("src/lib.rs"), "").unwrap();
    fs::create_dir_all(folder.path("wadup-guest/src")).unwrap();
    fs::write(folder.path("wadup-guest/src/lib.rs"), "").unwrap();
    fs::write(
        folder.path("wadup-guest/Cargo.toml"),
        "[package]\nname = \"wadup-guest\"\n",
    )
    .unwrap();
    fs::write(
        folder.path("Cargo.toml"),
        "[package]\nname = \"my-users\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n\
         [dependencies]\nwadup-guest = { path = \"wadup-guest\" }\n",
    )
    .unwrap();
    let built = folder.path("target/wasm32-wasip1").join(profile);
    fs::create_dir_all(&built).unwrap();
    fs::copy(folder.path("guest.wasm"), built.join("my_users.wasm")).unwrap();
}

#[test]
fn default_guest_is_the_last_build_of_this_folders_package() {
    for profile in ["release", "debug"] {
        let folder = Folder::new();
        package(&folder, profile);
        let output = folder.run(&["good"]);
        assert_success(&output);
        assert_eq!(stdout(&output), "t\na\n7\n8\n");
    }
}

#[test]
fn release_builds_run_their_snapshot_and_a_missing_one_is_an_error() {
    let folder = Folder::new();
    package(&folder, "release");
    let output = folder.run(&["--snapshot", "good"]);
    assert_eq!(output.status.code(), Some(1));
    assert_complains(&output, "cargo wadup build --snapshot");

    let built = folder.path("target/wasm32-wasip1/release");
    fs::write(built.join("my_users.snapshot.wasm"), "none").unwrap();
    let output = folder.run(&["good"]);
    assert_complains(&output, "my_users.snapshot.wasm");
    assert!(folder.run(&["--no-snapshot", "good"]).status.success());
}

#[test]
fn missing_guest_and_package_are_reported() {
    let output = Folder::new().run(&["good"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("error: no GUEST.wasm is given, and there is no Cargo.toml"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn other_commands_find_the_guest_like_run() {
    let folder = Folder::new();
    package(&folder, "release");
    let built = folder.path("target/wasm32-wasip1/release");
    let command = |command: &str, arguments: &[&str]| {
        let output = wadup(command)
            .args(arguments)
            .current_dir(folder.path("src"))
            .output()
            .unwrap();
        format!("{}{}", stdout(&output), stderr(&output))
    };

    for name in ["size", "check", "sbom"] {
        let with_name = command(name, &["../target/wasm32-wasip1/release/my_users.wasm"]);
        let found = command(name, &[]);
        assert!(found.contains("my_users.wasm"), "{found}");
        // The name is all that differs: the one is relative to this folder.
        assert_eq!(
            found.lines().count(),
            with_name.lines().count(),
            "{found}{with_name}"
        );

        let unwanted = command(name, &["--snapshot"]);
        assert!(
            unwanted.contains("cargo wadup build --snapshot"),
            "{unwanted}"
        );
    }

    fs::write(built.join("my_users.snapshot.wasm"), "none").unwrap();
    for name in ["size", "check", "sbom"] {
        let found = command(name, &[]);
        assert!(found.contains("my_users.snapshot.wasm"), "{found}");
    }
}

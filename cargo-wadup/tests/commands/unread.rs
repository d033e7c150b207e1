//! Output that nobody reads, as of `cargo wadup doctor | true`.

use std::io;

use crate::{stderr, wadup};

#[test]
fn a_command_whose_output_nobody_reads_ends_without_a_word() {
    let store = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 4] = [
        &["completions", "bash"],
        &["doctor"],
        &["man"],
        &["store", "list"],
    ];
    for command in commands {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);

        let output = wadup(command[0])
            .args(&command[1..])
            .env("WADUP_CACHE_DIR", store.path())
            .stdout(writer)
            .output()
            .unwrap();

        assert_eq!(output.status.code(), Some(1), "{command:?}");
        assert_eq!(stderr(&output), "", "{command:?}");
    }
}

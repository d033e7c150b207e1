//! The guest `snapshot`: each instance has its own random numbers and its own host, whenever its interpreter was started.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use wadup_host::{Guest, Host, Options, Output, Value};
use wadup_snapshot::{Error, Finding, Read, Snapshot};

use crate::instances::{Built, pass, passes, rows};

/// The module of the guest that reads while it is imported.
const READS: &str = include_str!("../../../guests/snapshot/python/reads.py");

/// What the calls of that module get while a snapshot is taken: the host's one folder is empty and read-only.
const ANSWERS: [(&str, &str); 30] = [
    ("append", "OSError 69"),
    ("create exclusively", "OSError 69"),
    ("descriptor", "(True, 1)"),
    ("exists", "False"),
    ("isdir", "True"),
    ("listdir", "[]"),
    ("listdir here", "[]"),
    ("listdir missing", "FileNotFoundError 44"),
    ("lstat missing", "FileNotFoundError 44"),
    ("makedirs", "OSError 69"),
    ("makedirs of the folder", "None"),
    ("mkdir", "OSError 69"),
    ("open", "FileNotFoundError 44"),
    ("open above", "PermissionError 76"),
    ("open for writing", "FileNotFoundError 44"),
    ("open relative", "FileNotFoundError 44"),
    ("open the folder", "IsADirectoryError 31"),
    ("readlink", "FileNotFoundError 44"),
    ("rename", "FileNotFoundError 44"),
    ("rmdir", "FileNotFoundError 44"),
    ("scandir", "[]"),
    ("scandir missing", "FileNotFoundError 44"),
    ("stat", "'4 0 0.0'"),
    ("stat missing", "FileNotFoundError 44"),
    ("symlink", "OSError 69"),
    ("unlink", "FileNotFoundError 44"),
    ("utime", "FileNotFoundError 44"),
    ("walk", "[('/', [], [])]"),
    ("write", "OSError 69"),
    ("write to the embedded", "OSError 69"),
];

/// What an instance reports under wasmtime, with arguments and variables.
fn moments(guest: &Guest) -> BTreeMap<String, String> {
    let options = Options {
        environment: [
            ("FROM_HOST", "größer"),
            ("SET_BY_GUEST", "host"),
            ("", "C:=C:"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        arguments: ["moments", "größer"].map(str::to_owned).into(),
        ..Options::default()
    };
    told(guest, &options)
}

fn told(guest: &Guest, options: &Options) -> BTreeMap<String, String> {
    let mut instance = guest.instantiate(options).unwrap();
    let (output, _) = pass(&mut instance, "");
    pass(&mut instance, "");
    pairs(&output, "moments")
}

/// What the calls of `reads.py` got while the guest was initialized.
fn answers(guest: &Guest) -> BTreeMap<String, String> {
    let mut instance = guest.instantiate(&Options::default()).unwrap();
    let (output, _) = pass(&mut instance, "");
    pairs(&output, "answers")
}

/// The rows of a table of two columns.
fn pairs(output: &Output, table: &str) -> BTreeMap<String, String> {
    rows(output, table)
        .into_iter()
        .map(|row| match &row[..] {
            [Value::String(what), Value::String(value)] => (what.clone(), value.clone()),
            other => panic!("{other:?}"),
        })
        .collect()
}

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    if built.is_snapshot() {
        let expected = ANSWERS.map(|(call, answer)| (call.to_owned(), answer.to_owned()));
        assert_eq!(answers(guest), BTreeMap::from(expected));
        check_findings();
    }

    let [first, second] = [moments(guest), moments(guest)];

    for what in ["random", "urandom", "openssl", "uuid4", "node", "temporary"] {
        assert_ne!(first[what], second[what], "{what} in two instances");
    }
    for told in [&first, &second] {
        assert_eq!(told["variable"], "größer");
        assert_eq!(told["variables"], "['', 'FROM_HOST', 'SET_BY_GUEST']");
        assert_eq!(told["arguments"], "['moments', 'größer']");
        assert_eq!(told["original arguments"], told["arguments"]);
        // Preloading costs a guest without a snapshot nothing: it imports what it uses.
        assert_eq!(
            told["decimal"],
            if built.is_snapshot() { "True" } else { "False" }
        );
    }

    let under_wadup = [(); 2].map(|()| {
        let host = Host::Wadup;
        let options = Options {
            host,
            ..Options::default()
        };
        told(guest, &options)
    });
    for told in &under_wadup {
        assert_eq!(told["variables"], "['SET_BY_GUEST']");
        assert_eq!(told["arguments"], "['']");
    }
    // The entropy of that host is zeros.
    for what in ["random", "urandom", "uuid4"] {
        let [first, second] = under_wadup.each_ref().map(|told| &told[what]);
        assert_eq!(first, second, "{what} in two instances");
    }
}

/// The line of `reads.py` on which `text` is written, as the place of a finding.
fn place(text: &str, function: &str) -> Option<String> {
    let line = READS.lines().position(|line| line.contains(text));
    let line = line.unwrap_or_else(|| panic!("no line has `{text}`")) + 1;
    Some(format!("/wadup/app/reads.py:{line} in {function}"))
}

/// Every read of `reads.py` is reported with its line, and a snapshot that may depend on nothing is refused.
fn check_findings() {
    let findings = match take_strictly("snapshot") {
        Err(Error::Findings(findings)) => findings,
        other => panic!("{other:?}"),
    };
    for (text, read) in [
        ("IN_SNAPSHOT = ", Read::Clock),
        ("URANDOM = ", Read::Entropy),
        ("GENERATOR = ", Read::Entropy),
        ("IDENTITY = ", Read::Entropy),
        ("KEY = ", Read::Entropy),
        ("OF_OPENSSL = ", Read::Entropy),
        ("DEBUG = ", Read::Environment("READS_DEBUG".to_owned())),
        ("INPUT = ", Read::Input),
        ("HOSTS = ", Read::File("/etc/hosts".to_owned())),
    ] {
        let place = place(text, "<module>");
        let finding = Finding { read, place };
        assert!(findings.contains(&finding), "{finding:?} in {findings:#?}");
    }
    let place = place("return repr(function(", "outcome");
    for path in [
        "/",
        "/../etc/hosts",
        "/cache",
        "/data.log",
        "/etc",
        "/etc/hosts",
        "/link",
        "/lock",
        "/new.txt",
        "/old.txt",
        "/settings.toml",
    ] {
        let read = Read::File(path.to_owned());
        let place = place.clone();
        let finding = Finding { read, place };
        assert!(findings.contains(&finding), "{finding:?} in {findings:#?}");
    }
}

/// Takes a snapshot of a guest that may read nothing but what is known to be harmless.
fn take_strictly(name: &str) -> Result<Snapshot, Error> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../wasm32-wasip1/release");
    let wasm = fs::read(folder.join(name).with_extension("wasm")).unwrap();
    let options = wadup_snapshot::Options {
        strict: true,
        baseline: true,
    };
    wadup_snapshot::take(&wasm, &options)
}

/// For a guest that asserts everything by itself, and whose packages read nothing worth reporting.
pub(crate) fn passes_and_depends_on_nothing(built: &Built) {
    if built.is_snapshot() {
        let taken = take_strictly("scientific");
        assert!(taken.is_ok(), "{}", taken.unwrap_err());
    }
    passes(built);
}

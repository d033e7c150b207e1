//! The guest `filesystem`: the embedded files, without and beside those of a host.

use std::fs;
use std::path::Path;

use wadup_runner::{Guest, Host, Options, Preopen, Root};

use crate::instances::{Built, HOSTS};

/// Fills a folder of the host with what the guest looks for; a file stands where the guest has its own.
fn host_folder(notes: &Path) {
    fs::create_dir_all(notes).unwrap();
    fs::write(notes.join("todo.txt"), "first\nsecond\n").unwrap();
}

fn run(guest: &Guest, options: &Options) {
    eprintln!("{options:?}");
    let mut instance = guest.instantiate(options).unwrap();
    for _ in 0..2 {
        let call = instance.call("process").unwrap();
        assert_eq!(call.end, Ok(0), "{}", call.stderr);
    }
}

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        run(
            guest,
            &Options {
                host,
                root: Root::None,
                ..Options::default()
            },
        );

        let root = tempfile::tempdir().unwrap();
        host_folder(&root.path().join("notes"));
        let shadowed = root.path().join("wadup/app/filesystem");
        fs::create_dir_all(&shadowed).unwrap();
        fs::write(shadowed.join("data.txt"), "the host's").unwrap();
        run(
            guest,
            &Options {
                host,
                root: Root::Folder(root.path().to_path_buf()),
                ..Options::default()
            },
        );
        assert_eq!(
            fs::read_to_string(root.path().join("notes/new.txt")).unwrap(),
            "written by the guest"
        );
        assert_eq!(
            fs::read_to_string(shadowed.join("data.txt")).unwrap(),
            "the host's"
        );
    }

    let notes = tempfile::tempdir().unwrap();
    host_folder(notes.path());
    let preopens = vec![Preopen {
        host: notes.path().to_path_buf(),
        guest: "/notes".into(),
    }];
    run(
        guest,
        &Options {
            host: Host::Standard,
            preopens,
            ..Options::default()
        },
    );
    assert_eq!(
        fs::read_to_string(notes.path().join("new.txt")).unwrap(),
        "written by the guest"
    );
}

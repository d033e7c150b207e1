//! The files of the guest `stdlib`: its own, without and beside those of a host.

use std::fs;
use std::path::Path;

use wadup_host::{Guest, Host, Options, Preopen, Root};

use crate::instances::{Built, HOSTS};

/// Fills a folder of the host with what the guest looks for.
fn host_folder(notes: &Path) {
    fs::create_dir_all(notes).unwrap();
    fs::write(notes.join("todo.txt"), "first\nsecond\n").unwrap();
}

fn run(guest: &Guest, options: &Options) {
    eprintln!("{options:?}");
    let mut instance = guest.instantiate(options).unwrap();
    for _ in 0..2 {
        let call = instance.call("filesystem").unwrap();
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

    // Beside the folder that is open lies a file that is not, and a link leads there.
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.txt");
    fs::write(&secret, "secret").unwrap();
    let notes = outside.path().join("notes");
    host_folder(&notes);
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.txt", notes.join("link-out")).unwrap();
    let preopens = vec![Preopen {
        host: notes.clone(),
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
        fs::read_to_string(notes.join("new.txt")).unwrap(),
        "written by the guest"
    );
    assert_eq!(fs::read_to_string(&secret).unwrap(), "secret");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 2);
}

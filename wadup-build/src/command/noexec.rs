//! Detects programs that cannot run because their file system is mounted noexec.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the file system with `program` is mounted, if it is mounted noexec.
///
/// Only Linux reports this; on other systems the result is always `None`.
pub(super) fn mount_of(program: &Path) -> Option<PathBuf> {
    let program = program.canonicalize().ok()?;
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    let (mount, options) = innermost(&mounts, &program)?;
    options
        .split(',')
        .any(|option| option == "noexec")
        .then_some(mount)
}

/// The mount that contains a file, with its options. Of two mounts at one path, the later hides the earlier (fstab(5)).
fn innermost<'a>(mounts: &'a str, file: &Path) -> Option<(PathBuf, &'a str)> {
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            let mount = PathBuf::from(unescaped(fields.next()?));
            let options = fields.nth(1)?;
            file.starts_with(&mount).then_some((mount, options))
        })
        .max_by_key(|(mount, _)| mount.components().count())
}

/// Decodes a field of the table, which writes space, tab, newline and backslash in octal.
fn unescaped(field: &str) -> String {
    [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ]
    .iter()
    .fold(field.to_owned(), |text, (octal, letter)| {
        text.replace(octal, letter)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::Command;

    use super::*;
    use crate::command::Program;
    use crate::environment::Tool;

    /// An in-memory file system mounted noexec.
    struct Mount(tempfile::TempDir);

    impl Mount {
        /// Returns `None` if this user cannot mount file systems.
        fn new() -> Option<Self> {
            let folder = tempfile::tempdir().unwrap();
            Command::new("mount")
                .args(["-t", "tmpfs", "-o", "noexec,size=1m", "none"])
                .arg(folder.path())
                .output()
                .is_ok_and(|mounted| mounted.status.success())
                .then_some(Self(folder))
        }
    }

    impl Drop for Mount {
        fn drop(&mut self) {
            drop(Command::new("umount").arg(self.0.path()).status());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn noexec_error_names_the_mount_and_the_variables() {
        use std::os::unix::fs::PermissionsExt;
        let Some(mount) = Mount::new() else {
            // Written directly, because the test harness captures `eprintln!`.
            writeln!(
                std::io::stderr(),
                "skipped: this user may not mount a file system"
            )
            .unwrap();
            return;
        };
        let folder = mount.0.path().canonicalize().unwrap();
        let uv = folder.join("uv");
        fs::write(&uv, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&uv, fs::Permissions::from_mode(0o755)).unwrap();

        let named = Program::new(Tool::Uv, &uv, "testing").run();
        let relative = Program::new(Tool::Make, "./uv", "testing")
            .current_dir(&folder)
            .run();

        for refused in [named, relative] {
            let error = refused.unwrap_err().to_string();
            let place = format!(
                "the file system at `{}` is mounted noexec",
                folder.display()
            );
            assert!(error.contains(&place), "{error}");
            assert!(
                error.contains("\nhelp: ") && error.contains("WADUP_CACHE_DIR"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_innermost_and_latest_mount_decides() {
        let mounts = "none / ext4 rw 0 0\n\
                      none /my\\040store tmpfs rw,exec 0 0\n\
                      none /my\\040store tmpfs rw,noexec,relatime 0 0\n";

        let of = |file: &str| innermost(mounts, Path::new(file)).unwrap();

        assert_eq!(
            of("/my store/uv"),
            ("/my store".into(), "rw,noexec,relatime")
        );
        assert_eq!(of("/my storehouse/uv"), ("/".into(), "rw"));
    }
}

//! Waits for changes of Python files: looks at their sizes and times, which works on every file system.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// Size and time of each file.
type Seen = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Watches folders.
pub(crate) struct Watch {
    folders: Vec<PathBuf>,
    seen: Seen,
}

impl Watch {
    /// Begins to watch the folders. Those that do not exist may come later.
    pub(crate) fn new<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Self {
        let folders: Vec<PathBuf> = folders.into_iter().map(Path::to_owned).collect();
        Self {
            seen: look(&folders),
            folders,
        }
    }

    /// Waits until Python files have changed since the last wait, and no more do.
    pub(crate) fn wait(&mut self) {
        let shown: Vec<String> = self
            .folders
            .iter()
            .map(|folder| format!("`{}`", folder.display()))
            .collect();
        eprintln!("waiting for changes in {} ...", shown.join(" and "));
        let mut last = look(&self.folders);
        loop {
            let is_changed = last != self.seen;
            thread::sleep(PAUSE);
            let now = look(&self.folders);
            if is_changed && now == last {
                self.seen = now;
                return;
            }
            last = now;
        }
    }
}

/// The Python files in the folders. What cannot be read is not there.
fn look(folders: &[PathBuf]) -> Seen {
    let mut seen = Seen::new();
    let mut left = folders.to_vec();
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "py") {
                seen.insert(path, (metadata.len(), metadata.modified().ok()));
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_new_python_file_ends_the_wait() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new([folder.path()]);

        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/users.py"), "1").unwrap();
        watch.wait();
        fs::write(folder.path().join("deep/users.py"), "22").unwrap();
        watch.wait();
    }

    #[test]
    fn only_python_files_count() {
        let folder = tempfile::tempdir().unwrap();
        let before = look(&[folder.path().to_owned()]);

        fs::write(folder.path().join("notes.txt"), "").unwrap();

        assert_eq!(look(&[folder.path().to_owned()]), before);
    }
}

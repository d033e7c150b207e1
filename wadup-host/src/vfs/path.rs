//! Where a path leads in the tree.

use super::answer::{Answer, Errno};
use super::tree::{Id, Kind, MAX_NAME, Tree};

/// The longest path, `PATH_MAX` of most systems.
pub(crate) const MAX_PATH: usize = 4096;

/// How many symbolic links one path may lead through.
const MAX_LINKS: usize = 40;

/// Where a path ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The folder of the last name.
    pub(crate) folder: Id,
    /// The last name; empty if the path ends in the folder itself, as `.` does.
    pub(crate) name: String,
    /// What has this name, if anything has.
    pub(crate) node: Option<Id>,
    /// Whether only a folder may be there, because the path ends with a slash.
    pub(crate) is_folder: bool,
}

impl Place {
    /// What is there.
    pub(crate) fn found(&self) -> Answer<Id> {
        Ok(self.node.ok_or(Errno::Noent)?)
    }
}

impl Tree {
    /// Follows `path` from the folder `start`, which it may not leave; `follow` says whether a link at the end is followed.
    pub(crate) fn resolve(&self, start: Id, path: &str, follow: bool) -> Answer<Place> {
        if path.is_empty() {
            return Err(Errno::Noent.into());
        }
        check(path)?;
        let mut is_folder = path.ends_with('/') || path.ends_with("/.");
        let mut links = MAX_LINKS;
        let mut passed = vec![start];
        let mut pending: Vec<&str> = names(path).collect();
        let mut folder = start;
        while let Some(name) = pending.pop() {
            if name == ".." {
                passed.pop();
                folder = *passed.last().ok_or(Errno::Perm)?;
                continue;
            }
            if name.len() > MAX_NAME {
                return Err(Errno::Nametoolong.into());
            }
            let is_last = pending.is_empty();
            let Some(id) = self.folder(folder)?.get(name) else {
                if !is_last {
                    return Err(Errno::Noent.into());
                }
                return Ok(Place {
                    folder,
                    name: name.to_owned(),
                    node: None,
                    is_folder,
                });
            };
            match &self.get(id)?.kind {
                Kind::Link(target) if !is_last || follow || is_folder => {
                    links = links.checked_sub(1).ok_or(Errno::Loop)?;
                    check(target)?;
                    is_folder |= is_last && target.ends_with('/');
                    pending.extend(names(target));
                }
                kind if is_last => {
                    if is_folder && !matches!(kind, Kind::Folder(_)) {
                        return Err(Errno::Notdir.into());
                    }
                    return Ok(Place {
                        folder,
                        name: name.to_owned(),
                        node: Some(id),
                        is_folder,
                    });
                }
                Kind::Folder(_) => {
                    passed.push(id);
                    folder = id;
                }
                _ => return Err(Errno::Notdir.into()),
            }
        }
        Ok(Place {
            folder,
            name: String::new(),
            node: Some(folder),
            is_folder,
        })
    }

    pub(crate) fn make_folder(&mut self, at: &Place) -> Answer {
        self.create(at.folder, &at.name, Kind::Folder(Default::default()))?;
        Ok(())
    }

    pub(crate) fn remove_file(&mut self, at: &Place) -> Answer {
        if self.is_folder(at.found()?) {
            return Err(Errno::Isdir.into());
        }
        self.unlink(at.folder, &at.name)
    }

    pub(crate) fn remove_folder(&mut self, at: &Place) -> Answer {
        if !self.folder(at.found()?)?.is_empty() {
            return Err(Errno::Notempty.into());
        }
        if at.name.is_empty() {
            return Err(Errno::Inval.into());
        }
        self.unlink(at.folder, &at.name)
    }

    /// Renames, and replaces what is there already as POSIX's `rename` does.
    pub(crate) fn rename(&mut self, from: &Place, to: &Place) -> Answer {
        let moved = from.found()?;
        if from.name.is_empty() || to.name.is_empty() {
            return Err(Errno::Inval.into());
        }
        if to.is_folder && !self.is_folder(moved) {
            return Err(Errno::Notdir.into());
        }
        if to.node == Some(moved) {
            return Ok(());
        }
        if self.is_folder(moved) && self.contains(moved, to.folder)? {
            return Err(Errno::Inval.into());
        }
        // Nothing is changed before it is known that the entry has a place.
        self.check_takes_entries(to.folder)?;
        if let Some(replaced) = to.node {
            match (self.is_folder(moved), self.is_folder(replaced)) {
                (true, false) => return Err(Errno::Notdir.into()),
                (false, true) => return Err(Errno::Isdir.into()),
                (true, true) => self.remove_folder(to)?,
                (false, false) => self.unlink(to.folder, &to.name)?,
            }
        }
        self.move_entry((from.folder, &from.name), (to.folder, &to.name))
    }

    /// Whether `folder` is `outer` or below it.
    fn contains(&self, outer: Id, folder: Id) -> Answer<bool> {
        let mut pending = vec![outer];
        while let Some(id) = pending.pop() {
            if id == folder {
                return Ok(true);
            }
            let entries = self.folder(id)?.after(0);
            pending.extend(
                entries
                    .map(|(_, _, id)| id)
                    .filter(|&id| self.is_folder(id)),
            );
        }
        Ok(false)
    }
}

/// The root folder is all that a guest has: no path may begin there again, as wasmtime-wasi has it.
fn check(path: &str) -> Answer {
    if path.len() > MAX_PATH {
        return Err(Errno::Nametoolong.into());
    }
    if path.starts_with('/') {
        return Err(Errno::Perm.into());
    }
    Ok(())
}

/// The names of a path, the last one first.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit('/')
        .filter(|name| !name.is_empty() && *name != ".")
}

#[cfg(test)]
mod tests;

//! What passes between the host and the guest's folder: the input goes in, tables and sub-content come out.

use std::sync::Arc;

use wadup_contract::file::{INPUT, METADATA, SUB_CONTENT, TEMPORARY};

use super::tree::{Id, Kind, ROOT, Tree};
use super::{Answer, Fault, MAX_PATH, Vfs};
use crate::folder::{Files, in_order};

impl Vfs {
    /// Makes the entries that the WADUP host prepares, as far as they are not there, and replaces the input as a whole: a descriptor
    /// of the old one keeps the old bytes.
    pub(crate) fn put_input(&mut self, input: Arc<[u8]>) -> wasmtime::Result<()> {
        let put = |tree: &mut Tree| -> Answer {
            for folder in [METADATA, SUB_CONTENT, TEMPORARY] {
                let name = name(folder);
                match tree.folder(ROOT)?.get(name) {
                    Some(id) if tree.is_folder(id) => {}
                    other => {
                        if other.is_some() {
                            tree.unlink(ROOT, name)?;
                        }
                        tree.create(ROOT, name, Kind::Folder(Default::default()))?;
                    }
                }
            }
            tree.replace(ROOT, name(INPUT), input)
        };
        self.tree.without_limit_on_names(put).map_err(unexpected)
    }

    /// Takes what the guest left for the host out of its folders.
    pub(crate) fn take(&mut self) -> wasmtime::Result<Files> {
        let mut take = |folder| -> Answer<_> {
            match self.tree.folder(ROOT)?.get(name(folder)) {
                Some(id) if self.tree.is_folder(id) => take(&mut self.tree, id),
                _ => Ok(Vec::new()),
            }
        };
        let mut files = || -> Answer<Files> {
            Ok(Files {
                metadata: take(METADATA)?,
                sub_content: take(SUB_CONTENT)?,
                exceeded: None,
            })
        };
        files().map_err(unexpected)
    }
}

/// The name in the root folder of one of the contract's absolute paths.
fn name(path: &str) -> &str {
    path.trim_start_matches('/')
}

/// Takes all files below `folder`; its own folders stay. Folders may be nested deeply enough that the paths of their files take more
/// memory than the files: what lies deeper than any path reaches is one file without bytes, which is not valid.
fn take(tree: &mut Tree, folder: Id) -> Answer<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut folders = vec![(folder, String::new())];
    while let Some((folder, path)) = folders.pop() {
        let entries = tree.folder(folder)?.after(0);
        let entries: Vec<(String, Id)> =
            entries.map(|(_, name, id)| (name.to_owned(), id)).collect();
        for (name, id) in entries {
            let below = format!("{path}{name}");
            if below.len() > MAX_PATH {
                tree.remove_all(folder, &name)?;
                found.push((path.clone(), Vec::new()));
            } else if tree.is_folder(id) {
                folders.push((id, below + "/"));
            } else {
                found.push((below, tree.take(folder, &name)?));
            }
        }
    }
    in_order(&mut found);
    Ok(found)
}

/// The host itself gives neither names nor sizes that the tree refuses, so this is a fault of this crate.
fn unexpected(fault: Fault) -> wasmtime::Error {
    match fault {
        Fault::Errno(errno) => wasmtime::format_err!("the guest's folder answers {errno:?}"),
        Fault::Stop(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn prepared() -> Vfs {
        let mut vfs = Vfs::new(&Limits::default(), true);
        vfs.put_input(Arc::from(&b"old"[..])).unwrap();
        vfs
    }

    /// Writes a file, in folders that are made for it.
    fn write(vfs: &mut Vfs, path: &str, bytes: &[u8]) {
        let mut folder = ROOT;
        let mut names: Vec<&str> = path.split('/').collect();
        let last = names.pop().unwrap();
        for name in names {
            folder = match vfs.tree.folder(folder).unwrap().get(name) {
                Some(id) => id,
                None => vfs
                    .tree
                    .create(folder, name, Kind::Folder(Default::default()))
                    .unwrap(),
            };
        }
        let empty = Kind::File(super::super::tree::Content::Own(Vec::new()));
        let id = vfs.tree.create(folder, last, empty).unwrap();
        vfs.tree.write(id, 0, bytes).unwrap();
    }

    fn names(files: Files) -> Vec<String> {
        files.metadata.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn files_are_taken_once_and_in_order() {
        let mut vfs = prepared();
        for name in ["10.json", "9.json", "deeper/1.json"] {
            write(&mut vfs, &format!("metadata/{name}"), name.as_bytes());
        }

        let first = vfs.take().unwrap();
        let second = vfs.take().unwrap();

        assert_eq!(first.metadata[0].1, b"9.json");
        assert_eq!(names(first), ["9.json", "10.json", "deeper/1.json"]);
        assert!(names(second).is_empty());
    }

    #[test]
    fn an_open_input_keeps_its_bytes() {
        let mut vfs = prepared();
        let opened = vfs
            .tree
            .resolve(ROOT, "data.bin", true)
            .unwrap()
            .found()
            .unwrap();
        vfs.tree.open(opened).unwrap();

        vfs.put_input(Arc::from(&b"new and longer"[..])).unwrap();

        let now = vfs
            .tree
            .resolve(ROOT, "data.bin", true)
            .unwrap()
            .found()
            .unwrap();
        assert_eq!(vfs.tree.content(opened).unwrap(), b"old");
        assert_eq!(vfs.tree.content(now).unwrap(), b"new and longer");
    }

    #[test]
    fn a_link_made_by_the_guest_is_not_followed() {
        let mut vfs = prepared();
        write(&mut vfs, "tmp/secret", b"secret");
        let metadata = vfs
            .tree
            .resolve(ROOT, "metadata", true)
            .unwrap()
            .found()
            .unwrap();
        let link = Kind::Link("../tmp/secret".into());
        vfs.tree.create(metadata, "rows.json", link).unwrap();

        let files = vfs.take().unwrap();

        assert_eq!(files.metadata, [("rows.json".to_owned(), Vec::new())]);
    }

    #[test]
    fn what_the_guest_did_to_the_prepared_folders_is_undone() {
        let mut vfs = prepared();
        vfs.tree.remove_all(ROOT, "metadata").unwrap();
        vfs.tree.remove_all(ROOT, "data.bin").unwrap();
        write(&mut vfs, "metadata", b"a file instead");
        write(&mut vfs, "data.bin/inside", b"a folder instead");

        assert!(names(vfs.take().unwrap()).is_empty());
        vfs.put_input(Arc::from(&b"new"[..])).unwrap();

        let input = vfs
            .tree
            .resolve(ROOT, "data.bin", true)
            .unwrap()
            .found()
            .unwrap();
        assert_eq!(vfs.tree.content(input).unwrap(), b"new");
        write(&mut vfs, "metadata/rows.json", b"{}");
        assert_eq!(names(vfs.take().unwrap()), ["rows.json"]);
    }

    #[test]
    fn a_guest_that_has_used_up_its_names_gets_the_next_input() {
        let mut vfs = Vfs::new(&Limits::default().files(1), true);
        vfs.put_input(Arc::from(&b"old"[..])).unwrap();
        vfs.tree.remove_all(ROOT, "tmp").unwrap();
        vfs.tree.remove_all(ROOT, "data.bin").unwrap();
        for name in ["one", "two", "three"] {
            write(&mut vfs, name, b"");
        }

        vfs.put_input(Arc::from(&b"new"[..])).unwrap();

        assert!(vfs.tree.resolve(ROOT, "tmp", true).unwrap().node.is_some());
    }

    #[test]
    fn folders_nested_deeper_than_a_path_reaches_cost_no_more_than_one_path() {
        let mut vfs = prepared();
        let name = "n".repeat(255);
        let deep = vec![name.as_str(); 40].join("/");
        for file in 0..10 {
            write(&mut vfs, &format!("metadata/{deep}/{file}"), b"");
        }

        let files = vfs.take().unwrap();

        assert_eq!(files.metadata.len(), 1);
        assert!(files.metadata[0].0.len() <= MAX_PATH);
    }
}

//! Compiled guests on disk. This is the only module that gives bytes to wasmtime as machine code.
//!
//! A file holds wasmtime's serialized module, the first contents of the guest's memory, the position of these, and the SHA-256 of all
//! that. Its name is the hash of the guest and of everything in the engine that decides how code is generated. A file that does not
//! match is compiled again and replaced. Code and contents are mapped, so that processes share their memory.

#![allow(unsafe_code)]

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use wasmtime::{Engine, Module};

use crate::error::Error;
use crate::memory::{Initial, WASM_PAGE};

const DIGEST_BYTES: usize = 32;
const EXTENSION: &str = "compiled";

/// Old files are removed when the total would exceed this. A guest with a Python interpreter in it is about 60 MB of machine code.
const MAXIMUM_BYTES: u64 = 4 << 30;

/// A folder of compiled guests.
#[derive(Clone, Debug)]
pub(crate) struct CodeCache {
    folder: PathBuf,
}

impl CodeCache {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The file for one guest, which may not exist.
    pub(crate) fn entry(
        &self,
        engine: &Engine,
        wasm: &[u8],
        initial: Option<&Initial<'_>>,
    ) -> Entry {
        let mut compatibility = DefaultHasher::new();
        engine
            .precompile_compatibility_hash()
            .hash(&mut compatibility);
        let key = Sha256::new()
            .chain_update(compatibility.finish().to_le_bytes())
            .chain_update(format(initial))
            .chain_update(wasm)
            .finalize();
        let name: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        Entry {
            cache: self.clone(),
            path: self.folder.join(name).with_extension(EXTENSION),
            contents: initial.map_or(0, Initial::length),
        }
    }

    /// Removes the files written longest ago until `wanted` more bytes fit.
    ///
    /// Other processes do the same and publish files meanwhile, so a file that was just listed may be gone.
    fn make_room(&self, wanted: u64) -> Result<(), Error> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(Error::file("list", &self.folder))? {
            let path = entry.map_err(Error::file("list", &self.folder))?.path();
            if path
                .extension()
                .is_none_or(|extension| extension != EXTENSION)
            {
                continue;
            }
            let age = fs::metadata(&path).and_then(|file| Ok((file.modified()?, file.len())));
            if let Some((modified, length)) =
                unless_gone(age).map_err(Error::file("read", &path))?
            {
                files.push((modified, length, path));
            }
        }
        files.sort();
        let mut total: u64 = wanted + files.iter().map(|(_, length, _)| length).sum::<u64>();
        for (_, length, path) in files {
            if total <= MAXIMUM_BYTES {
                break;
            }
            unless_gone(fs::remove_file(&path)).map_err(Error::file("remove", &path))?;
            total -= length;
        }
        Ok(())
    }
}

/// The file for one guest.
pub(crate) struct Entry {
    cache: CodeCache,
    path: PathBuf,
    /// The size of the contents of its memory.
    contents: usize,
}

impl Entry {
    /// Nothing if the file does not exist, or is not as it was written.
    pub(crate) fn open(&self) -> Option<Code> {
        let mut file = File::open(&self.path).ok()?;
        let position = contents(&mut file, self.contents).ok()??;
        Some(Code { file, position })
    }

    /// The lock for this file.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let folder = &self.cache.folder;
        fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
        let path = self.path.with_extension("lock");
        let file = File::create(&path).map_err(Error::file("create", &path))?;
        file.lock().map_err(Error::file("lock", &path))?;
        Ok(Lock { path, _file: file })
    }

    /// Publishes the file by rename, so that another process never reads half of one.
    pub(crate) fn write(&self, module: &Module, contents: &[u8]) -> Result<(), Error> {
        let Self { cache, path, .. } = self;
        let mut bytes = module.serialize().map_err(|error| Error::Compile {
            guest: path.display().to_string(),
            reason: format!("{error:#}"),
        })?;
        // wasmtime takes the code to its end, and does not mind what follows.
        bytes.resize(bytes.len().next_multiple_of(WASM_PAGE), 0);
        let position = bytes.len() as u64;
        bytes.extend_from_slice(contents);
        bytes.extend_from_slice(&position.to_le_bytes());
        cache.make_room(bytes.len() as u64)?;
        let mut file = NamedTempFile::new_in(&cache.folder)
            .map_err(Error::file("create a file in", &cache.folder))?;
        file.write_all(&bytes)
            .and_then(|()| file.write_all(&Sha256::digest(&bytes)))
            .map_err(Error::file("write", file.path()))?;
        file.persist(path)
            .map_err(|error| Error::file("write", path)(error.error))?;
        Ok(())
    }
}

/// A file as it was written.
pub(crate) struct Code {
    file: File,
    position: u64,
}

impl Code {
    /// The file, and where in it the contents of the memory are.
    pub(crate) fn contents(&self) -> Option<(File, u64)> {
        Some((self.file.try_clone().ok()?, self.position))
    }

    /// The module, or nothing if it was written for another engine.
    pub(crate) fn module(self, engine: &Engine) -> Option<Module> {
        // SAFETY: this must only be given what `Module::serialize` returned, in a file that does not change while it is mapped. Files
        // of this name are written by `Entry::write` alone, which writes exactly that first, into a folder that only trusted processes
        // may write to; it publishes by rename and never changes a file. The digest detects files that were cut or damaged since, and
        // it was taken of this very file. wasmtime itself checks that its version and settings are the same.
        unsafe { Module::deserialize_open_file(engine, self.file) }.ok()
    }
}

/// A lock that ends with its holder, even if that is killed.
pub(crate) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Drop for Lock {
    /// Whoever waits for the removed file looks into the cache once it has the lock; at worst, two compile.
    fn drop(&mut self) {
        fs::remove_file(&self.path).ok();
    }
}

/// Nothing if the file does not exist.
fn unless_gone<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some),
    }
}

/// How a file is laid out, and what of the memory is in it.
fn format(initial: Option<&Initial<'_>>) -> String {
    let [address, length] = initial.map_or([0, 0], |of| [of.address(), of.length()]);
    format!("2 {} {address} {length}", initial.is_some())
}

/// Where the contents of the memory are, or nothing if the file is not as it was written, with so many bytes of them.
fn contents(file: &mut File, length: usize) -> io::Result<Option<u64>> {
    let whole = file.metadata()?.len();
    let Some(mut left) = whole.checked_sub(DIGEST_BYTES as u64) else {
        return Ok(None);
    };
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let part = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut buffer[..part])?;
        digest.update(&buffer[..part]);
        left -= part as u64;
    }
    let mut expected = [0; DIGEST_BYTES];
    file.read_exact(&mut expected)?;
    if digest.finalize().as_slice() != expected {
        return Ok(None);
    }
    let mut position = [0; size_of::<u64>()];
    let trailer = (position.len() + DIGEST_BYTES) as u64;
    file.seek(SeekFrom::Start(whole.saturating_sub(trailer)))?;
    file.read_exact(&mut position)?;
    let position = u64::from_le_bytes(position);
    let is_whole = position.checked_add(length as u64 + trailer) == Some(whole);
    Ok((is_whole && position.is_multiple_of(WASM_PAGE as u64)).then_some(position))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn files_may_come_and_go_while_room_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CodeCache::new(folder.path().into());
        let other = folder.path().join("other").with_extension(EXTENSION);
        let done = AtomicBool::new(false);

        let made = thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let file = NamedTempFile::new_in(folder.path()).unwrap();
                    file.persist(&other).unwrap();
                    fs::remove_file(&other).unwrap();
                }
            });
            let made = (0..5000).try_for_each(|_| cache.make_room(1));
            done.store(true, Ordering::Relaxed);
            made
        });

        made.unwrap();
    }
}

//! Compiled guests on disk. This is the only module that gives bytes to wasmtime as machine code.
//!
//! A file holds wasmtime's serialized module, the first contents of the guest's memory, the position of these, and the SHA-256 of all
//! that. Its name is the hash of the guest and of everything in the engine that decides how code is generated. A file that does not
//! match is compiled again and replaced. Code and contents are mapped, so that processes share their memory.

#![allow(unsafe_code)]

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use wasmtime::Module;

use crate::engine::Engine;
use crate::error::Error;
use crate::guest::Compiled;
use crate::memory::{Initial, Source, WASM_PAGE};

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

    /// The guest from the cache (and `true`), or else from `compile`; it is kept for the next time then.
    pub(crate) fn get_or_compile(
        &self,
        engine: &Engine,
        wasm: &[u8],
        initial: Option<&Initial<'_>>,
        compile: impl FnOnce() -> Result<Compiled, Error>,
    ) -> Result<(Compiled, bool), Error> {
        let path = self.path(engine, wasm, initial);
        if let Some(compiled) = read(engine, &path, initial) {
            return Ok((compiled, true));
        }
        // Of several processes that start at the same time, one compiles.
        let _lock = self.lock(&path)?;
        if let Some(compiled) = read(engine, &path, initial) {
            return Ok((compiled, true));
        }
        let compiled = compile()?;
        let contents = initial.map(Initial::contents).unwrap_or_default();
        self.write(&path, &compiled.module, &contents)?;
        Ok((compiled, false))
    }

    fn path(&self, engine: &Engine, wasm: &[u8], initial: Option<&Initial<'_>>) -> PathBuf {
        let mut compatibility = DefaultHasher::new();
        let hash = engine.wasmtime.precompile_compatibility_hash();
        hash.hash(&mut compatibility);
        let key = Sha256::new()
            .chain_update(compatibility.finish().to_le_bytes())
            .chain_update(format(initial))
            .chain_update(wasm)
            .finalize();
        let name: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(name).with_extension(EXTENSION)
    }

    /// The lock for one file.
    fn lock(&self, path: &Path) -> Result<Lock, Error> {
        fs::create_dir_all(&self.folder).map_err(Error::file("create", &self.folder))?;
        let path = path.with_extension("lock");
        let file = File::create(&path).map_err(Error::file("create", &path))?;
        file.lock().map_err(Error::file("lock", &path))?;
        Ok(Lock { path, _file: file })
    }

    /// Publishes the file by rename, so that another process never reads half of one.
    fn write(&self, path: &Path, module: &Module, contents: &[u8]) -> Result<(), Error> {
        let mut bytes = module.serialize().map_err(|error| Error::Compile {
            guest: path.display().to_string(),
            reason: format!("{error:#}"),
        })?;
        // wasmtime takes the code to its end, and does not mind what follows.
        bytes.resize(bytes.len().next_multiple_of(WASM_PAGE), 0);
        let position = bytes.len() as u64;
        bytes.extend_from_slice(contents);
        bytes.extend_from_slice(&position.to_le_bytes());
        self.make_room(bytes.len() as u64)?;
        let mut file = NamedTempFile::new_in(&self.folder)
            .map_err(Error::file("create a file in", &self.folder))?;
        file.write_all(&bytes)
            .and_then(|()| file.write_all(&Sha256::digest(&bytes)))
            .map_err(Error::file("write", file.path()))?;
        file.persist(path)
            .map_err(|error| Error::file("write", path)(error.error))?;
        Ok(())
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

/// A lock that ends with its holder, even if that is killed.
struct Lock {
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

/// The guest in the file, or nothing if the file does not exist or was not written for this engine.
fn read(engine: &Engine, path: &Path, initial: Option<&Initial<'_>>) -> Option<Compiled> {
    let mut file = File::open(path).ok()?;
    let position = contents(&mut file, initial.map_or(0, Initial::length)).ok()??;
    let engine = match initial {
        Some(initial) => {
            let file = file.try_clone().ok()?;
            let source = Source::in_file(initial, file, position).ok()?;
            engine.with_memories(source).ok()?
        }
        None => engine.clone(),
    };
    // SAFETY: this must only be given what `Module::serialize` returned, in a file that does not change while it is mapped. Files of
    // this name are written by `CodeCache::write` alone, which writes exactly that first, into a folder that only trusted processes may
    // write to; it publishes by rename and never changes a file. The digest detects files that were cut or damaged since, and it was
    // taken of this very file. wasmtime itself checks that its version and settings are the same.
    let module = unsafe { Module::deserialize_open_file(&engine.wasmtime, file) }.ok()?;
    Compiled::new(engine, module).ok()
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

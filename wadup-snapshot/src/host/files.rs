//! The files of a guest during its initialization: the three standard streams, and `/`, an empty read-only folder.
//!
//! Each call of WASI preview 1 with a descriptor or a path gets the answer that such a folder gives, and each path that is looked up
//! is recorded.

use std::collections::BTreeMap;

use wasmtime::{Caller, FuncType, Linker, Result, Val};

use super::{PREVIEW_1, State, memory, record, write};
use crate::finding::Read;

/// How many bytes an initialization may print.
const OUTPUT_BYTES: usize = 16 << 20;

/// The descriptor of `/`, the one preopened folder.
const PREOPENED: u32 = 3;

/// An `errno` of WASI preview 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Errno(i32);

impl Errno {
    const SUCCESS: Self = Self(0);
    const BADF: Self = Self(8);
    const BUSY: Self = Self(10);
    const EXIST: Self = Self(20);
    const INVAL: Self = Self(28);
    const ISDIR: Self = Self(31);
    const NOENT: Self = Self(44);
    const NOTDIR: Self = Self(54);
    const NOTSUP: Self = Self(58);
    const PERM: Self = Self(63);
    const ROFS: Self = Self(69);
    const SPIPE: Self = Self(70);
    const NOTCAPABLE: Self = Self(76);
}

// Of the flags of WASI preview 1: `filetype`, `oflags` and `rights`.
const UNKNOWN: u8 = 0;
const DIRECTORY: u8 = 3;
const CREATE: u32 = 1;
const EXCLUSIVE: u32 = 1 << 2;
const TRUNCATE: u32 = 1 << 3;
const READ: u64 = 1 << 1;
const WRITE: u64 = 1 << 6;
/// `path_open`, `fd_readdir`, `path_readlink`, `path_filestat_get`, `fd_filestat_get`.
const FOLDER: u64 = 1 << 13 | 1 << 14 | 1 << 15 | 1 << 18 | 1 << 21;

/// What a descriptor stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Input,
    Output,
    Error,
    Folder,
}

/// What is open, and what was printed.
pub(super) struct Files {
    open: BTreeMap<u32, Open>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Files {
    pub(super) fn new() -> Self {
        let open = [Open::Input, Open::Output, Open::Error, Open::Folder];
        Self {
            open: (0..).zip(open).collect(),
            stdout: Vec::new(),
            stderr: Vec::new(),
        }
    }

    /// What was printed so far, standard output first.
    pub(super) fn printed(&self) -> String {
        [&self.stdout, &self.stderr]
            .map(|stream| String::from_utf8_lossy(stream).into_owned())
            .concat()
    }

    /// Opens the folder again, under the lowest free number.
    fn open_folder(&mut self) -> u32 {
        let number = (0..).find(|number| !self.open.contains_key(number));
        let number = number.unwrap_or(u32::MAX);
        self.open.insert(number, Open::Folder);
        number
    }
}

/// Why a call fails.
enum Refusal {
    Errno(Errno),
    /// It ends the initialization.
    Trap(wasmtime::Error),
}

impl From<Errno> for Refusal {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<wasmtime::Error> for Refusal {
    fn from(error: wasmtime::Error) -> Self {
        Self::Trap(error)
    }
}

type Answer<T = ()> = std::result::Result<T, Refusal>;

/// A call of the guest, with its parameters.
struct Call<'a, 'b> {
    caller: &'a mut Caller<'b, State>,
    parameters: &'a [Val],
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The folder itself.
    Folder,
    /// A name in it, which does not exist.
    Nothing,
}

impl Call<'_, '_> {
    fn word(&self, index: usize) -> u32 {
        let value = self.parameters.get(index).and_then(Val::i32);
        value.unwrap_or_default().cast_unsigned()
    }

    fn long(&self, index: usize) -> u64 {
        let value = self.parameters.get(index).and_then(Val::i64);
        value.unwrap_or_default().cast_unsigned()
    }

    /// What the first parameter, a descriptor, stands for.
    fn open(&self) -> Answer<Open> {
        self.open_at(0)
    }

    fn open_at(&self, index: usize) -> Answer<Open> {
        let open = self.caller.data().files.open.get(&self.word(index));
        Ok(*open.ok_or(Errno::BADF)?)
    }

    /// The bytes that the guest has at `address`; a pointer outside its memory is a trap.
    fn bytes(&mut self, address: u32, length: u32) -> Answer<Vec<u8>> {
        let memory = memory(self.caller)?;
        let (from, length) = (address as usize, length as usize);
        let bytes = memory.data(&*self.caller).get(from..from + length);
        let outside =
            || wasmtime::format_err!("{length} bytes at {from} are outside of the memory");
        Ok(bytes.ok_or_else(outside)?.to_vec())
    }

    /// The addresses and lengths of a list of buffers: the second parameter is its address, the third its length.
    fn buffers(&mut self) -> Answer<Vec<(u32, u32)>> {
        let bytes = self.bytes(self.word(1), self.word(2).saturating_mul(8))?;
        let (words, _) = bytes.as_chunks::<4>();
        let words: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
        let (pairs, _) = words.as_chunks::<2>();
        Ok(pairs
            .iter()
            .map(|[address, length]| (*address, *length))
            .collect())
    }

    /// Writes a result to the address in the parameter.
    fn put(&mut self, index: usize, bytes: &[u8]) -> Answer {
        write(self.caller, self.word(index), bytes)?;
        Ok(())
    }

    /// What a path leads to: its folder is the parameter `folder`, its address the parameter `path`, its length the one after that.
    fn look_up(&mut self, folder: usize, path: usize) -> Answer<Target> {
        if self.open_at(folder)? != Open::Folder {
            return Err(Errno::NOTDIR.into());
        }
        let bytes = self.bytes(self.word(path), self.word(path + 1))?;
        let path = String::from_utf8_lossy(&bytes).into_owned();
        let target = target(&path);
        let name = if target == Ok(Target::Folder) {
            ""
        } else {
            &path
        };
        record(self.caller, Read::File(format!("/{name}")))?;
        Ok(target?)
    }
}

/// What `path` leads to, seen from the folder.
fn target(path: &str) -> std::result::Result<Target, Errno> {
    let first = path.split('/').find(|part| !["", "."].contains(part));
    match first {
        None if path.is_empty() => Err(Errno::NOENT),
        None => Ok(Target::Folder),
        Some("..") => Err(Errno::NOTCAPABLE),
        Some(_) => Ok(Target::Nothing),
    }
}

/// Links `name`, a function of preview 1 with the type `function`, if it concerns files.
pub(super) fn link(linker: &mut Linker<State>, name: &str, function: FuncType) -> Result<()> {
    let Some(answer) = answer_of(name) else {
        return Ok(());
    };
    linker.func_new(
        PREVIEW_1,
        name,
        function,
        move |mut caller, parameters, results| {
            let errno = match answer(&mut Call {
                caller: &mut caller,
                parameters,
            }) {
                Ok(()) => Errno::SUCCESS,
                Err(Refusal::Errno(errno)) => errno,
                Err(Refusal::Trap(error)) => return Err(error),
            };
            results.fill(Val::I32(errno.0));
            Ok(())
        },
    )?;
    Ok(())
}

fn answer_of(name: &str) -> Option<fn(&mut Call<'_, '_>) -> Answer> {
    Some(match name {
        "fd_advise" | "fd_datasync" | "fd_sync" => synchronize,
        "fd_allocate" | "fd_pwrite" => refuse_writing,
        "fd_close" => close,
        "fd_fdstat_get" => descriptor_status,
        "fd_fdstat_set_flags" => set_flags,
        "fd_fdstat_set_rights" | "fd_renumber" => not_supported,
        "fd_filestat_get" => status,
        "fd_filestat_set_size" => set_size,
        "fd_filestat_set_times" => set_times,
        "fd_pread" | "fd_read" => read,
        "fd_prestat_dir_name" => preopened_name,
        "fd_prestat_get" => preopened,
        "fd_readdir" => list,
        "fd_seek" | "fd_tell" => seek,
        "fd_write" => print,
        "path_create_directory" => |call| create(call, 0, 1),
        "path_filestat_get" => path_status,
        "path_filestat_set_times" => |call| change(call, 2, Errno::ROFS),
        "path_link" => |call| change(call, 2, Errno::PERM),
        "path_open" => open,
        "path_readlink" => |call| change(call, 1, Errno::INVAL),
        "path_remove_directory" | "path_rename" => |call| change(call, 1, Errno::BUSY),
        "path_symlink" => |call| create(call, 2, 3),
        "path_unlink_file" => |call| change(call, 1, Errno::ISDIR),
        _ => return None,
    })
}

/// There are no unwritten changes, and advice may be ignored.
fn synchronize(call: &mut Call<'_, '_>) -> Answer {
    match call.open()? {
        Open::Folder => Ok(()),
        Open::Input | Open::Output | Open::Error => Err(Errno::INVAL.into()),
    }
}

fn refuse_writing(call: &mut Call<'_, '_>) -> Answer {
    match call.open()? {
        // POSIX has this for a descriptor that is not open for writing.
        Open::Folder => Err(Errno::BADF.into()),
        Open::Input | Open::Output | Open::Error => Err(Errno::SPIPE.into()),
    }
}

fn close(call: &mut Call<'_, '_>) -> Answer {
    let number = call.word(0);
    let closed = call.caller.data_mut().files.open.remove(&number);
    closed.ok_or(Errno::BADF)?;
    Ok(())
}

fn descriptor_status(call: &mut Call<'_, '_>) -> Answer {
    let (kind, rights, inherited) = match call.open()? {
        Open::Input => (UNKNOWN, READ, 0),
        Open::Output | Open::Error => (UNKNOWN, WRITE, 0),
        // libc drops rights that are not passed on. With all of them, a request to write is refused here and not dropped on its way.
        Open::Folder => (DIRECTORY, FOLDER, u64::MAX),
    };
    let mut bytes = [0; 24];
    bytes[0] = kind;
    bytes[8..16].copy_from_slice(&rights.to_le_bytes());
    bytes[16..].copy_from_slice(&inherited.to_le_bytes());
    call.put(1, &bytes)
}

fn set_flags(call: &mut Call<'_, '_>) -> Answer {
    call.open()?;
    Ok(())
}

fn not_supported(call: &mut Call<'_, '_>) -> Answer {
    call.open()?;
    Err(Errno::NOTSUP.into())
}

/// A `filestat`. The device and the number are the same on every machine, and all times are 0.
fn file_status(open: Open) -> [u8; 64] {
    let mut bytes = [0; 64];
    if open == Open::Folder {
        // The device, the number of the file and the number of its links.
        for at in [0, 8, 24] {
            bytes[at] = 1;
        }
        bytes[16] = DIRECTORY;
    }
    bytes
}

fn status(call: &mut Call<'_, '_>) -> Answer {
    let status = file_status(call.open()?);
    call.put(1, &status)
}

fn set_size(call: &mut Call<'_, '_>) -> Answer {
    call.open()?;
    Err(Errno::INVAL.into())
}

fn set_times(call: &mut Call<'_, '_>) -> Answer {
    match call.open()? {
        Open::Folder => Err(Errno::ROFS.into()),
        Open::Input | Open::Output | Open::Error => Err(Errno::BADF.into()),
    }
}

fn read(call: &mut Call<'_, '_>) -> Answer {
    match call.open()? {
        Open::Input => {
            record(call.caller, Read::Input)?;
            call.put(call.parameters.len() - 1, &0_u32.to_le_bytes())
        }
        Open::Output | Open::Error => Err(Errno::BADF.into()),
        Open::Folder => Err(Errno::ISDIR.into()),
    }
}

fn preopened(call: &mut Call<'_, '_>) -> Answer {
    check_preopened(call)?;
    // A directory (0, with padding), and the length of its name.
    call.put(1, &[0, 0, 0, 0, 1, 0, 0, 0])
}

fn preopened_name(call: &mut Call<'_, '_>) -> Answer {
    check_preopened(call)?;
    if call.word(2) == 0 {
        return Err(Errno::INVAL.into());
    }
    call.put(1, b"/")
}

fn check_preopened(call: &Call<'_, '_>) -> Answer {
    match (call.word(0), call.open()?) {
        (PREOPENED, Open::Folder) => Ok(()),
        _ => Err(Errno::BADF.into()),
    }
}

/// Lists `.` and `..`, the entries of an empty folder, from the cookie on; cut off where the buffer ends.
fn list(call: &mut Call<'_, '_>) -> Answer {
    if call.open()? != Open::Folder {
        return Err(Errno::NOTDIR.into());
    }
    record(call.caller, Read::File("/".to_owned()))?;
    let mut entries = Vec::new();
    for (next, name) in (1_u64..).zip([".", ".."]) {
        if next > call.long(3) {
            entries.extend(next.to_le_bytes());
            entries.extend(1_u64.to_le_bytes());
            entries.extend((name.len() as u32).to_le_bytes());
            entries.extend([DIRECTORY, 0, 0, 0]);
            entries.extend(name.bytes());
        }
    }
    entries.truncate(call.word(2) as usize);
    call.put(1, &entries)?;
    call.put(4, &(entries.len() as u32).to_le_bytes())
}

fn seek(call: &mut Call<'_, '_>) -> Answer {
    match call.open()? {
        Open::Folder => Err(Errno::ISDIR.into()),
        Open::Input | Open::Output | Open::Error => Err(Errno::SPIPE.into()),
    }
}

fn print(call: &mut Call<'_, '_>) -> Answer {
    let open = call.open()?;
    let mut text = Vec::new();
    for (address, length) in call.buffers()? {
        text.extend(call.bytes(address, length)?);
    }
    let files = &mut call.caller.data_mut().files;
    let stream = match open {
        Open::Output => &mut files.stdout,
        Open::Error => &mut files.stderr,
        Open::Input | Open::Folder => return Err(Errno::BADF.into()),
    };
    if stream.len() + text.len() > OUTPUT_BYTES {
        return Err(wasmtime::format_err!("it printed more than {OUTPUT_BYTES} bytes").into());
    }
    stream.extend(&text);
    call.put(3, &(text.len() as u32).to_le_bytes())
}

fn path_status(call: &mut Call<'_, '_>) -> Answer {
    match call.look_up(0, 2)? {
        Target::Folder => call.put(4, &file_status(Open::Folder)),
        Target::Nothing => Err(Errno::NOENT.into()),
    }
}

fn open(call: &mut Call<'_, '_>) -> Answer {
    let (flags, rights) = (call.word(4), call.long(5));
    match call.look_up(0, 2)? {
        Target::Folder if flags & CREATE != 0 && flags & EXCLUSIVE != 0 => Err(Errno::EXIST.into()),
        Target::Folder if flags & (CREATE | TRUNCATE) != 0 || rights & WRITE != 0 => {
            Err(Errno::ISDIR.into())
        }
        Target::Folder => {
            let number = call.caller.data_mut().files.open_folder();
            call.put(8, &number.to_le_bytes())
        }
        Target::Nothing if flags & CREATE != 0 => Err(Errno::ROFS.into()),
        Target::Nothing => Err(Errno::NOENT.into()),
    }
}

/// Creating something under a path.
fn create(call: &mut Call<'_, '_>, folder: usize, path: usize) -> Answer {
    match call.look_up(folder, path)? {
        Target::Folder => Err(Errno::EXIST.into()),
        Target::Nothing => Err(Errno::ROFS.into()),
    }
}

/// Changing what is at a path, in the folder that is the first parameter. For the folder itself, the answer is `errno`.
fn change(call: &mut Call<'_, '_>, path: usize, errno: Errno) -> Answer {
    match call.look_up(0, path)? {
        Target::Folder => Err(errno.into()),
        Target::Nothing => Err(Errno::NOENT.into()),
    }
}

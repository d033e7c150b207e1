//! Reads a zip's central directory without trusting a byte of it.
//!
//! Layout and field names follow PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central
//! directory) and 4.3.16 (end of the central directory).

use std::borrow::Cow;

use crate::error::{AccessError, ImageError};

const END_SIGNATURE: u32 = 0x0605_4b50;
const CENTRAL_SIGNATURE: u32 = 0x0201_4b50;
const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
/// Bytes of the end record before its comment, which is at most `u16::MAX` bytes long.
const END_LENGTH: usize = 22;
/// Deflate's best: one bit for the length code of 258 bytes, one for its distance (RFC 1951, 3.2.5).
const MOST_EXPANSION: u64 = 258 * 8 / 2;

/// One entry of the archive.
#[derive(Clone, Copy)]
pub(crate) struct ArchiveEntry<'a> {
    pub(crate) name: &'a str,
    pub(crate) content: Content<'a>,
    /// Whether the content is the path of another entry: a symbolic link.
    pub(crate) is_link: bool,
}

/// The bytes of a file as the archive holds them.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    packed: &'a [u8],
    method: Method,
    size: u32,
    checksum: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Stored,
    Deflated,
}

impl<'a> Content<'a> {
    /// The size of the file in bytes, uncompressed.
    pub(crate) fn size(&self) -> u64 {
        self.size.into()
    }

    /// The file: borrowed from the archive if it is stored there, else inflated and checked against its checksum.
    pub(crate) fn read(&self) -> Result<Cow<'a, [u8]>, AccessError> {
        if self.method == Method::Stored {
            return Ok(Cow::Borrowed(self.packed));
        }
        let size = usize::try_from(self.size).map_err(|_| AccessError::OutOfMemory)?;
        let mut contents = Vec::new();
        contents
            .try_reserve_exact(size)
            .map_err(|_| AccessError::OutOfMemory)?;
        contents.resize(size, 0);
        let packed = std::iter::once(self.packed);
        let inflated = miniz_oxide::inflate::decompress_slice_iter_to_slice(
            &mut contents,
            packed,
            false,
            true,
        );
        if inflated != Ok(size) || crc32fast::hash(&contents) != self.checksum {
            return Err(AccessError::Damaged);
        }
        Ok(Cow::Owned(contents))
    }
}

/// All entries in the order of the central directory.
pub(crate) fn entries(archive: &[u8]) -> Result<Vec<ArchiveEntry<'_>>, ImageError> {
    let end = archive
        .len()
        .checked_sub(END_LENGTH)
        .ok_or(ImageError::NotAnArchive)?;
    let earliest = end.saturating_sub(u16::MAX.into());
    let (start, directory) = (earliest..=end)
        .rev()
        .find_map(|start| Some((start, EndRecord::read(&archive[start..])?)))
        .ok_or(ImageError::NotAnArchive)?;
    let (files, mut central) = directory.locate(&archive[..start])?;
    let mut entries = Vec::with_capacity(directory.count.into());
    for _ in 0..directory.count {
        entries.push(
            CentralRecord::read(&mut central)
                .ok_or_else(short_directory)?
                .entry(files)?,
        );
    }
    if !central.0.is_empty() {
        return Err(damaged(
            "the central directory continues after its last entry",
        ));
    }
    Ok(entries)
}

/// The end record: where the central directory is.
struct EndRecord {
    disks: [u16; 2],
    count_here: u16,
    count: u16,
    size: u32,
    offset: u32,
}

impl EndRecord {
    /// Reads a record that starts with these bytes and ends with them.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.u32()? != END_SIGNATURE {
            return None;
        }
        let record = EndRecord {
            disks: [fields.u16()?, fields.u16()?],
            count_here: fields.u16()?,
            count: fields.u16()?,
            size: fields.u32()?,
            offset: fields.u32()?,
        };
        let comment = fields.u16()?;
        (fields.0.len() == usize::from(comment)).then_some(record)
    }

    /// Splits the bytes before the end record into the files and the central directory.
    fn locate<'a>(&self, before: &'a [u8]) -> Result<(&'a [u8], Fields<'a>), ImageError> {
        if self.count == u16::MAX || self.size == u32::MAX || self.offset == u32::MAX {
            return Err(unsupported("zip64"));
        }
        if self.disks != [0, 0] || self.count_here != self.count {
            return Err(unsupported("several disks"));
        }
        let parts = usize::try_from(self.offset)
            .ok()
            .and_then(|offset| before.split_at_checked(offset));
        let (files, directory) = parts.ok_or_else(short_directory)?;
        if directory.len() as u64 != u64::from(self.size) {
            return Err(damaged(
                "the central directory does not end where the end record starts",
            ));
        }
        // Checked before the allocation for the entries: each has at least its fixed fields.
        if directory.len() / CentralRecord::LEAST < self.count.into() {
            return Err(short_directory());
        }
        Ok((files, Fields(directory)))
    }
}

/// The central directory's record of one file.
struct CentralRecord<'a> {
    system: u8,
    flags: u16,
    method: u16,
    checksum: u32,
    packed_size: u32,
    size: u32,
    name: &'a [u8],
    attributes: u32,
    offset: u32,
}

impl<'a> CentralRecord<'a> {
    /// Bytes of a record without name, extra fields and comment.
    const LEAST: usize = 46;

    fn read(fields: &mut Fields<'a>) -> Option<Self> {
        if fields.u32()? != CENTRAL_SIGNATURE {
            return None;
        }
        let [_version, system] = fields.u16()?.to_le_bytes();
        fields.take(2)?;
        let flags = fields.u16()?;
        let method = fields.u16()?;
        fields.take(4)?;
        let checksum = fields.u32()?;
        let packed_size = fields.u32()?;
        let size = fields.u32()?;
        let name_length = fields.u16()?;
        let extra_length = fields.u16()?;
        let comment_length = fields.u16()?;
        fields.take(4)?;
        let attributes = fields.u32()?;
        let offset = fields.u32()?;
        let name = fields.take(name_length.into())?;
        fields.take(extra_length.into())?;
        fields.take(comment_length.into())?;
        Some(CentralRecord {
            system,
            flags,
            method,
            checksum,
            packed_size,
            size,
            name,
            attributes,
            offset,
        })
    }

    /// Checks the record and finds its bytes among the files.
    fn entry(&self, files: &'a [u8]) -> Result<ArchiveEntry<'a>, ImageError> {
        let name = str::from_utf8(self.name).map_err(|_| ImageError::Name {
            name: String::from_utf8_lossy(self.name).into_owned(),
        })?;
        if self.flags & ENCRYPTED != 0 {
            return Err(unsupported(format!("encryption, in {name:?}")));
        }
        let method = match self.method {
            0 => Method::Stored,
            8 => Method::Deflated,
            other => {
                return Err(unsupported(format!(
                    "compression method {other}, in {name:?}"
                )));
            }
        };
        let most = match method {
            Method::Stored => self.packed_size.into(),
            Method::Deflated => u64::from(self.packed_size) * MOST_EXPANSION,
        };
        if u64::from(self.size) > most
            || (method == Method::Stored && self.size != self.packed_size)
        {
            return Err(damaged(format!(
                "{name:?} cannot have the declared size with {} bytes in the zip",
                self.packed_size
            )));
        }
        let packed = self.packed(files).ok_or_else(|| {
            damaged(format!(
                "the bytes of {name:?} are not where the central directory says"
            ))
        })?;
        Ok(ArchiveEntry {
            name,
            content: Content {
                packed,
                method,
                size: self.size,
                checksum: self.checksum,
            },
            is_link: self.system == UNIX && (self.attributes >> 16) & FILE_TYPE == SYMBOLIC_LINK,
        })
    }

    /// The bytes after the local header, which must have the same name.
    fn packed(&self, files: &'a [u8]) -> Option<&'a [u8]> {
        let mut fields = Fields(files.get(usize::try_from(self.offset).ok()?..)?);
        if fields.u32()? != LOCAL_SIGNATURE {
            return None;
        }
        fields.take(22)?;
        let name_length = fields.u16()?;
        let extra_length = fields.u16()?;
        if fields.take(name_length.into())? != self.name {
            return None;
        }
        fields.take(extra_length.into())?;
        fields.take(usize::try_from(self.packed_size).ok()?)
    }
}

/// Bit 0 of the general purpose flags (4.4.4).
const ENCRYPTED: u16 = 1;
/// "Version made by": the upper half of the external attributes is a `st_mode` (4.4.2).
const UNIX: u8 = 3;
const FILE_TYPE: u32 = 0o170_000;
const SYMBOLIC_LINK: u32 = 0o120_000;

/// Little-endian fields, taken from the front; `None` once they run out.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}

fn damaged(what: impl Into<String>) -> ImageError {
    ImageError::Damaged { what: what.into() }
}

fn unsupported(feature: impl Into<String>) -> ImageError {
    ImageError::Unsupported {
        feature: feature.into(),
    }
}

fn short_directory() -> ImageError {
    damaged("the central directory is shorter than its entries")
}

#[cfg(test)]
mod tests;

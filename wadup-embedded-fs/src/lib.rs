//! A read-only file system over the bytes of a zip.
//!
//! A wadup guest carries its Python files as one zip in its data. This crate turns those bytes into what a program
//! expects of a disk: [`Image`] is the tree of files and directories, and [`Descriptors`] is the table of open ones, with the answers
//! that WASI preview 1 defines. It uses neither pointers nor a host nor I/O, so all of it can be tested on any machine;
//! `wadup-guest-sys` connects it to the libc of the guest.
//!
//! The bytes are not trusted: for any bytes, the result is an error or a consistent file system, never a panic, and no
//! allocation is larger than the bytes can account for (see [`Image::parse`]).
//!
//! ```
//! # use std::io::Write;
//! # let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
//! # writer.start_file("app/users/__init__.py", zip::write::SimpleFileOptions::default())?;
//! # writer.write_all(b"import json\n")?;
//! # let zip = writer.finish()?.into_inner();
//! use wadup_embedded_fs::{Image, Node};
//!
//! let image = Image::parse(&zip)?;
//! let file = image.lookup(Node::ROOT, "app/users/__init__.py")?;
//! assert_eq!(*image.read(file)?, *b"import json\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod archive;
mod descriptors;
mod directory;
mod error;
mod image;
mod links;
mod path;
#[cfg(test)]
mod samples;

pub use descriptors::{Descriptor, Descriptors, OpenOptions};
pub use error::{AccessError, ImageError};
pub use image::{Entry, Image, Kind, Node};

//! The four C libraries as data: the files of each crate and how to compile them.

use std::path::Path;

use crate::error::{Error, Result};
use crate::tree;

/// One static library. Its `Debug` text is an input of the recipe.
#[derive(Debug)]
pub(super) struct Library {
    /// The name in `lib<name>.a`.
    pub(super) name: &'static str,
    /// The crate that contains the sources.
    pub(super) package: &'static str,
    /// Folders whose `.c` files are compiled, and single files.
    places: &'static [&'static str],
    /// Files in those folders that are programs or variants instead of parts of the library.
    left_out: &'static [&'static str],
    pub(super) optimisation: &'static str,
    pub(super) includes: &'static [&'static str],
    pub(super) flags: &'static [&'static str],
    pub(super) header_folder: &'static str,
    headers: &'static [&'static str],
}

pub(super) const LIBRARIES: [Library; 4] = [
    Library {
        name: "z",
        package: "libz-sys",
        places: &["src/zlib/"],
        // The gz* files are stdio over zlib, which Python does not use.
        left_out: &["gzclose.c", "gzlib.c", "gzread.c", "gzwrite.c"],
        optimisation: "-O3",
        includes: &[],
        flags: &["-DHAVE_UNISTD_H"],
        header_folder: "src/zlib",
        headers: &["zlib.h", "zconf.h"],
    },
    Library {
        name: "bz2",
        package: "bzip2-sys",
        places: &[
            "bzip2-1.0.8/blocksort.c",
            "bzip2-1.0.8/bzlib.c",
            "bzip2-1.0.8/compress.c",
            "bzip2-1.0.8/crctable.c",
            "bzip2-1.0.8/decompress.c",
            "bzip2-1.0.8/huffman.c",
            "bzip2-1.0.8/randtable.c",
        ],
        left_out: &[],
        optimisation: "-O2",
        includes: &[],
        flags: &["-D_FILE_OFFSET_BITS=64"],
        header_folder: "bzip2-1.0.8",
        headers: &["bzlib.h"],
    },
    Library {
        name: "lzma",
        package: "liblzma-sys",
        places: &[
            "xz/src/liblzma/check/",
            "xz/src/liblzma/common/",
            "xz/src/liblzma/delta/",
            "xz/src/liblzma/lz/",
            "xz/src/liblzma/lzma/",
            "xz/src/liblzma/rangecoder/",
            "xz/src/liblzma/simple/",
            "xz/src/common/tuklib_cpucores.c",
            "xz/src/common/tuklib_physmem.c",
        ],
        // Table generators, variants for size, and the multi-threaded coders.
        left_out: &[
            "crc32_small.c",
            "crc64_small.c",
            "crc32_tablegen.c",
            "crc64_tablegen.c",
            "crc_clmul_consts_gen.c",
            "fastpos_tablegen.c",
            "price_tablegen.c",
            "outqueue_mt.c",
            "stream_decoder_mt.c",
            "stream_encoder_mt.c",
        ],
        optimisation: "-O2",
        includes: &[
            // The crate's own config.h.
            ".",
            "xz/src/common",
            "xz/src/liblzma/api",
            "xz/src/liblzma/check",
            "xz/src/liblzma/common",
            "xz/src/liblzma/delta",
            "xz/src/liblzma/lz",
            "xz/src/liblzma/lzma",
            "xz/src/liblzma/rangecoder",
            "xz/src/liblzma/simple",
        ],
        flags: &["-DHAVE_CONFIG_H", "-D_GNU_SOURCE"],
        header_folder: "xz/src/liblzma/api",
        headers: &["lzma.h", "lzma/"],
    },
    Library {
        name: "sqlite3",
        package: "libsqlite3-sys",
        places: &["sqlite3/sqlite3.c"],
        left_out: &[],
        // 1.7 MB of code at -O3, 1.0 MB at -Os; few guests spend their time here.
        optimisation: "-Os",
        includes: &[],
        flags: &[
            "-DSQLITE_THREADSAFE=0",
            // JSON is part of the core; full-text search is not.
            "-DSQLITE_ENABLE_FTS5",
            "-DSQLITE_ENABLE_FTS4",
            "-DSQLITE_ENABLE_RTREE",
            "-DSQLITE_ENABLE_MATH_FUNCTIONS",
            "-DSQLITE_ENABLE_COLUMN_METADATA",
            "-DSQLITE_OMIT_LOAD_EXTENSION",
            // WASI has no file locks.
            "-DSQLITE_DEFAULT_UNIX_VFS=\"unix-none\"",
        ],
        header_folder: "sqlite3",
        headers: &["sqlite3.h", "sqlite3ext.h"],
    },
];

impl Library {
    pub(super) fn archive(&self) -> String {
        format!("lib{}.a", self.name)
    }

    /// The C files, relative to the crate's folder.
    pub(super) fn sources(&self, root: &Path) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for place in self.places {
            if !place.ends_with('/') {
                found.push((*place).to_owned());
                continue;
            }
            let files = tree::files(&root.join(place))?;
            let sources = files.iter().filter(|file| {
                !file.contains('/')
                    && file.ends_with(".c")
                    && !self.left_out.contains(&file.as_str())
            });
            found.extend(sources.map(|file| format!("{place}{file}")));
        }
        if found.is_empty() {
            return Err(Error::malformed(
                root,
                format!("no sources of {}", self.name),
            ));
        }
        Ok(found)
    }

    /// The public headers, relative to the header folder.
    pub(super) fn headers(&self, root: &Path) -> Result<Vec<String>> {
        let folder = root.join(self.header_folder);
        let mut found = Vec::new();
        for header in self.headers {
            if header.ends_with('/') {
                let files = tree::files(&folder.join(header))?;
                found.extend(
                    files
                        .iter()
                        .filter(|file| file.ends_with(".h"))
                        .map(|file| format!("{header}{file}")),
                );
            } else {
                found.push((*header).to_owned());
            }
        }
        Ok(found)
    }
}

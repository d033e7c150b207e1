//! `_ctypes` over the part of libffi that describes types, which is our own.

use super::{Group, Library, Module};
use crate::patch::patches;

pub(super) const GROUP: Group = Group {
    name: "ctypes",
    version: None,
    modules: &[Module {
        name: "_ctypes",
        sources: &[
            "_ctypes/_ctypes.c",
            "_ctypes/callbacks.c",
            "_ctypes/callproc.c",
            "_ctypes/cfield.c",
            "_ctypes/stgdict.c",
        ],
        imports: &["ctypes", "struct"],
    }],
    library: Library::Files,
    patches: &patches![".": "ctypes-addresses", "ctypes-calls"],
    flags: &[
        "-DHAVE_FFI_CLOSURE_ALLOC=1",
        "-DHAVE_FFI_PREP_CLOSURE_LOC=1",
    ],
    files: &[
        ("ffi.h", include_str!("ffi/ffi.h")),
        ("ffi.c", include_str!("ffi/ffi.c")),
    ],
};

//! `_ssl` and `_hashlib` over OpenSSL.

use super::{Group, Library, Module, openssl};

pub(super) const GROUP: Group = Group {
    name: "openssl",
    version: Some(openssl::VERSION),
    modules: &[
        Module {
            name: "_hashlib",
            sources: &["_hashopenssl.c"],
            imports: &[],
        },
        Module {
            name: "_ssl",
            sources: &["_ssl.c"],
            // hashlib uses the library where it is.
            imports: &["_hashlib", "_socket"],
        },
    ],
    // CPython requires a library that threads can share. A guest has one thread.
    flags: &["-DOPENSSL_THREADS", "-includesocket.h"],
    library: Library::OpenSsl,
    patches: &[],
    files: &[("socket.h", include_str!("socket.h"))],
};

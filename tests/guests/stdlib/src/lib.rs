//! A guest that uses much of the standard library, and reads its own files and those of its host.

wadup_guest::wadup_python! {
    exports: { filesystem: "filesystem:main" },
}

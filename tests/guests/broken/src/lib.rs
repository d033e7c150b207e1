//! A guest with an export whose module cannot be imported.

wadup_guest::wadup_python! {
    exports: { cannot_be_imported: "broken:main" },
}

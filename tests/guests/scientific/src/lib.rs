//! A guest that uses pandas, and NumPy by itself.

wadup_guest::wadup_python! {
    exports: { arrays: "arrays:main" },
}

//! A guest with nothing but the standard library.

wadup_guest::wadup_python! {}

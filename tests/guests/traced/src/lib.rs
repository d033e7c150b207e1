//! A guest with only those modules of the standard library that its imports reach, or that it names.

wadup_guest::wadup_python! {}

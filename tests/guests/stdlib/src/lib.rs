//! A guest that uses much of the standard library.

wadup_guest::wadup_python! {}

//! A guest that tells of its beginnings.

wadup_guest::wadup_python! {}

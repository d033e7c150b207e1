//! A guest that uses native packages, each built from its own source.

wadup_guest::wadup_python! {}

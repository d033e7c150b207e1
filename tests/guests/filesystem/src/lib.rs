//! A guest that reads its own files and those of its host.

wadup_guest::wadup_python! {}

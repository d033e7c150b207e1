//! A guest whose Python is packages of several files.

wadup_guest::wadup_python! {}

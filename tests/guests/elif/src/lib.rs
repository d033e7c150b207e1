//! A guest that compiles a long chain of branches.

wadup_guest::wadup_python! {}

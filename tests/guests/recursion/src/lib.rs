//! A guest that recurses without end, in Python and in C.

wadup_guest::wadup_python! {}

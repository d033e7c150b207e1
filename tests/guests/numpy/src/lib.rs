//! A guest that uses NumPy.

wadup_guest::wadup_python! {}

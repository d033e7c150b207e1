//! A program that runs one file of NumPy's own tests.

wadup_guest::wadup_python! {}

//! A program that runs one file of CPython's own tests.

wadup_guest::wadup_python! {}

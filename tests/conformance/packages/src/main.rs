//! A program that runs one file of a package's own tests.

wadup_guest::wadup_python! {}

//! A program that runs one file of pandas's own tests.

wadup_guest::wadup_python! {}

//! A program that runs one file of pydantic-core's own tests.

wadup_guest::wadup_python! {}

//! The guest: hosts call `process()`, which calls the entry point that pyproject.toml names.

wadup_guest::wadup_python! {}

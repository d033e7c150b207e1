//! A guest that uses pydantic-core by itself.

wadup_guest::wadup_python! {}

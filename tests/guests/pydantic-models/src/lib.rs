//! A guest that uses pydantic's models.

wadup_guest::wadup_python! {}

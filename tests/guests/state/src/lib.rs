//! A guest that keeps state from call to call.

wadup_guest::wadup_python! {}

//! A guest that uses pandas.

wadup_guest::wadup_python! {}

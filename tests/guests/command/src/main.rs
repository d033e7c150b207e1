//! A program: it has arguments and an exit status.

wadup_guest::wadup_python! {}

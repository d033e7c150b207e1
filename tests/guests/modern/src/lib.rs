//! A guest of the profile `modern`: its packages have instructions that not every host knows.

wadup_guest::wadup_python! {}

//! A program whose entry is a module without `main`: importing it is all there is to run.

wadup_guest::wadup_python! { entry: "on_import" }

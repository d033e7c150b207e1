//! Initialises a finished wadup guest and writes it out as a module that starts where that ended.

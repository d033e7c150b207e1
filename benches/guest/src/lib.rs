//! The guest that is measured: `process` defines a model and validates, `throughput` runs the program named in `/data.bin`.

wadup_guest::wadup_python! {
    exports: { throughput: "throughput:main" },
}

//! The guest that is measured with NumPy and pandas: `process` sums up a few rows, `throughput` runs the program named in `/data.bin`.

wadup_guest::wadup_python! {
    exports: { throughput: "throughput:main" },
}

//! The guest that is measured: `process` defines a model and validates, `throughput` runs the program named in `/data.bin`.

mod calls;

wadup_guest::wadup_python! {
    modules: [calls::rust_calls],
    exports: { throughput: "throughput:main" },
    functions: {
        fn half(number: f64, text: &str) -> f64 = "calls:half";
    },
}

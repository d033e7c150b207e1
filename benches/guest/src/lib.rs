//! The guest that is measured: `process` defines a model and validates, `throughput` runs the program named in `/data.bin`, `row` and
//! `rows` fill tables.

mod calls;

wadup_guest::wadup_python! {
    modules: [calls::rust_calls],
    exports: {
        throughput: "throughput:main",
        row: "rows:one",
        rows: "rows:many",
        nothing: "rows:nothing",
    },
    functions: {
        fn half(number: f64, text: &str) -> f64 = "calls:half";
    },
}

//! A guest with Rust of its own: exports, modules for Python, what fails in Rust, tables from both languages.

mod exports;
mod failures;
mod oncelock;
mod tables;

wadup_guest::wadup_python! {
    modules: [
        exports::constructor,
        failures::faults,
        oncelock::cells,
        oncelock::chained,
        tables::from_rust,
    ],
    exports: {
        remember: "exports:remember",
        recall: "exports.memory:recall",
        answer: "exports:answer",
        refuse: "exports:refuse",
        fails: "failures:fails",
    },
}

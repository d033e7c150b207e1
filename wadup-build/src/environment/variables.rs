//! The environment variables that a user may set, as data: the book and the crate's documentation come from here.

#![allow(
    dead_code,
    reason = "the library reads the names; the documents read the rest"
)]

/// A variable that a user may set.
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    /// What switches a flag on.
    pub(crate) on: Option<&'static str>,
    pub(crate) doc: &'static str,
}

/// Every variable that wadup reads for the user's sake.
pub(crate) const VARIABLES: &[Variable] = &[
    Variable {
        name: "WADUP_CACHE_DIR",
        on: None,
        doc: "The folder of the store. Default: `wadup` in `XDG_CACHE_HOME`, else `~/.cache/wadup`.",
    },
    Variable {
        name: "WADUP_SOURCES",
        on: None,
        doc: "A folder with source archives and wheels, or the URL of a mirror with source archives; the build looks there first.",
    },
    Variable {
        name: "WADUP_STORE_MIRROR",
        on: None,
        doc: "Where to ask for artifacts before building them: folders, or `file:`, `http:` or `https:` addresses, separated by commas.",
    },
    Variable {
        name: "WADUP_STORE_MIRROR_KEY",
        on: None,
        doc: "The public key, in minisign's format, of those whose artifacts to trust. Without it, no mirror is asked.",
    },
    Variable {
        name: "WADUP_OFFLINE",
        on: Some("1"),
        doc: "Never use the network.",
    },
    Variable {
        name: "CARGO_NET_OFFLINE",
        on: Some("true"),
        doc: "The same. Cargo reads this variable too.",
    },
    Variable {
        name: "WADUP_LOCKED",
        on: Some("1"),
        doc: "Fail if `wadup.lock` does not match `pyproject.toml`, instead of renewing it, or if the newest release of Python cannot be had, instead of using an older one.",
    },
    Variable {
        name: "WADUP_TESTS",
        on: Some("1"),
        doc: "Build a guest that can run its own tests, with their requirements. `cargo wadup test` sets it.",
    },
    Variable {
        name: "WADUP_TESTS_BUILT_IN",
        on: Some("1"),
        doc: "Build your Python into a guest for tests too, as its snapshot needs it. `cargo wadup test --snapshot` sets it.",
    },
    Variable {
        name: "WADUP_SKIP_PRECOMPILE",
        on: Some("1"),
        doc: "Ship `.py` files only; the guest compiles what it imports.",
    },
    Variable {
        name: "WADUP_PROFILE",
        on: None,
        doc: "`baseline` or `modern`, in place of the key `profile`.",
    },
    Variable {
        name: "WADUP_C_ASSERTIONS",
        on: Some("1"),
        doc: "Compile CPython, NumPy and all other C code with assertions, to find out why a guest crashes; it becomes slower and larger.",
    },
    Variable {
        name: "WADUP_CHECK_ONLY",
        on: Some("1"),
        doc: "Build nothing, as for Clippy and rust-analyzer: for `cargo check --target wasm32-wasip1`.",
    },
    Variable {
        name: "WADUP_PRINT_PLAN",
        on: Some("1"),
        doc: "Print the plan of the build and stop.",
    },
    Variable {
        name: "WASI_SDK_PATH",
        on: None,
        doc: "The WASI SDK to use.",
    },
    Variable {
        name: "WASI_SYSROOT",
        on: None,
        doc: "The sysroot to use where there is no WASI SDK.",
    },
    Variable {
        name: "WADUP_CLANG",
        on: None,
        doc: "The clang to use where there is no WASI SDK.",
    },
    Variable {
        name: "WADUP_UV",
        on: None,
        doc: "The uv to use.",
    },
    Variable {
        name: "WADUP_WASM_OPT",
        on: None,
        doc: "The wasm-opt with which `cargo wadup build --release` optimizes guests.",
    },
];

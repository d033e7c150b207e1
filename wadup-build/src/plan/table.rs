//! The settings, as data: the parser's suggestions, the book and the crate's documentation come from here.

#![allow(
    dead_code,
    reason = "the library reads the keys; the documents and the tests read the rest"
)]

use crate::cpython::DEFAULT_AS_TOML;

/// One key of `[tool.wadup]` in pyproject.toml.
pub(crate) struct Setting {
    pub(crate) key: &'static str,
    pub(crate) value: Value,
    pub(crate) default: Default,
    /// What it is, in a sentence or two.
    pub(crate) doc: &'static str,
    /// A value, as TOML.
    pub(crate) example: &'static str,
    pub(crate) method: Method,
    /// The environment variable that overrides the key.
    pub(crate) overridden_by: Option<&'static str>,
}

/// What may stand to the right of a key.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Text,
    List,
    Flag,
    /// A list of packages, or a table for each.
    Packages,
    /// A table of strings.
    Texts,
    /// A table of any values.
    Table,
    /// A number of bytes, or a string with a unit.
    Size,
    OneOf(&'static [&'static str]),
}

/// What happens without a key.
pub(crate) enum Default {
    /// The same as with this value, which is TOML.
    Toml(&'static str),
    /// What no value says.
    Other(&'static str),
}

/// What the build script can do with a key.
pub(crate) enum Method {
    /// A method of `Builder` replaces what the file says.
    Replaces(&'static str),
    /// A method of `Builder` adds to what the file says.
    Adds(&'static str),
    Missing,
}

/// Every key of `[tool.wadup]`.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting {
        key: "entry-point",
        value: Value::Text,
        default: Default::Other("the macro's `entry`"),
        doc: "What `process()` runs: `module:function`, or a `module`, which is imported once and whose `main`, if it has one, is called for each input.",
        example: r#""users:main""#,
        method: Method::Replaces("entry_point"),
        overridden_by: None,
    },
    Setting {
        key: "python-source",
        value: Value::Text,
        default: Default::Toml(r#""python""#),
        doc: "The folder with your Python. If there is no folder `python`, and `src` has Python in it, the default is `src`.",
        example: r#""python""#,
        method: Method::Replaces("python_source"),
        overridden_by: None,
    },
    Setting {
        key: "python",
        value: Value::Text,
        default: Default::Toml(DEFAULT_AS_TOML),
        doc: "The guest's Python: a series, whose newest release that can be had is used, or one release in full.",
        example: DEFAULT_AS_TOML,
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "requirements",
        value: Value::Text,
        default: Default::Other("none"),
        doc: "A file of pinned requirements with hashes; the build takes it instead of resolving `dependencies`.",
        example: r#""requirements.txt""#,
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "c-extensions",
        value: Value::List,
        default: Default::Toml("[]"),
        doc: "Requirements, as older projects list them; write them into `[project] dependencies` instead.",
        example: r#"["pydantic"]"#,
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "native",
        value: Value::Packages,
        default: Default::Toml("[]"),
        doc: "Packages to build from source, with their native code, although they have a pure-Python wheel; as tables, with additions to their builds.",
        example: r#"["wrapt"]"#,
        method: Method::Adds("native"),
        overridden_by: None,
    },
    Setting {
        key: "exclude",
        value: Value::List,
        default: Default::Toml("[]"),
        doc: "Modules of packages to leave out, Python or native, and modules of the library that are linked on demand.",
        example: r#"["numpy.fft"]"#,
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "profile",
        value: Value::OneOf(&["baseline", "modern"]),
        default: Default::Toml(r#""baseline""#),
        doc: "What the compiled code of packages asks of hosts: only what every host for WASI preview 1 has, or SIMD too, with which products of NumPy's matrices take seven tenths of the time.",
        example: r#""modern""#,
        method: Method::Missing,
        overridden_by: Some("WADUP_PROFILE"),
    },
    Setting {
        key: "sources",
        value: Value::OneOf(&["app", "all", "none"]),
        default: Default::Toml(r#""app""#),
        doc: "Whose `.py` files ship beside their `.pyc`, so that tracebacks show lines: yours, everyone's, or nobody's.",
        example: r#""all""#,
        method: Method::Missing,
        overridden_by: Some("WADUP_SKIP_PRECOMPILE"),
    },
    Setting {
        key: "stdlib",
        value: Value::OneOf(&["whole", "traced"]),
        default: Default::Toml(r#""whole""#),
        doc: "The whole standard library, or only the modules that the imports of your Python and your packages can reach.",
        example: r#""traced""#,
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "stdlib-modules",
        value: Value::List,
        default: Default::Toml("[]"),
        doc: "Modules to add to a traced standard library: those imported by a computed name or from Rust, and encodings that no source names. For a whole one, those that are linked on demand: `ssl`, `_hashlib`, `ctypes`.",
        example: r#"["csv"]"#,
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "test-modules",
        value: Value::Flag,
        default: Default::Toml("false"),
        doc: "Whether to link the native modules that packages have only for their own tests, such as `numpy._core._multiarray_tests`.",
        example: "true",
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "snapshot",
        value: Value::Flag,
        default: Default::Toml("true"),
        doc: "Whether `cargo wadup build --release` makes a snapshot too.",
        example: "false",
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "wasm-opt",
        value: Value::Flag,
        default: Default::Toml("true"),
        doc: "Whether `cargo wadup build --release` optimizes the guest with Binaryen's wasm-opt where that is installed.",
        example: "false",
        method: Method::Missing,
        overridden_by: None,
    },
    Setting {
        key: "preload",
        value: Value::List,
        default: Default::Toml("[]"),
        doc: "Modules that a snapshot imports beside those of the entry point, the exports and the functions.",
        example: r#"["decimal"]"#,
        method: Method::Adds("preload"),
        overridden_by: None,
    },
    Setting {
        key: "snapshot-init",
        value: Value::Text,
        default: Default::Other("none"),
        doc: "A function, `module:function`, that is called once before the first input; in a snapshot, at build time.",
        example: r#""users:load_tables""#,
        method: Method::Replaces("snapshot_init"),
        overridden_by: None,
    },
    Setting {
        key: "store-mirror",
        value: Value::List,
        default: Default::Toml("[]"),
        doc: "Where to ask for artifacts before building them, in this order: folders, relative to pyproject.toml, or `file:`, `http:` or `https:` addresses.",
        example: r#"["https://mirror.example/wadup"]"#,
        method: Method::Missing,
        overridden_by: Some("WADUP_STORE_MIRROR"),
    },
    Setting {
        key: "store-mirror-key",
        value: Value::Text,
        default: Default::Other("none: no mirror is asked"),
        doc: "The public key, in minisign's format, of those whose artifacts to trust.",
        example: r#""RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3""#,
        method: Method::Missing,
        overridden_by: Some("WADUP_STORE_MIRROR_KEY"),
    },
    Setting {
        key: "stack-size",
        value: Value::Size,
        default: Default::Toml(r#""8 MiB""#),
        doc: "The size of the stack in linear memory.",
        example: r#""16 MiB""#,
        method: Method::Replaces("stack_size"),
        overridden_by: None,
    },
    Setting {
        key: "initial-memory",
        value: Value::Size,
        default: Default::Other("what stack and data need"),
        doc: "The memory that a guest starts with. More than the default makes a snapshot start slower.",
        example: r#""64 MiB""#,
        method: Method::Replaces("initial_memory"),
        overridden_by: None,
    },
    Setting {
        key: "maximum-memory",
        value: Value::Size,
        default: Default::Toml(r#""256 MiB""#),
        doc: "The size up to which a guest's memory may grow.",
        example: r#""512 MiB""#,
        method: Method::Replaces("maximum_memory"),
        overridden_by: None,
    },
];

/// A key of an overlay, which no method of `Builder` sets.
const fn overlay(
    key: &'static str,
    value: Value,
    doc: &'static str,
    example: &'static str,
) -> Setting {
    Setting {
        key,
        value,
        default: Default::Other("none"),
        doc,
        example,
        method: Method::Missing,
        overridden_by: None,
    }
}

/// Every key of `[tool.wadup.native.NAME]`. wadup's own overlays have the same.
pub(crate) const OVERLAY: &[Setting] = &[
    overlay(
        "reason",
        Value::Text,
        "Why, for readers.",
        r#""It looks for the header in the wrong folder.""#,
    ),
    overlay(
        "versions",
        Value::Text,
        "The versions that need it (PEP 440); without it, all.",
        r#"">=2,<3""#,
    ),
    overlay(
        "env",
        Value::Texts,
        "Environment variables of the build.",
        r#"{ CIBUILDWHEEL = "1" }"#,
    ),
    overlay(
        "cflags",
        Value::List,
        "Flags for the C and C++ compiler.",
        r#"["-DNO_THREADS"]"#,
    ),
    overlay(
        "rustflags",
        Value::List,
        "Flags for rustc.",
        r#"["--cfg", "tokio_unstable"]"#,
    ),
    overlay(
        "config-settings",
        Value::Table,
        "What `pip --config-settings` would hand to the backend.",
        r#"{ setup-args = ["-Dblas=none"] }"#,
    ),
    overlay(
        "add-requires",
        Value::List,
        "Build requirements that the package does not list.",
        r#"["setuptools<80"]"#,
    ),
    overlay(
        "drop-requires",
        Value::List,
        "Names of listed build requirements that it does not need.",
        r#"["cmake"]"#,
    ),
    overlay(
        "libraries",
        Value::List,
        "C libraries that wadup builds for it.",
        r#"["yaml"]"#,
    ),
    overlay(
        "patches",
        Value::List,
        "Files with patches for its source, relative to pyproject.toml; each changes one file, and a heading says why.",
        r#"["fix.patch"]"#,
    ),
];

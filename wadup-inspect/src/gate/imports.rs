//! Which imports the host provides, and which library should have defined any other.

use std::collections::BTreeMap;

use wadup_contract::wasi::{HOST_FUNCTIONS, PREVIEW_1};

use super::Rules;
use super::outline::Outline;

/// Well-known symbols and what to do when one is undefined; `*` matches any text, and the first match wins.
const REMEDIES: &[(&[&str], &str)] = &[
    (
        &["PyInit_*", "wadup_init_*"],
        "link the object of that extension module",
    ),
    (&["XML_*", "PyExpat_XML_*"], "link CPython's libexpat.a"),
    (&["Py*", "_Py*"], "link CPython's libpython archive"),
    (
        &["dlopen", "dlsym", "dlclose", "dlerror"],
        "link wasi-libc's libdl.a",
    ),
    (
        &[
            "signal",
            "raise",
            "bsd_signal",
            "__sysv_signal",
            "psignal",
            "strsignal",
            "__SIG_*",
        ],
        "link wasi-libc's libwasi-emulated-signal.a",
    ),
    (
        &["clock", "__clock", "times", "getrusage"],
        "link wasi-libc's libwasi-emulated-process-clocks.a",
    ),
    (
        &["mmap", "munmap", "mprotect"],
        "link wasi-libc's libwasi-emulated-mman.a",
    ),
    (&["getpid"], "link wasi-libc's libwasi-emulated-getpid.a"),
    (
        &[
            "setjmp",
            "longjmp",
            "__wasm_setjmp*",
            "__wasm_longjmp",
            "__c_longjmp",
        ],
        "remove what calls `setjmp`: it needs WebAssembly exceptions, which the host does not load",
    ),
    (
        &[
            "__cxa_guard_*",
            "__cxa_pure_virtual",
            "__cxa_deleted_virtual",
            "__dynamic_cast",
        ],
        "link libc++abi.a",
    ),
    (
        &[
            "__cxa_*",
            "_Unwind_*",
            "__gxx_*",
            "__wasm_lpad_context",
            "__cpp_exception",
        ],
        "compile C++ with `-fno-exceptions`: C++ exceptions are not available",
    ),
    (
        &[
            "_ZNSt*", "_ZNKSt*", "_ZSt*", "_ZTVNSt*", "_ZTVSt*", "_Zn*", "_Zd*",
        ],
        "link libc++.a and libc++abi.a",
    ),
    (
        &[
            "__*c3",
            "__*tf",
            "__*tf2",
            "__*tf3",
            "__*ti2",
            "__*ti3",
            "__*ti4",
            "__fix*",
            "__float*",
            "__trunc*",
            "__extend*",
        ],
        "link clang's libclang_rt.builtins-wasm32.a",
    ),
    (
        &[
            "inflate*",
            "deflate*",
            "crc32*",
            "adler32*",
            "compress*",
            "uncompress*",
            "zlib*",
            "zError",
        ],
        "link zlib's libz.a",
    ),
    (&["BZ2_*"], "link bzip2's libbz2.a"),
    (&["lzma_*"], "link xz's liblzma.a"),
    (&["sqlite3_*"], "link SQLite's libsqlite3.a"),
    (&["mpd_*"], "link CPython's libmpdec.a"),
    (
        &["python_hashlib_Hacl_*"],
        "link CPython's libHacl_Hash_SHA2.a",
    ),
    (
        &["__wbindgen_*"],
        "turn off the feature of a dependency that makes it call JavaScript (often `js` or `wasm-bindgen`)",
    ),
];

/// Findings about the imports that the user did not declare.
pub(super) fn check(outline: &Outline, rules: &Rules) -> Vec<String> {
    let mut findings = Vec::new();
    // One missing archive leaves hundreds of imports: report it once.
    let mut undefined: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (import, is_function) in &outline.imports {
        if rules.declared_imports.contains(import) {
            continue;
        }
        let full_name = format!("`{}.{}`", import.module, import.name);
        if import.module == PREVIEW_1 {
            findings.extend(unprovided(&import.name, &full_name, *is_function));
        } else if let Some(remedy) = remedy(&import.name) {
            undefined.entry(remedy).or_default().push(full_name);
        } else {
            findings.push(format!(
                "not in WASI preview 1: {full_name}; link what defines it, or declare the import if your host provides it"
            ));
        }
    }
    findings.extend(
        undefined
            .into_iter()
            .map(|(remedy, names)| format!("not in WASI preview 1: {}; {remedy}", listing(&names))),
    );
    findings
}

fn unprovided(name: &str, full_name: &str, is_function: bool) -> Option<String> {
    if !is_function {
        Some(format!("{full_name} must be imported as a function"))
    } else if !HOST_FUNCTIONS.contains(&name) {
        Some(format!(
            "not provided by the WADUP host: {full_name}; remove what calls it, or define `__imported_{PREVIEW_1}_{name}` \
             in the guest"
        ))
    } else {
        None
    }
}

/// The first names of a list, and the number of the others.
fn listing(names: &[String]) -> String {
    const NAMED: usize = 3;
    match names.get(NAMED..) {
        None | Some([]) => names.join(", "),
        Some(others) => format!("{} and {} more", names[..NAMED].join(", "), others.len()),
    }
}

fn remedy(symbol: &str) -> Option<&'static str> {
    REMEDIES
        .iter()
        .find(|(patterns, _)| patterns.iter().any(|pattern| matches(pattern, symbol)))
        .map(|(_, remedy)| *remedy)
}

fn matches(pattern: &str, symbol: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == symbol,
        Some((start, end)) => symbol
            .strip_prefix(start)
            .is_some_and(|rest| rest.ends_with(end)),
    }
}

//! Starts each kind of program for real, from a process that has both hostile and legitimate variables set.

use std::collections::BTreeSet;
use std::process::Command;

use super::*;
use crate::command::Program;
use crate::environment::Environment;

const TOOLS: [Tool; 10] = [
    Tool::Compiler,
    Tool::Python,
    Tool::Make,
    Tool::Backend,
    Tool::Uv,
    Tool::Pip,
    Tool::Cargo,
    Tool::Rust,
    Tool::Curl,
    Tool::System,
];

/// Variables that change what a tool produces, or make it fail.
const HOSTILE: &[&str] = &[
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONPLATLIBDIR",
    "PYTHONNODEBUGRANGES",
    "PYTHONSAFEPATH",
    "VIRTUAL_ENV",
    "CPATH",
    "C_INCLUDE_PATH",
    "LIBRARY_PATH",
    "GCC_EXEC_PREFIX",
    "COMPILER_PATH",
    "CCC_OVERRIDE_OPTIONS",
    "CC",
    "CFLAGS",
    "CPPFLAGS",
    "LDFLAGS",
    "CONFIG_SITE",
    "DESTDIR",
    "MAKEFLAGS",
    "MFLAGS",
    "GNUMAKEFLAGS",
    "MAKELEVEL",
    "CARGO_MAKEFLAGS",
    "NINJA_STATUS",
    "UV_EXCLUDE_NEWER",
    "UV_RESOLUTION",
    "UV_OVERRIDE",
    "UV_CONSTRAINT",
    "UV_COMPILE_BYTECODE",
    "UV_NO_CONFIG",
    "PIP_TARGET",
    "PIP_CONSTRAINT",
    "CARGO",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL",
    "CARGO_TARGET_DIR",
    "OUT_DIR",
    "RUSTC",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
    "TARGET",
    "LD_PRELOAD",
    "LC_ALL",
    "SOURCE_DATE_EPOCH",
];

/// What users set to make tools work at all, and which tools must see it.
const LEGITIMATE: &[(&str, &[Tool])] = &[
    ("TMPDIR", &TOOLS),
    ("HOME", &TOOLS),
    ("HTTPS_PROXY", NETWORKED),
    ("no_proxy", NETWORKED),
    ("SSL_CERT_FILE", NETWORKED),
    ("NETRC", NETWORKED),
    ("UV_DEFAULT_INDEX", &[Tool::Uv]),
    ("UV_INDEX_URL", &[Tool::Uv]),
    ("UV_INDEX_COMPANY_USERNAME", &[Tool::Uv]),
    ("UV_INDEX_COMPANY_PASSWORD", &[Tool::Uv]),
    ("UV_KEYRING_PROVIDER", &[Tool::Uv]),
    ("UV_CACHE_DIR", &[Tool::Uv]),
    (
        "XDG_CONFIG_HOME",
        &[Tool::Uv, Tool::Pip, Tool::Cargo, Tool::Curl],
    ),
    ("PIP_INDEX_URL", &[Tool::Pip]),
    ("CURL_CA_BUNDLE", &[Tool::Pip, Tool::Curl]),
    ("CARGO_HOME", &[Tool::Backend, Tool::Cargo, Tool::Rust]),
    ("CARGO_NET_OFFLINE", &[Tool::Cargo]),
    ("CARGO_REGISTRIES_COMPANY_TOKEN", &[Tool::Cargo]),
    (
        "RUSTUP_TOOLCHAIN",
        &[Tool::Backend, Tool::Cargo, Tool::Rust],
    ),
    ("SSH_AUTH_SOCK", &[Tool::Cargo]),
    ("APT_CONFIG", &[Tool::System]),
];

const NETWORKED: &[Tool] = &[
    Tool::Uv,
    Tool::Pip,
    Tool::Cargo,
    Tool::Rust,
    Tool::Curl,
    Tool::System,
];

/// Set for the process that starts the tools.
const STARTS_PROGRAMS: &str = "WADUP_TEST_STARTS_PROGRAMS";

#[test]
fn tools_see_the_listed_variables_only() {
    if Environment::of_process().system(STARTS_PROGRAMS).is_some() {
        for tool in TOOLS {
            let seen = Program::new(tool, "env", "testing").output().unwrap();
            for line in seen.lines() {
                println!("{tool:?} sees {line}");
            }
        }
        return;
    }

    let legitimate = LEGITIMATE.iter().map(|(name, _)| name);
    let printed = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("environment::seen::tests::tools_see_the_listed_variables_only")
        .env(STARTS_PROGRAMS, "1")
        .envs(HOSTILE.iter().chain(legitimate).map(|name| (name, "given")))
        .output()
        .unwrap();

    let printed = String::from_utf8(printed.stdout).unwrap();
    let seen: BTreeSet<&str> = printed.lines().collect();
    for tool in TOOLS {
        assert!(
            printed.contains(&format!("{tool:?} sees PATH=")),
            "{printed}"
        );
        for name in HOSTILE {
            assert!(
                !seen.contains(&*format!("{tool:?} sees {name}=given")),
                "{printed}"
            );
        }
        for (name, who) in LEGITIMATE {
            let sees = seen.contains(&*format!("{tool:?} sees {name}=given"));
            assert_eq!(sees, who.contains(&tool), "{tool:?}, {name}");
        }
    }
}

//! The environment variables that each kind of program sees: those listed here, and no others.
//!
//! Compilers, Python and resolvers read settings from variables that are not part of any store key. So a program starts with an
//! empty environment, plus the variables that say where things are on this machine and how to reach the network.

use std::ffi::{OsStr, OsString};

/// A kind of program, which determines the environment it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// clang, wasm-ld and llvm-ar, which compile and link for the guest.
    Compiler,
    /// The build Python.
    Python,
    /// configure, make, meson and ninja, and the native compilers that they start.
    Make,
    /// uv, and the build systems of packages that it starts.
    Uv,
    /// pip of the machine's Python.
    Pip,
    /// Cargo for packages that wadup builds, and the compilers that it starts.
    Cargo,
    /// The build backends of packages, and the compilers, Cargo and Python that they start: without a network, and so without
    /// what it takes to reach one.
    Backend,
    /// rustc and rustup.
    Rust,
    /// curl.
    Curl,
    /// npm, which installs Binaryen.
    Npm,
    /// apt-get, dpkg and other programs of Debian.
    System,
}

/// Names of variables. A name that ends in `*` matches by prefix.
type Names = &'static [&'static str];

/// Where programs, their libraries and the user's files are.
const PLACES: Names = &[
    "PATH",
    "HOME",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DEVELOPER_DIR",
];

/// The SDK with which macOS compiles native code.
const KIT: Names = &["SDKROOT"];

/// Proxies, certificates and credentials that most programs read.
const NETWORK: Names = &[
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NIX_SSL_CERT_FILE",
    "NETRC",
];

/// The user's folders for settings and caches (XDG Base Directory Specification), and access to the user's keyring.
const SETTINGS: Names = &[
    "XDG_CACHE_HOME",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "PYTHON_KEYRING_BACKEND",
];

/// uv's indexes, credentials, network and cache. No setting that decides which versions it selects.
const UV: Names = &[
    "UV_CONFIG_FILE",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_INDEX*",
    "UV_CREDENTIALS_DIR",
    "UV_KEYRING_PROVIDER",
    "UV_AZURE_ENDPOINT_URL",
    "UV_GCS_ENDPOINT_URL",
    "UV_S3_ENDPOINT_URL",
    "AWS_*",
    "AZURE_*",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "SSL_CLIENT_CERT",
    "UV_INSECURE_HOST",
    "UV_NATIVE_TLS",
    "UV_SYSTEM_CERTS",
    "UV_HTTP_*",
    "UV_HTTPS_PROXY",
    "UV_ALL_PROXY",
    "UV_NO_PROXY",
    "UV_REQUEST_TIMEOUT",
    "UV_CACHE_DIR",
    "UV_NO_CACHE",
    "UV_OFFLINE",
    "UV_CONCURRENT_*",
];

/// The same for pip, which installs a pinned uv.
const PIP: Names = &[
    "PIP_CONFIG_FILE",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_NO_INDEX",
    "PIP_KEYRING_PROVIDER",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_TRUSTED_HOST",
    "PIP_PROXY",
    "PIP_TIMEOUT",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_RETRIES",
    "PIP_CACHE_DIR",
    "PIP_NO_CACHE_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
];

/// The Rust toolchain and where it is installed.
const RUST: Names = &["CARGO_HOME", "RUSTUP_*"];

/// How Cargo reaches registries, including through git.
const CARGO: Names = &[
    "CARGO_NET_*",
    "CARGO_HTTP_*",
    "CARGO_REGISTRIES_*",
    "CARGO_REGISTRY_*",
    "SSH_AUTH_SOCK",
    "SSH_ASKPASS",
    "GIT_ASKPASS",
    "GIT_CONFIG_*",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
];

const CURL: Names = &["CURL_HOME", "CURL_CA_BUNDLE"];

/// npm's settings. It reads every variable with this prefix, in any case.
const NPM: Names = &["npm_config_*", "NPM_CONFIG_*", "NODE_EXTRA_CA_CERTS"];

const APT: Names = &["APT_CONFIG"];

impl Tool {
    fn names(self) -> &'static [Names] {
        match self {
            Tool::Compiler | Tool::Python => &[PLACES],
            Tool::Make => &[PLACES, KIT],
            Tool::Backend => &[PLACES, KIT, RUST],
            Tool::Uv => &[PLACES, NETWORK, SETTINGS, UV],
            Tool::Pip => &[PLACES, NETWORK, SETTINGS, PIP],
            Tool::Cargo => &[PLACES, KIT, NETWORK, SETTINGS, RUST, CARGO],
            Tool::Rust => &[PLACES, NETWORK, RUST],
            Tool::Npm => &[PLACES, NETWORK, SETTINGS, NPM],
            Tool::Curl => &[PLACES, NETWORK, SETTINGS, CURL],
            Tool::System => &[PLACES, NETWORK, APT],
        }
    }

    /// Whether this kind of program sees the variable.
    fn sees(self, name: &OsStr) -> bool {
        let name = name.as_encoded_bytes();
        self.names()
            .iter()
            .copied()
            .flatten()
            .any(|listed| match listed.strip_suffix('*') {
                Some(beginning) => name.starts_with(beginning.as_bytes()),
                None => name == listed.as_bytes(),
            })
    }

    /// The variables of this process that this kind of program sees.
    #[allow(
        clippy::disallowed_methods,
        reason = "part of the module that reads the environment"
    )]
    pub(crate) fn environment(self) -> impl Iterator<Item = (OsString, OsString)> {
        std::env::vars_os().filter(move |(name, _)| self.sees(name))
    }
}

#[cfg(test)]
mod tests;

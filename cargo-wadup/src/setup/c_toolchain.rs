//! Installs the C toolchain: Debian packages if possible, else the pinned WASI SDK.

use std::fs;
use std::path::{Path, PathBuf};

use wadup_build::machine::{MINIMUM_CLANG, Machine, unpack};
use wadup_build::{Error, Result};

use super::debian;

/// clang and its packages for wasm; libc++ is for native extensions in C++.
const DEBIAN_PACKAGES: [&str; 6] = [
    "clang-22",
    "lld-22",
    "llvm-22",
    "libclang-rt-22-dev-wasm32",
    "libc++-22-dev-wasm32",
    "libc++abi-22-dev-wasm32",
];

/// wasi-libc of Debian 12 is too old, and that of 13 lacks pthread.h.
const SYSROOT_SUITE: &str = "sid";

const SDK: &str = "30";

/// The hash of the SDK archive for each platform.
const SDK_HASHES: [(&str, &str, &str); 4] = [
    (
        "linux",
        "x86_64",
        "0507679dff16814b74516cd969a9b16d2ced1347388024bc7966264648c78bfb",
    ),
    (
        "linux",
        "aarch64",
        "6f2977942308d91b0123978da3c6a0d6fce780994b3b020008c617e26764ea40",
    ),
    (
        "macos",
        "aarch64",
        "2c2ed99296857e60fd14c3f40fe226231f296409502491094704089c31a16740",
    ),
    (
        "macos",
        "x86_64",
        "1594a0791309781bf0d0224431c3556ec4a2326b205687b659f6550d08d8b13e",
    ),
];

pub(super) fn install(machine: &Machine) -> Result<()> {
    let may_install = debian::may_install() && !machine.is_offline();
    if may_install && machine.variable("WASI_SDK_PATH").is_none() {
        debian::install(&DEBIAN_PACKAGES)?;
        return publish(&machine.sysroot_folder(), |folder| {
            debian::unpack(SYSROOT_SUITE, "wasi-libc", folder)?;
            Ok(folder.join("usr"))
        });
    }
    let sdk = Sdk::of(std::env::consts::OS, std::env::consts::ARCH)?;
    let archive = machine.download(&sdk.file, sdk.sha256, &sdk.address)?;
    publish(&machine.sdk_folder(), |folder| unpack(&archive, folder))
}

/// The SDK archive for one platform.
struct Sdk {
    file: String,
    sha256: &'static str,
    address: String,
}

impl Sdk {
    fn of(system: &str, machine: &str) -> Result<Self> {
        let (_, _, sha256) = SDK_HASHES
            .iter()
            .find(|(of_system, of_machine, _)| (*of_system, *of_machine) == (system, machine))
            .ok_or_else(|| Error::Missing {
                what: format!("a WASI SDK for {machine} {system}"),
                help: format!(
                    "install clang {MINIMUM_CLANG} or later with a WASI sysroot, or set WASI_SDK_PATH"
                ),
            })?;
        let machine = if machine == "aarch64" {
            "arm64"
        } else {
            machine
        };
        let file = format!("wasi-sdk-{SDK}.0-{machine}-{system}.tar.gz");
        Ok(Self {
            address: format!(
                "https://github.com/WebAssembly/wasi-sdk/releases/download/wasi-sdk-{SDK}/{file}"
            ),
            file,
            sha256,
        })
    }
}

/// Fills a temporary folder and then moves the path that `fill` returns into place, so that it is never incomplete.
fn publish(place: &Path, fill: impl FnOnce(&Path) -> Result<PathBuf>) -> Result<()> {
    let failed = |action| {
        move |source| Error::File {
            action,
            path: place.to_owned(),
            source,
        }
    };
    let parent = place.parent().unwrap_or(place);
    fs::create_dir_all(parent).map_err(failed("create the folder of"))?;
    let folder = tempfile::tempdir_in(parent).map_err(failed("create a folder beside"))?;
    let filled = fill(folder.path())?;
    if place.exists() {
        fs::remove_dir_all(place).map_err(failed("remove"))?;
    }
    fs::rename(&filled, place).map_err(failed("publish"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sdk_archive_has_the_name_that_its_publisher_uses() {
        let sdk = Sdk::of("macos", "aarch64").unwrap();

        assert_eq!(sdk.file, "wasi-sdk-30.0-arm64-macos.tar.gz");
        assert!(
            sdk.address
                .ends_with("/wasi-sdk-30/wasi-sdk-30.0-arm64-macos.tar.gz")
        );
    }

    #[test]
    fn on_a_platform_without_an_sdk_the_error_says_what_to_install() {
        let error = Sdk::of("freebsd", "x86_64").err().unwrap().to_string();

        assert!(
            error.contains("x86_64 freebsd") && error.contains("WASI_SDK_PATH"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_is_moved_into_place_only_when_complete() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("toolchain/wasi-sysroot");

        let failed = publish(&place, |_| {
            Err(Error::Missing {
                what: "a package".into(),
                help: "get it".into(),
            })
        });
        assert!(failed.is_err() && !place.exists());

        publish(&place, |folder| {
            let made = folder.join("usr");
            fs::create_dir(&made).unwrap();
            Ok(made)
        })
        .unwrap();
        assert!(place.is_dir());
    }
}

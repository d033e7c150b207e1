//! The link line of a guest as data.

mod trial;

use std::path::{Path, PathBuf};

pub(crate) use trial::{NativeObject, TrialLink};

use crate::cargo::Line;

/// The file name of the linker's map, in the folder `wadup` of the build script's OUT_DIR.
///
/// It lists the object that each byte of the module comes from; `wadup-inspect` reads it.
pub const LINK_MAP: &str = "link.map";

/// The linker's arguments beside those for the user's crate.
#[derive(Debug)]
pub(crate) struct LinkLine {
    /// Objects that are always linked: the shim, the bundle, the native extensions.
    pub(crate) objects: Vec<PathBuf>,
    /// Archives, from which the linker takes what is referenced.
    pub(crate) archives: Vec<PathBuf>,
    /// A library whose functions replace those of libc.
    pub(crate) before_libc: Option<NamedArchive>,
    /// The folder for PyO3's `-lpython...`. It must not contain a libc.a: the linker searches this folder before
    /// Rust's, and another libc with Rust's startup files breaks the guest.
    pub(crate) python_folder: PathBuf,
    /// In bytes. All sizes except the stack's are multiples of 64 KiB.
    pub(crate) stack_size: u64,
    /// Chosen by the linker if it is `None`.
    pub(crate) initial_memory: Option<u64>,
    pub(crate) maximum_memory: u64,
    /// Whether the profile enables debug information.
    pub(crate) debug: bool,
    /// The path of the linker's map.
    pub(crate) map: PathBuf,
}

/// An archive linked by name. rustc passes the named archives of a crate before libc, and link arguments after it.
#[derive(Debug, Clone)]
pub(crate) struct NamedArchive {
    /// The name without `lib` and `.a`.
    pub(crate) name: &'static str,
    /// A folder that contains nothing else.
    pub(crate) folder: PathBuf,
}

impl NamedArchive {
    /// The archive's path.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(format!("lib{}.a", self.name))
    }

    fn lines(&self) -> [Line; 2] {
        [
            Line::LinkSearch(self.folder.clone()),
            Line::LinkLibrary(self.name),
        ]
    }
}

impl LinkLine {
    /// The instructions for Cargo. `linker` is Cargo's configured linker, if any.
    pub(crate) fn lines(&self, linker: Option<&Path>) -> Vec<Line> {
        let through_compiler = linker.is_some_and(is_compiler);
        let argument = |text: String| {
            Line::LinkArg(if through_compiler {
                format!("-Wl,{text}")
            } else {
                text
            })
        };
        let initial_memory = self
            .initial_memory
            .map(|bytes| format!("--initial-memory={bytes}"));
        let settings = [
            // With the stack below the data, an overflow traps instead of overwriting data.
            "--stack-first".to_owned(),
            format!("-zstack-size={}", self.stack_size),
            format!("--max-memory={}", self.maximum_memory),
            // Calls with a mismatched signature are warnings here, and traps at run time.
            "--fatal-warnings".to_owned(),
            format!("-Map={}", self.map.display()),
        ];
        // Objects reserve five bytes for every address and index that the linker fills in. Debug information contains
        // code offsets, which would be wrong if the linker used fewer.
        let compact = (!self.debug)
            .then_some(["--strip-debug", "--compress-relocations"])
            .into_iter()
            .flatten()
            .map(str::to_owned);
        let files = self.objects.iter().chain(&self.archives);
        settings
            .into_iter()
            .chain(initial_memory)
            .chain(compact)
            .map(argument)
            .chain(files.map(|file| Line::LinkArg(file.display().to_string())))
            .chain([Line::LinkSearch(self.python_folder.clone())])
            .chain(self.before_libc.iter().flat_map(NamedArchive::lines))
            .collect()
    }
}

/// Whether the linker is a compiler driver, which only passes arguments after `-Wl,` to the linker.
fn is_compiler(linker: &Path) -> bool {
    let name = linker.file_name().unwrap_or_default().to_string_lossy();
    !name.contains("lld") && !name.contains("wasm-ld")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link_line() -> LinkLine {
        LinkLine {
            objects: vec!["/out/shim.o".into(), "/out/bundle.o".into()],
            archives: vec!["/store/lib/libpython3.13.a".into()],
            before_libc: Some(NamedArchive {
                name: "first",
                folder: "/store/first".into(),
            }),
            python_folder: "/store/lib".into(),
            stack_size: 8 << 20,
            initial_memory: Some(128 << 20),
            maximum_memory: 256 << 20,
            debug: true,
            map: "/out/link.map".into(),
        }
    }

    fn emitted(linker: Option<&str>) -> Vec<String> {
        link_line()
            .lines(linker.map(Path::new))
            .iter()
            .map(Line::to_string)
            .collect()
    }

    #[test]
    fn rusts_linker_gets_plain_arguments() {
        assert_eq!(
            emitted(None),
            [
                "cargo::rustc-link-arg=--stack-first",
                "cargo::rustc-link-arg=-zstack-size=8388608",
                "cargo::rustc-link-arg=--max-memory=268435456",
                "cargo::rustc-link-arg=--fatal-warnings",
                "cargo::rustc-link-arg=-Map=/out/link.map",
                "cargo::rustc-link-arg=--initial-memory=134217728",
                "cargo::rustc-link-arg=/out/shim.o",
                "cargo::rustc-link-arg=/out/bundle.o",
                "cargo::rustc-link-arg=/store/lib/libpython3.13.a",
                "cargo::rustc-link-search=native=/store/lib",
                "cargo::rustc-link-search=native=/store/first",
                "cargo::rustc-link-lib=static:-bundle=first",
            ]
        );
        assert_eq!(emitted(Some("/usr/bin/wasm-ld-22")), emitted(None));
    }

    #[test]
    fn initial_memory_is_optional() {
        let link_line = LinkLine {
            initial_memory: None,
            ..link_line()
        };

        let lines = link_line.lines(None);

        assert!(
            !lines
                .iter()
                .any(|line| line.to_string().contains("initial-memory"))
        );
    }

    #[test]
    fn code_is_compacted_without_debug_information() {
        let link_line = LinkLine {
            debug: false,
            ..link_line()
        };

        let lines: Vec<String> = link_line.lines(None).iter().map(Line::to_string).collect();

        assert_eq!(
            lines[6..8],
            [
                "cargo::rustc-link-arg=--strip-debug",
                "cargo::rustc-link-arg=--compress-relocations"
            ]
        );
    }

    #[test]
    fn compiler_drivers_get_arguments_with_wl_prefix() {
        let lines = emitted(Some("/opt/wasi-sdk/bin/clang"));

        assert_eq!(lines[1], "cargo::rustc-link-arg=-Wl,-zstack-size=8388608");
        assert_eq!(lines[6], "cargo::rustc-link-arg=/out/shim.o");
    }
}

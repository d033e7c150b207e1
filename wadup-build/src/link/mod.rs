//! The link line of a guest, as data.

mod trial;

use std::path::{Path, PathBuf};

pub(crate) use trial::{NativeObject, TrialLink};

use crate::cargo::Line;

/// The name of the linker's map, in the folder `wadup` of the build script's OUT_DIR.
///
/// It says which object each byte of the module comes from; [`crate::size`] reads it.
pub const LINK_MAP: &str = "link.map";

/// What the linker is given beside the user's crate.
#[derive(Debug)]
pub(crate) struct LinkLine {
    /// Objects that are always linked: the shim, the bundle, the native extensions.
    pub(crate) objects: Vec<PathBuf>,
    /// Archives from which the linker takes what is asked for.
    pub(crate) archives: Vec<PathBuf>,
    /// A library whose functions take the place of libc's.
    pub(crate) before_libc: Option<NamedArchive>,
    /// The folder that answers PyO3's own `-lpython3.13`. It must hold no libc.a: this folder is
    /// searched before Rust's, and another libc beside Rust's start files is a broken guest.
    pub(crate) python_folder: PathBuf,
    /// Bytes, each a multiple of 64 KiB but for the stack.
    pub(crate) stack_size: u64,
    /// The linker's own choice if none is given.
    pub(crate) initial_memory: Option<u64>,
    pub(crate) maximum_memory: u64,
    /// Whether the profile asks for debug information.
    pub(crate) debug: bool,
    /// Where the linker writes down what it took from where.
    pub(crate) map: PathBuf,
}

/// An archive that is linked by name: Rust puts those of a crate's own before its libc, and arguments after it.
#[derive(Debug, Clone)]
pub(crate) struct NamedArchive {
    /// The name without `lib` and `.a`.
    pub(crate) name: &'static str,
    /// A folder that holds nothing else.
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
    /// The instructions for Cargo; `linker` is the one that Cargo was told to use, if any.
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
            // With the stack below the data, an overflow traps; above it, it would eat the data.
            "--stack-first".to_owned(),
            format!("-zstack-size={}", self.stack_size),
            format!("--max-memory={}", self.maximum_memory),
            // A call with another signature than the definition's is a warning, and a trap when it runs.
            "--fatal-warnings".to_owned(),
            format!("-Map={}", self.map.display()),
        ];
        // Objects leave five bytes for every address and index that the linker fills in; debug information, which counts
        // bytes of code, would be wrong if it took fewer.
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

/// A compiler driver hands linker arguments on only behind `-Wl,`.
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
    fn rusts_own_linker_gets_bare_arguments() {
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
    fn without_an_initial_memory_the_linker_takes_what_is_needed() {
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
    fn without_debug_information_the_code_is_made_compact() {
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
    fn a_compiler_as_linker_gets_them_through_its_own_option() {
        let lines = emitted(Some("/opt/wasi-sdk/bin/clang"));

        assert_eq!(lines[1], "cargo::rustc-link-arg=-Wl,-zstack-size=8388608");
        assert_eq!(lines[6], "cargo::rustc-link-arg=/out/shim.o");
    }
}

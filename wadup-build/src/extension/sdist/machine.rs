//! Describes the guest's platform to the build of a package: programs with the names that builds expect, Python's sysconfig,
//! and the files that meson, CMake and PyO3 read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::overlay::Overlay;
use crate::cpython::{self, Series};
use crate::error::{FileContext, Result};
use crate::extension::libraries::Built;
use crate::extension::{BuildContext, jumps};
use crate::store::Artifact;
use crate::toolchain::Cxx;

pub(super) const COMPILER: &str = include_str!("compiler.py");
pub(super) const PKG_CONFIG: &str = include_str!("pkg_config.py");
pub(super) const SITECUSTOMIZE: &str = include_str!("sitecustomize.py");
pub(super) const TOOLCHAIN_FILE: &str = include_str!("toolchain.cmake");
pub(super) const PLATFORM_FILE: &str = include_str!("Platform_WASI.cmake");

/// The names of programs, each with its name in compiler.py.
const PROGRAMS: [(&str, &str); 15] = [
    ("cc", "cc"),
    ("gcc", "cc"),
    ("clang", "cc"),
    ("c++", "c++"),
    ("g++", "c++"),
    ("clang++", "c++"),
    ("ar", "ar"),
    ("llvm-ar", "ar"),
    ("ranlib", "ranlib"),
    ("llvm-ranlib", "ranlib"),
    ("strip", "strip"),
    ("wasm-ld", "wasm-ld"),
    ("gfortran", "gfortran"),
    ("flang", "gfortran"),
    ("f77", "gfortran"),
];

/// CPython's libraries for pkg-config: the name there and the library's, and the header and the macro with the version.
const OF_CPYTHON: [(&str, &str, &str, &str); 2] = [
    ("sqlite3", "sqlite3", "sqlite3.h", "SQLITE_VERSION"),
    ("zlib", "z", "zlib.h", "ZLIB_VERSION"),
];

/// The platform of one build.
pub(super) struct Machine<'a> {
    pub(super) context: &'a BuildContext<'a>,
    pub(super) cxx: &'a Cxx,
    pub(super) compat: &'a Artifact,
    /// The build requirements.
    pub(super) tools: &'a Artifact,
    /// The guest's NumPy, for packages that are compiled against it.
    pub(super) numpy: Option<PathBuf>,
    pub(super) overlay: &'a Overlay,
    /// The C libraries that the overlay names.
    pub(super) libraries: &'a [Built],
    /// Libraries that guests link on demand, which the overlay names.
    pub(super) on_demand: &'a [Artifact],
    /// The package's name and its unpacked source.
    pub(super) package: &'a str,
    pub(super) tree: &'a Path,
    /// The folder of the whole build.
    pub(super) scratch: &'a Path,
}

impl Machine<'_> {
    pub(super) fn folder(&self) -> PathBuf {
        self.scratch.join("machine")
    }

    pub(super) fn programs(&self) -> PathBuf {
        self.folder().join("programs")
    }

    /// What compiler.py did not find, one a line.
    pub(super) fn findings(&self) -> PathBuf {
        self.scratch.join("findings")
    }

    /// The options for meson that describe the two platforms.
    pub(super) fn meson_options(&self) -> [String; 2] {
        let file = |name: &str| self.folder().join(name).display().to_string();
        [
            format!("--cross-file={}", file("cross.ini")),
            format!("--native-file={}", file("native.ini")),
        ]
    }

    /// Whether the package's backend is meson-python.
    pub(super) fn has_meson(&self) -> bool {
        self.tools.join("mesonpy").is_dir()
    }

    /// Writes all files.
    pub(super) fn write(&self) -> Result<()> {
        self.write_programs()?;
        self.write_modules()?;
        for (file, text) in [
            ("cross.ini", self.meson()),
            ("native.ini", self.meson_of_build_machine()),
            ("toolchain.cmake", self.cmake()),
            ("platform/Platform/WASI.cmake", PLATFORM_FILE.to_owned()),
            ("pyo3.txt", pyo3(self.context.base.release.series)),
        ] {
            write(&self.folder().join(file), &text)?;
        }
        let home = self.home();
        fs::create_dir_all(&home).on("create", &home)?;
        write(&self.findings(), "")
    }

    fn write_programs(&self) -> Result<()> {
        let compiler = self.folder().join("compiler.py");
        write(
            &compiler,
            &format!("MACHINE = {}\n{COMPILER}", self.described()),
        )?;
        let python = self.context.base.interpreter();
        let wrapper = |name: &str| {
            format!(
                "#!/bin/sh\nexec {} -I -S {} {name} \"$@\"\n",
                quoted(&python),
                quoted(&compiler)
            )
        };
        for (name, program) in PROGRAMS {
            write_program(&self.programs().join(name), &wrapper(program))?;
        }
        self.write_pkg_config()?;
        let itself = format!("#!/bin/sh\nexec {} \"$@\"\n", quoted(&python));
        let versioned = format!("python{}", self.context.base.release.series.name);
        for name in ["python", "python3", &versioned] {
            write_program(&self.programs().join(name), &itself)?;
        }
        Ok(())
    }

    /// The machine's own would find libraries of the build machine.
    fn write_pkg_config(&self) -> Result<()> {
        let mut described: serde_json::Map<String, Value> = self
            .libraries
            .iter()
            .filter_map(|built| Some((built.library.pkg_config()?, built)))
            .map(|(name, built)| {
                let library = built.library;
                let described = json!({
                    "version": library.version_of_pkg_config(),
                    "prefix": built.artifact.path(),
                    "library": library.name(),
                    "needs": library.needed(),
                    "include": library.include(),
                });
                (name.to_owned(), described)
            })
            .collect();
        let of_cpython = &self.context.base.c_libraries;
        for (name, library, header, definition) in OF_CPYTHON {
            let header = of_cpython.join("include").join(header);
            let text = fs::read_to_string(&header).on("read", &header)?;
            let described_one = json!({
                "version": defined(&text, definition),
                "prefix": of_cpython.path(),
                "library": library,
                "needs": [],
                "include": "include",
            });
            described.insert(name.to_owned(), described_one);
        }
        let program = self.folder().join("pkg_config.py");
        let described = Value::from(described);
        write(&program, &format!("LIBRARIES = {described}\n{PKG_CONFIG}"))?;
        let python = self.context.base.interpreter();
        let wrapper = format!(
            "#!/bin/sh\nexec {} -I -S {} \"$@\"\n",
            quoted(&python),
            quoted(&program)
        );
        write_program(&self.programs().join("pkg-config"), &wrapper)
    }

    /// The configuration of compiler.py, as a Python literal.
    fn described(&self) -> Value {
        let base = self.context.base;
        let toolchain = &base.toolchain;
        let of_guest = self.libraries.iter().map(|built| &built.artifact);
        let of_guest = [&base.c_libraries]
            .into_iter()
            .chain(of_guest)
            .chain(self.on_demand);
        let libraries: Vec<PathBuf> = of_guest.clone().map(|made| made.join("lib")).collect();
        let below = self.libraries.iter();
        let below = below.map(|built| built.artifact.join(built.library.include()));
        let includes = of_guest.map(|made| made.join("include")).chain(below);
        let includes: Vec<PathBuf> = includes.collect();
        let mut flags = vec![
            format!("-isystem{}", self.compat.join("include").display()),
            // Before all flags of build systems, which add the build Python's headers.
            format!("-I{}", base.python.join("include").display()),
        ];
        flags.extend(toolchain.target_flags());
        flags.extend(jumps::FLAGS.map(str::to_owned));
        flags.extend(self.private().map(|(path, stands_for)| {
            format!("-ffile-prefix-map={}={stands_for}", path.display())
        }));
        let mut cxx = vec![format!("-isystem{}", self.compat.join("c++").display())];
        cxx.extend(self.cxx.flags());
        cxx.extend(flags.iter().cloned());
        json!({
            "clang": toolchain.clang(),
            "wasm_ld": toolchain.wasm_ld(),
            "ar": toolchain.ar(),
            "ranlib": toolchain.ranlib(),
            "c": flags,
            "cxx": cxx,
            "includes": includes,
            "libraries": libraries,
            "needed": self.needed(),
            "cxx_libraries": [self.cxx.folder()],
            "findings": self.findings(),
        })
    }

    /// The libraries that must be linked with each library.
    fn needed(&self) -> Value {
        self.libraries
            .iter()
            .map(|built| {
                (
                    built.library.name().to_owned(),
                    json!(built.library.needed()),
                )
            })
            .collect::<serde_json::Map<String, Value>>()
            .into()
    }

    /// The paths of this machine that files in the guest could contain, and their replacements.
    pub(super) fn private(&self) -> impl Iterator<Item = (&Path, String)> {
        let base = self.context.base;
        [
            (self.scratch, "/build".to_owned()),
            (self.tree, format!("/{}", self.package)),
            (self.tools.path(), "/build-requirements".to_owned()),
            (self.compat.path(), "/compat".to_owned()),
            (base.python.path(), "/python".to_owned()),
            (base.c_libraries.path(), "/c-libraries".to_owned()),
            (base.toolchain.sysroot(), "/sysroot".to_owned()),
            (self.context.cargo_home, "/cargo".to_owned()),
        ]
        .into_iter()
    }

    /// The guest's values for the build Python's modules.
    fn write_modules(&self) -> Result<()> {
        let name = format!("{}.py", cpython::SYSCONFIG_MODULE);
        let original = self.context.base.python.join("stdlib").join(&name);
        let text = fs::read_to_string(&original).on("read", &original)?;
        let modules = self.modules();
        let text = format!("{text}\nbuild_time_vars.update({})\n", self.sysconfig());
        write(&modules.join(&name), &text)?;
        write(&modules.join("sitecustomize.py"), SITECUSTOMIZE)
    }

    pub(super) fn modules(&self) -> PathBuf {
        self.folder().join("modules")
    }

    pub(super) fn home(&self) -> PathBuf {
        self.scratch.join("home")
    }

    fn sysconfig(&self) -> Value {
        let program = |name: &str| self.programs().join(name).display().to_string();
        let linker = |name: &str| format!("{} -shared", program(name));
        let python = &self.context.base.python;
        let flags = self.cflags();
        json!({
            "AR": program("ar"),
            "BLDSHARED": linker("cc"),
            "CC": program("cc"),
            "CFLAGS": flags,
            "CONFINCLUDEPY": python.join("include"),
            "CPPFLAGS": "",
            "CXX": program("c++"),
            "INCLUDEPY": python.join("include"),
            "LDCXXSHARED": linker("c++"),
            "LDSHARED": linker("cc"),
            "LIBDIR": python.join("lib"),
            "LIBS": "",
            "OPT": "",
            "PY_CFLAGS": flags,
            "RANLIB": program("ranlib"),
        })
    }

    pub(super) fn cflags(&self) -> String {
        let toolchain = &self.context.base.toolchain;
        let ours = [
            "-O2",
            toolchain.assertion_flag(),
            // The same flags as CPython, whose macros are in the package's code.
            "-fwrapv",
            "-fno-strict-aliasing",
            "-Wno-unused-command-line-argument",
        ];
        let flags = ours.into_iter();
        let flags: Vec<&str> = flags
            .chain(self.overlay.cflags.iter().map(String::as_str))
            .collect();
        flags.join(" ")
    }

    fn meson(&self) -> String {
        let program = |name: &str| self.programs().join(name).display().to_string();
        format!(
            "[binaries]\n\
             c = '{}'\n\
             cpp = '{}'\n\
             fortran = '{}'\n\
             ar = '{}'\n\
             strip = '{}'\n\
             python = '{}'\n\
             cython = 'cython'\n\
             pkg-config = '{}'\n\
             [properties]\n\
             needs_exe_wrapper = true\n\
             skip_sanity_check = true\n\
             longdouble_format = 'IEEE_QUAD_LE'\n\
             [built-in options]\n\
             b_ndebug = '{}'\n\
             [host_machine]\n\
             system = 'wasi'\n\
             cpu_family = 'wasm32'\n\
             cpu = 'wasm32'\n\
             endian = 'little'\n",
            program("cc"),
            program("c++"),
            program("gfortran"),
            program("ar"),
            program("strip"),
            self.context.base.interpreter().display(),
            program("pkg-config"),
            !self.context.base.toolchain.asserts(),
        )
    }

    /// The compilers of this machine, because PATH has the guest's under their names.
    fn meson_of_build_machine(&self) -> String {
        let binaries = [("c", "cc"), ("cpp", "c++"), ("ar", "ar")];
        let found = binaries
            .into_iter()
            .filter_map(|(name, program)| Some((name, self.found(program)?)))
            .map(|(name, file)| format!("{name} = '{}'\n", file.display()));
        format!("[binaries]\n{}", found.collect::<String>())
    }

    /// A program of the build machine.
    pub(super) fn found(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(self.context.path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
    }

    fn cmake(&self) -> String {
        let folders = self.libraries.iter().map(|built| built.artifact.path());
        let folders = folders.chain(self.on_demand.iter().map(Artifact::path));
        let folders = folders.chain([self.context.base.c_libraries.path()]);
        let folders: Vec<String> = folders.map(|path| path.display().to_string()).collect();
        format!(
            "set(WADUP_PROGRAMS \"{}\")\nset(WADUP_MODULES \"{}\")\nset(WADUP_LIBRARIES \"{}\")\n{TOOLCHAIN_FILE}",
            self.programs().display(),
            self.folder().join("platform").display(),
            folders.join(";")
        )
    }
}

/// The text that a header defines a macro as.
fn defined<'t>(header: &'t str, name: &str) -> &'t str {
    header
        .lines()
        .filter_map(|line| line.strip_prefix("#define ")?.strip_prefix(name))
        .filter(|rest| rest.starts_with(' '))
        .find_map(|rest| rest.split('"').nth(1))
        .unwrap_or("0")
}

/// The same text for both ABIs: PyO3 reads the stable ABI from a crate's features.
fn pyo3(series: &Series) -> String {
    format!(
        "implementation=CPython\nversion={}\nshared=false\nabi3=false\npointer_width=32\n\
         ext_suffix=.{}-wasm32-wasi.so\nsuppress_build_script_link_lines=true\n",
        series.name,
        series.cache_tag()
    )
}

pub(super) fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

fn write(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).on("create", folder)?;
    }
    fs::write(file, text).on("write", file)
}

fn write_program(file: &Path, text: &str) -> Result<()> {
    write(file, text)?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).on("write", file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_the_header() {
        let header = "#define ZLIB_VERNUM 0x1310\n#define ZLIB_VERSION \"1.3.1\"\n";

        assert_eq!(defined(header, "ZLIB_VERSION"), "1.3.1");
        assert_eq!(defined(header, "Z"), "0");
    }
}

//! The C shim that starts the interpreter, and the object that holds the bundle.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cpython::Builtin;
use crate::error::{Error, FileContext, Result};
use crate::extension::Module;
use crate::store::Artifact;
use crate::toolchain::{TARGET, Toolchain};
use crate::{MOUNT, cpython, tree};

const SHIM: &str = include_str!("shim.c");
const BUNDLE: &str = include_str!("bundle.S");
const SBOM: &str = include_str!("sbom.S");

/// Compiles the shim against CPython's headers, with the given modules in its tables: what the interpreter
/// holds, and the native ones of packages. It imports `first` as soon as the interpreter runs.
pub(crate) fn compile_shim(
    builtins: &[Builtin],
    modules: &[Module],
    first: Option<&str>,
    python: &Artifact,
    toolchain: &Toolchain,
    folder: &Path,
) -> Result<PathBuf> {
    let source = write(folder, "shim.c", SHIM)?;
    write(
        folder,
        "wadup_config.h",
        &configuration(builtins, modules, first),
    )?;
    let mut build = compiler(toolchain, folder);
    build
        .file(&source)
        .include(folder)
        .include(python.join("include"))
        .warnings_into_errors(true)
        .extra_warnings(true)
        // CPython's own headers leave parameters unused.
        .flag("-Wno-unused-parameter");
    object(&build, &source)
}

/// Puts the bundle into an object.
pub(crate) fn compile_bundle(
    bundle: &Path,
    toolchain: &Toolchain,
    folder: &Path,
) -> Result<PathBuf> {
    let source = write(folder, "bundle.S", BUNDLE)?;
    compile_file("WADUP_BUNDLE_FILE", bundle, &source, toolchain, folder)
}

/// Puts the list of what the guest is made of into an object.
pub(crate) fn compile_sbom(list: &Path, toolchain: &Toolchain, folder: &Path) -> Result<PathBuf> {
    let source = write(folder, "sbom.S", SBOM)?;
    compile_file("WADUP_SBOM_FILE", list, &source, toolchain, folder)
}

/// Compiles a source that takes in the bytes of `file`, whose path it knows under the name `variable`.
fn compile_file(
    variable: &str,
    file: &Path,
    source: &Path,
    toolchain: &Toolchain,
    folder: &Path,
) -> Result<PathBuf> {
    let mut build = compiler(toolchain, folder);
    build
        .file(source)
        .define(variable, Some(quoted(&file.to_string_lossy()).as_str()));
    object(&build, source)
}

fn compiler(toolchain: &Toolchain, folder: &Path) -> cc::Build {
    let mut build = cc::Build::new();
    build
        .compiler(toolchain.clang())
        .flag(format!("--sysroot={}", toolchain.sysroot().display()))
        .target(TARGET)
        .host(&format!(
            "{}-unknown-{}",
            std::env::consts::ARCH,
            std::env::consts::OS
        ))
        .opt_level(2)
        .debug(false)
        .out_dir(folder)
        .flag(format!("-ffile-prefix-map={}=/wadup", folder.display()))
        .cargo_metadata(false);
    build
}

fn object(build: &cc::Build, source: &Path) -> Result<PathBuf> {
    let objects = build
        .try_compile_intermediates()
        .map_err(|error| Error::malformed(source, error))?;
    objects
        .into_iter()
        .next()
        .ok_or_else(|| Error::malformed(source, "the compiler made no object"))
}

fn write(folder: &Path, name: &str, content: &str) -> Result<PathBuf> {
    fs::create_dir_all(folder).on("create", folder)?;
    let path = folder.join(name);
    tree::write_if_changed(&path, content)?;
    Ok(path)
}

/// The strings that the shim is compiled with.
fn configuration(builtins: &[Builtin], modules: &[Module], first: Option<&str>) -> String {
    let row = |row: &str, name: &str, function: &str| {
        format!(" \\\n    {row}({}, {function})", quoted(name))
    };
    let builtins: String = builtins
        .iter()
        .map(|builtin| match &builtin.function {
            Some(function) => row("X", &builtin.name, function),
            None => row("Y", &builtin.name, "NULL"),
        })
        .collect();
    let extensions: String = modules
        .iter()
        .map(|module| row("X", &module.name, &module.symbol))
        .collect();
    let first = first.map_or_else(String::new, |module| {
        format!("#define WADUP_FIRST_IMPORT {}\n", quoted(module))
    });
    format!(
        "#define WADUP_MOUNT {}\n\
         #define WADUP_PYTHON_SERIES {}\n\
         #define WADUP_BUILTINS(X, Y){builtins}\n\
         #define WADUP_EXTENSIONS(X){extensions}\n\
         {first}",
        quoted(MOUNT),
        quoted(cpython::SERIES),
    )
}

/// A C string literal.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_name_each_module_with_its_init_function() {
        let builtins = [("gc", Some("PyInit_gc")), ("sys", None)].map(|(name, function)| Builtin {
            name: name.into(),
            function: function.map(str::to_owned),
        });
        let modules = [Module {
            name: "pydantic_core._pydantic_core".into(),
            symbol: "wadup_init_pydantic_1core__1pydantic_1core".into(),
        }];

        let text = configuration(&builtins, &modules, Some("first"));

        assert_eq!(
            text,
            "#define WADUP_MOUNT \"/wadup\"\n\
             #define WADUP_PYTHON_SERIES \"3.13\"\n\
             #define WADUP_BUILTINS(X, Y) \\\n    X(\"gc\", PyInit_gc) \\\n    Y(\"sys\", NULL)\n\
             #define WADUP_EXTENSIONS(X) \\\n    \
             X(\"pydantic_core._pydantic_core\", wadup_init_pydantic_1core__1pydantic_1core)\n\
             #define WADUP_FIRST_IMPORT \"first\"\n"
        );
    }

    #[test]
    fn without_native_modules_the_table_is_empty() {
        assert!(configuration(&[], &[], None).ends_with("#define WADUP_EXTENSIONS(X)\n"));
    }

    #[test]
    fn a_path_with_quotes_stays_one_literal() {
        assert_eq!(quoted(r#"/a "b"\c"#), r#""/a \"b\"\\c""#);
    }
}

//! The C shim that starts the interpreter, and the object with the bundle and the SBOM.

use std::fs;
use std::path::{Path, PathBuf};

use wadup_contract::mount::MOUNT;

use crate::cpython::{Builtin, Series};
use crate::error::{FileContext, Result};
use crate::extension::ExtensionModule;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Toolchain;
use crate::{hash, hide, tree};

const SHIM: &str = include_str!("shim.c");
const DATA: &str = include_str!("data.S");

/// The name of the recipe.
pub(crate) const NAME: &str = "shim";

const OBJECT: &str = "shim.o";

/// The folder in the guest's build folder in which the bundle becomes an object.
pub(crate) const FOLDER: &str = "shim";

/// The object in that folder with the bundle.
pub(crate) const DATA_OBJECT: &str = "data.o";

const FLAGS: [&str; 7] = [
    "-O2",
    "-ffunction-sections",
    "-fdata-sections",
    "-Wall",
    "-Wextra",
    "-Werror",
    // CPython's headers have unused parameters.
    "-Wno-unused-parameter",
];

/// The recipe of the shim, compiled against CPython's headers. Its tables contain the interpreter's built-in modules
/// and the native modules of packages.
pub(crate) struct Shim<'a> {
    pub(crate) builtins: &'a [Builtin],
    pub(crate) modules: &'a [ExtensionModule],
    /// A module to import as soon as the interpreter runs.
    pub(crate) first_import: Option<&'a str>,
    pub(crate) python: &'a Artifact,
    pub(crate) series: &'static Series,
    pub(crate) toolchain: &'a Toolchain,
}

impl Shim<'_> {
    /// The object in the artifact.
    pub(crate) fn object(artifact: &Artifact) -> PathBuf {
        artifact.join(OBJECT)
    }

    fn configuration(&self) -> String {
        configuration(self.series, self.builtins, self.modules, self.first_import)
    }
}

impl Recipe for Shim<'_> {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["mod.rs"])
            .with("source", hash::of_bytes(SHIM))
            .with("configuration", hash::of_bytes(self.configuration()))
            .with("flags", FLAGS.join(" "))
            .with("toolchain", self.toolchain.identity())
            .with_artifact(self.python)
    }

    fn step(&self) -> String {
        "compiling the shim that starts Python".to_owned()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let source = dirs.scratch.join("shim.c");
        fs::write(&source, SHIM).on("write", &source)?;
        let configuration = dirs.scratch.join("wadup_config.h");
        fs::write(&configuration, self.configuration()).on("write", &configuration)?;
        let folders = [
            format!("-I{}", self.python.join("include").display()),
            format!("-ffile-prefix-map={}=/wadup", dirs.scratch.display()),
        ];
        self.toolchain.compile(
            &source,
            &dirs.content.join(OBJECT),
            FLAGS.into_iter().chain(folders.iter().map(String::as_str)),
            dirs.log,
        )
    }
}

/// How many zeros follow a bundle, up to a multiple of 64 KiB. When a Python file changes, what lies behind the bundle
/// keeps its address, and so the guest's code stays the same.
fn padding(bundle: u64) -> u64 {
    bundle.next_multiple_of(0x1_0000) - bundle
}

/// Compiles the bundle and the SBOM into an object in `folder`.
pub(crate) fn compile_data(
    bundle: &Path,
    sbom: &Path,
    toolchain: &Toolchain,
    folder: &Path,
) -> Result<PathBuf> {
    fs::create_dir_all(folder).on("create", folder)?;
    let source = folder.join("data.S");
    tree::write_if_changed(&source, DATA)?;
    let object = folder.join(DATA_OBJECT);
    let define = |name: &str, file: &Path| format!("-D{name}={}", quoted(&file.to_string_lossy()));
    let bytes = fs::metadata(bundle).on("read", bundle)?.len();
    toolchain.compile(
        &source,
        &object,
        [
            define("WADUP_BUNDLE_FILE", bundle),
            define("WADUP_SBOM_FILE", sbom),
            format!("-DWADUP_BUNDLE_PADDING={}", padding(bytes)),
        ],
        &folder.join("data.log"),
    )?;
    Ok(object)
}

/// The header with the shim's configuration.
fn configuration(
    series: &Series,
    builtins: &[Builtin],
    modules: &[ExtensionModule],
    first: Option<&str>,
) -> String {
    let builtins: String = builtins
        .iter()
        .map(|builtin| {
            let name = quoted(&builtin.name);
            match &builtin.function {
                Some(function) => {
                    let symbol = quoted(&hide::in_libpython(function));
                    format!(" \\\n    X({name}, {function}, {symbol})")
                }
                None => format!(" \\\n    Y({name})"),
            }
        })
        .collect();
    let extensions: String = modules
        .iter()
        .map(|module| format!(" \\\n    X({}, {})", quoted(&module.name), module.symbol))
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
        quoted(series.name),
    )
}

/// A C string literal.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use wadup_contract::mount::{LIBRARY, PACKAGES, USER};

    use super::*;

    #[test]
    fn python_looks_for_modules_where_the_contract_has_them() {
        for folder in [LIBRARY, PACKAGES, USER] {
            let below_mount = folder.strip_prefix(MOUNT).unwrap().trim_end_matches('/');

            let path = format!("WADUP_MOUNT \"{below_mount}");

            assert!(SHIM.contains(&path), "{path}");
        }
    }

    #[test]
    fn tables_list_each_module_with_its_init_function() {
        let builtins = [
            ("gc", Some("PyInit_gc")),
            ("marshal", Some("PyMarshal_Init")),
            ("sys", None),
        ]
        .map(|(name, function)| Builtin {
            name: name.into(),
            function: function.map(str::to_owned),
        });
        let modules = [ExtensionModule {
            name: "pydantic_core._pydantic_core".into(),
            symbol: "wadup_init_pydantic_1core__1pydantic_1core".into(),
        }];

        let series = Series::default();
        let text = configuration(series, &builtins, &modules, Some("first"));

        assert_eq!(
            text,
            format!(
                "#define WADUP_MOUNT \"/wadup\"\n\
             #define WADUP_PYTHON_SERIES \"{}\"\n\
             #define WADUP_BUILTINS(X, Y) \\\n    \
             X(\"gc\", PyInit_gc, \"wadup.PyInit_gc\") \\\n    \
             X(\"marshal\", PyMarshal_Init, \"PyMarshal_Init\") \\\n    \
             Y(\"sys\")\n\
             #define WADUP_EXTENSIONS(X) \\\n    \
             X(\"pydantic_core._pydantic_core\", wadup_init_pydantic_1core__1pydantic_1core)\n\
             #define WADUP_FIRST_IMPORT \"first\"\n",
                series.name
            )
        );
    }

    #[test]
    fn table_is_empty_without_native_modules() {
        assert!(
            configuration(Series::default(), &[], &[], None)
                .ends_with("#define WADUP_EXTENSIONS(X)\n")
        );
    }

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(quoted(r#"/a "b"\c"#), r#""/a \"b\"\\c""#);
    }
}

//! `cargo wadup new`: creates a guest project that builds and runs.

mod configuration;
mod dependency;
mod name;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::dependency::Origin;
use self::name::Name;

/// Creates a guest project that builds and runs
///
/// It contains Python with pydantic, and a line of Rust. Existing files are never overwritten.
#[derive(clap::Args)]
pub(crate) struct NewArgs {
    /// The folder to create; its last component is the name of the crate and the Python package
    #[arg(value_name = "NAME")]
    path: PathBuf,
    /// The wadup checkout to depend on [default: the one that this program was built from, or else this program's version of the
    /// crates in the registry]
    #[arg(long, value_name = "FOLDER")]
    wadup: Option<PathBuf>,
}

/// The files of the project, with placeholders for names.
const TEMPLATE: [(&str, &str); 10] = [
    ("Cargo.toml", include_str!("new/template/manifest.toml")),
    ("build.rs", include_str!("new/template/build.rs")),
    ("src/lib.rs", include_str!("new/template/src/lib.rs")),
    (
        "pyproject.toml",
        include_str!("new/template/pyproject.toml"),
    ),
    (
        "python/@module@/__init__.py",
        include_str!("new/template/python/__init__.py"),
    ),
    (
        "tests/test_guest.py",
        include_str!("new/template/tests/test_guest.py"),
    ),
    (
        "typings/wadup/__init__.pyi",
        include_str!("new/template/typings/wadup/__init__.pyi"),
    ),
    (
        "typings/wadup/testing.pyi",
        include_str!("new/template/typings/wadup/testing.pyi"),
    ),
    (".gitignore", include_str!("new/template/gitignore")),
    ("README.md", include_str!("new/template/README.md")),
];

/// Runs the command. If it fails, it removes the incomplete project.
pub(crate) fn execute(args: &NewArgs) -> crate::Outcome {
    let project = std::path::absolute(&args.path)
        .map_err(|error| format!("`{}`: {error}", args.path.display()))?;
    let name = Name::of(&project)?;
    let origin = Origin::choose(args.wadup.as_deref())?;
    create(&project)?;
    let written = write(&project, &name, &origin).and_then(|()| configuration::write(&project));
    written.inspect_err(|_| {
        // The folder is new, so everything in it was written by this command.
        drop(fs::remove_dir_all(&project));
    })?;
    let shown = args.path.display();
    eprintln!(
        "made the guest `{}` in {shown}, with wadup from {origin}; build and run it with",
        name.package()
    );
    eprintln!("    cd {shown}");
    eprintln!("    cargo wadup build --release");
    eprintln!("    cargo wadup run Cargo.lock");
    eprintln!("and test it with `cargo wadup test`");
    Ok(ExitCode::SUCCESS)
}

/// Creates the folder, which must not exist yet.
fn create(project: &Path) -> Result<(), String> {
    let shown = project.display();
    if let Some(parent) = project.parent() {
        fs::create_dir_all(parent)
            .map_err(|error| format!("could not create `{}`: {error}", parent.display()))?;
    }
    fs::create_dir(project).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("`{shown}` already exists\nhelp: choose another name, or remove it first")
        }
        _ => format!("could not create `{shown}`: {error}"),
    })
}

fn write(project: &Path, name: &Name, origin: &Origin) -> Result<(), String> {
    let guest = origin.requirement("wadup-guest")?;
    let build = origin.requirement("wadup-build")?;
    let fill = |text: &str| {
        text.replace("@name@", name.package())
            .replace("@module@", &name.module())
            .replace("@wadup-guest@", &guest)
            .replace("@wadup-build@", &build)
    };
    for (file, text) in TEMPLATE {
        let path = project.join(fill(file));
        let parent = path.parent().unwrap_or(project);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, fill(text)))
            .map_err(|error| format!("could not write `{}`: {error}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::Checkout;

    /// The functions of a text with their parameters, without types.
    fn functions(text: &str, keyword: &str) -> Vec<(String, Vec<String>)> {
        let signatures = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix(keyword));
        signatures
            .filter_map(|signature| {
                let (name, rest) = signature.split_once('(')?;
                let (parameters, _) = rest.rsplit_once(") ")?;
                let names = parameters
                    .split(", ")
                    .filter_map(|parameter| parameter.split_once(": "));
                let names = names.map(|(name, _)| name.to_owned());
                Some((name.to_owned(), names.filter(|name| name != "py").collect()))
            })
            .collect()
    }

    #[test]
    fn the_stub_has_the_functions_of_the_module() {
        let checkout = Checkout::of_this_program().unwrap();
        let module = checkout.member("wadup-guest/src/python_module.rs");
        let module = fs::read_to_string(module).unwrap();
        let stub = include_str!("new/template/typings/wadup/__init__.pyi");

        let of_module = functions(&module, "fn ");

        assert_eq!(of_module.len(), 4, "{of_module:?}");
        assert_eq!(functions(stub, "def "), of_module);
    }

    #[test]
    fn the_stub_for_tests_has_the_names_of_the_module() {
        let checkout = Checkout::of_this_program().unwrap();
        let module = checkout.member("wadup-guest/src/suite/testing.py");
        let module = fs::read_to_string(module).unwrap();
        let stub = include_str!("new/template/typings/wadup/testing.pyi");
        let public = |text: &str| -> Vec<String> {
            let names = functions(text, "def ").into_iter().map(|(name, _)| name);
            names.filter(|name| !name.starts_with('_')).collect()
        };

        assert_eq!(public(&module), ["process", "taken"]);
        assert_eq!(public(stub), public(&module));
        for class in ["class SubContent:", "class Outcome:"] {
            assert!(module.contains(class) && stub.contains(class), "{class}");
        }
    }

    #[test]
    fn all_placeholders_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("my-guest");
        create(&project).unwrap();

        let name = Name::of(&project).unwrap();
        write(&project, &name, &Origin::choose(None).unwrap()).unwrap();

        for (file, _) in TEMPLATE {
            let path = project.join(file.replace("@module@", "my_guest"));
            let text = fs::read_to_string(path).unwrap();
            for open in ["@name@", "@module@", "@wadup-guest@", "@wadup-build@"] {
                assert!(!text.contains(open), "{file}: {text}");
            }
        }
    }
}

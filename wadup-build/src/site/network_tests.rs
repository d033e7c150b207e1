//! Tests with uv and a package index, on real packages.
//!
//! They need a package index and the tools of `cargo wadup setup`, so only `cargo xtask test` runs them.

use std::fs;
use std::path::{Path, PathBuf};

use super::distribution::DistributionFile;
use super::*;
use crate::base::{Place, Request};
use crate::cpython::Release;
use crate::environment::Environment;
use crate::error::Result;
use crate::plan::Plan;
use crate::progress::Silent;
use crate::source::Sources;
use crate::store::{Artifact, Store};
use crate::{store, tree, uv};

struct Guest {
    folder: tempfile::TempDir,
    store: Store,
    program: PathBuf,
    python: PathBuf,
    supplied: Option<PathBuf>,
    offline: bool,
    release: &'static Release,
}

impl Guest {
    fn with(dependencies: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::of_process();
        let shared = Store::new(store::folder(&environment).unwrap(), Box::new(Silent));
        let base = Place {
            environment: &environment,
            store: &shared,
            sources: &Sources::new(&environment, &shared),
        }
        .find(&Request::default())
        .unwrap();
        let guest = Self {
            store: Store::new(folder.path().join("store"), Box::new(Silent)),
            program: uv::find(&environment, shared.root()).unwrap(),
            python: base.interpreter(),
            release: base.release,
            supplied: None,
            offline: false,
            folder,
        };
        guest.depends_on(dependencies);
        guest
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn depends_on(&self, dependencies: &str) {
        let file = self.folder.path().join("pyproject.toml");
        fs::write(
            file,
            format!("[project]\ndependencies = [{dependencies}]\n"),
        )
        .unwrap();
    }

    fn uv(&self) -> Uv<'_> {
        Uv {
            program: &self.program,
            python: &self.python,
            release: self.release,
            project: self.folder.path(),
            supplied: self.supplied.as_deref(),
            offline: self.offline,
        }
    }

    fn resolve(&self) -> Result<Resolution> {
        let policy = LockPolicy {
            locked: false,
            spare: self.folder.path(),
        };
        let plan = Plan::read(self.folder.path())?;
        resolve(
            &self.store,
            self.uv(),
            &plan,
            &policy,
            Recipes(&[("pydantic-core", "")]),
        )
    }

    fn install(&self, packages: &[PurePackage]) -> Result<Artifact> {
        self.store.artifact(&Site {
            uv: self.uv(),
            packages,
        })
    }

    fn download(&self, file: &DistributionFile, folder: &Path) {
        let environment = Environment::of_process();
        let sources = Sources::new(&environment, &self.store);
        let wheel = sources.obtain(&file.archive(), None).unwrap();
        fs::create_dir(folder).unwrap();
        fs::copy(wheel, folder.join(&file.name)).unwrap();
    }

    /// Like another machine: the store and uv's cache are empty.
    fn clear_everything_but_the_lock(&mut self) {
        self.store = Store::new(self.folder.path().join("another"), Box::new(Silent));
        let configuration = self.folder.path().join("uv.toml");
        fs::write(configuration, "cache-dir = \"cache\"\n").unwrap();
    }

    fn lock(&self) -> String {
        fs::read_to_string(self.folder.path().join("wadup.lock")).unwrap()
    }
}

fn names(packages: &[PurePackage]) -> Vec<&str> {
    packages
        .iter()
        .map(|package| package.name.as_str())
        .collect()
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn pydantic_is_locked_split_and_installed_and_then_needs_no_network() {
    let mut guest = Guest::with("\"pydantic==2.12.5\", \"colorama; sys_platform == 'win32'\"");

    let resolution = guest.resolve().unwrap();
    let site = guest.install(&resolution.pure).unwrap();

    assert_eq!(
        names(&resolution.pure),
        [
            "annotated-types",
            "pydantic",
            "typing-extensions",
            "typing-inspection"
        ]
    );
    let core = &resolution.native[0];
    assert_eq!(
        (core.name.as_str(), core.version.as_str()),
        ("pydantic-core", "2.41.5")
    );
    assert_eq!(core.sdist.name, "pydantic_core-2.41.5.tar.gz");
    let files = tree::files(site.path()).unwrap();
    for expected in [
        "pydantic/__init__.py",
        "pydantic-2.12.5.dist-info/METADATA",
        "typing_extensions.py",
    ] {
        assert!(files.iter().any(|file| file == expected), "{expected}");
    }
    assert!(
        !files
            .iter()
            .any(|file| file.contains("REQUESTED") || file == ".lock"),
        "{files:?}"
    );
    let lock = guest.lock();
    assert!(
        lock.contains("    # via pyproject.toml\n") && !lock.contains("://"),
        "{lock}"
    );
    assert!(
        !lock.contains(&*guest.folder.path().to_string_lossy()),
        "{lock}"
    );

    guest.program = "/nonexistent/uv".into();
    guest.offline = true;
    let again = guest.resolve().unwrap();
    assert_eq!(again.pure, resolution.pure);
    assert_eq!(again.native, resolution.native);
    assert_eq!(guest.install(&again.pure).unwrap().id(), site.id());
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn offline_missing_packages_are_listed_and_found_in_the_supplied_folder() {
    let mut guest = Guest::with("\"six==1.17.0\"");
    let resolution = guest.resolve().unwrap();
    let supplied = guest.folder.path().join("supplied");
    guest.download(&resolution.pure[0].file, &supplied);

    guest.offline = true;
    guest.clear_everything_but_the_lock();
    let unlisted = guest.resolve().unwrap_err().to_string();
    let uninstalled = guest.install(&resolution.pure).unwrap_err().to_string();
    guest.supplied = Some(supplied);
    let again = guest.resolve().unwrap();
    let site = guest.install(&again.pure).unwrap();

    assert!(unlisted.contains("six 1.17.0: its wheel"), "{unlisted}");
    assert!(
        uninstalled.contains("six-1.17.0-py2.py3-none-any.whl (sha256 4721"),
        "{uninstalled}"
    );
    for error in [unlisted, uninstalled] {
        assert!(error.contains("WADUP_SOURCES"), "{error}");
    }
    assert!(site.join("six.py").is_file());
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_new_dependency_leaves_the_locked_versions_as_they_are() {
    let guest = Guest::with("\"typing-extensions==4.14.0\"");
    guest.resolve().unwrap();
    guest.depends_on("\"typing-extensions\", \"six\"");

    let resolution = guest.resolve().unwrap();

    assert_eq!(names(&resolution.pure), ["six", "typing-extensions"]);
    assert_eq!(resolution.pure[1].version, "4.14.0");
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_package_without_a_pure_wheel_is_built_from_source() {
    let guest = Guest::with("\"docopt==0.6.2\", \"markupsafe==3.0.3\"");

    let resolution = guest.resolve().unwrap();

    let found: Vec<(&str, bool)> = resolution
        .native
        .iter()
        .map(|package| (&*package.sdist.name, package.has_native_wheels))
        .collect();
    assert_eq!(
        found,
        [
            ("docopt-0.6.2.tar.gz", false),
            ("markupsafe-3.0.3.tar.gz", true)
        ]
    );
    assert!(resolution.pure.is_empty());
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_package_in_native_is_built_although_it_has_a_pure_wheel() {
    let guest = Guest::with("\"wrapt==2.0.1\"");
    let project = "[project]\ndependencies = [\"wrapt==2.0.1\"]\n[tool.wadup]\n";

    let by_default = guest.resolve().unwrap();
    guest.write(
        "pyproject.toml",
        &format!("{project}native = [\"Wrapt\"]\n"),
    );
    let asked_for = guest.resolve().unwrap();
    guest.write("pyproject.toml", &format!("{project}native = [\"wrap\"]\n"));
    let misspelled = guest.resolve().unwrap_err().to_string();

    assert_eq!(names(&by_default.pure), ["wrapt"]);
    assert_eq!(asked_for.native[0].name, "wrapt");
    assert!(
        misspelled.contains("`native`: the guest has no package `wrap`"),
        "{misspelled}"
    );
}

const BACKEND: &str = "[build-system]\nrequires = [\"setuptools==80.9.0\"]\n\
                       build-backend = \"setuptools.build_meta\"\n";

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_local_package_wins_over_one_of_the_same_name_on_the_index() {
    let guest = Guest::with("\"inner-4711\"");
    guest.write(
        "pyproject.toml",
        "[project]\ndependencies = [\"inner-4711\"]\n[tool.uv.sources]\ninner-4711 = { path = \"inner\" }\n",
    );
    // The index has a newer `six`, and no `inner-4711`.
    guest.write(
        "inner/pyproject.toml",
        &format!(
            "{BACKEND}[project]\nname = \"inner-4711\"\nversion = \"1\"\ndependencies = [\"six\"]\n\
             [tool.uv.sources]\nsix = {{ path = \"../my six\" }}\n"
        ),
    );
    guest.write("inner/inner_4711.py", "");
    guest.write(
        "my six/setup.py",
        "from setuptools import setup\nsetup(name='six', version='0.1+mine', py_modules=['six'])\n",
    );
    guest.write("my six/six.py", "MINE = True\n");

    let first = guest.resolve().unwrap();
    let lock = guest.lock();
    guest.write("my six/six.py", "MINE = 'still'\n");
    let second = guest.resolve().unwrap();

    let found: Vec<String> = first
        .local
        .iter()
        .map(|local| format!("{}=={}", local.name, local.version))
        .collect();
    assert_eq!(found, ["inner-4711==1", "six==0.1+mine"]);
    assert!(first.pure.is_empty() && first.native.is_empty());
    assert!(
        lock.contains("six==0.1+mine \\\n") && lock.contains("    #   inner-4711\n"),
        "{lock}"
    );
    assert!(
        !lock.contains("file:") && !lock.contains("constraints"),
        "{lock}"
    );
    let text = |resolution: &Resolution| {
        fs::read_to_string(resolution.local[1].artifact.join("six.py")).unwrap()
    };
    assert_eq!(
        [text(&first), text(&second)],
        ["MINE = True\n", "MINE = 'still'\n"]
    );
    assert_ne!(lock, guest.lock());
    let left = tree::files(first.local[1].artifact.path()).unwrap();
    assert!(
        !left.iter().any(|file| file.contains("direct_url")),
        "{left:?}"
    );
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_local_package_with_native_code_is_rejected_with_its_line() {
    let guest = Guest::with("\"fast\"");
    guest.write(
        "pyproject.toml",
        "[project]\ndependencies = [\"fast\"]\n[tool.uv.sources]\nfast = { path = \"fast\" }\n",
    );
    guest.write("fast/pyproject.toml", BACKEND);
    guest.write(
        "fast/setup.py",
        "from setuptools import Extension, setup\n\
         setup(name='fast', version='1', packages=['fast'], package_data={'fast': ['*.so']},\n      \
         ext_modules=[Extension('fast.x', [], optional=True)])\n",
    );
    guest.write("fast/fast/__init__.py", "");
    guest.write("fast/fast/machine.so", "");

    let error = guest.resolve().unwrap_err().to_string();

    assert!(
        error.contains(
            "pyproject.toml: line 4: `fast` has native code: no pure-Python wheel can be built from"
        ),
        "{error}"
    );
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn a_key_that_uv_does_not_know_is_an_error() {
    let guest = Guest::with("\"six\"");
    let settings = "[project]\ndependencies = [\"six\"]\n[tool.uv]\nconstraint-dependencies = [\"six<1.16\"]\n";

    guest.write("pyproject.toml", &format!("{settings}indx = 1\n"));
    let error = guest.resolve().unwrap_err().to_string();
    guest.write("pyproject.toml", settings);
    let resolution = guest.resolve().unwrap();

    assert!(
        error.contains("unknown field `indx`") && error.contains("help: "),
        "{error}"
    );
    assert_eq!(resolution.pure[0].version, "1.15.0");
}

#[test]
#[ignore = "needs uv, a package index and the build Python"]
fn an_unknown_package_is_an_error_of_the_resolver() {
    let error = Guest::with("\"wadup-no-such-package\"")
        .resolve()
        .unwrap_err()
        .to_string();

    assert!(error.contains("resolving the dependencies of "), "{error}");
    assert!(error.contains("wadup-no-such-package"), "{error}");
}

//! Builds a guest from its plan: base, packages, bundle, shim, link line.

mod linking;

use std::fs;
use std::path::{Path, PathBuf};

use wadup_contract::index::{self, Index};

use crate::base::{self, Base, Place, Request};
use crate::bundle::{self, App, CompileRecipe, CompiledTree, Import, Library, Mode, ZipSlice};
use crate::cargo::{Line, Notes};
use crate::command::Program;
use crate::cpython::{Builtin, Looking};
use crate::environment::{Environment, Tool};
use crate::error::{Error, FileContext, Result};
use crate::extension::{self, BuildContext, Extension, on_demand};
use crate::plan::{EntryPoint, Plan, Stdlib};
use crate::site::{self, BuildLock, LockPolicy, PurePackage, Resolution, Site, Uv};
use crate::source::Sources;
use crate::source::registry::Cargo;
use crate::store::{Artifact, MirrorSettings, Mirrors, ProjectMirrors, Store};
use crate::{sbom, source, store, tree, uv};

/// Builds everything that the guest needs, in `folder` and in the store, and returns the lines for Cargo.
pub(crate) fn build(plan: &Plan, environment: &Environment, folder: &Path) -> Result<Vec<Line>> {
    let mirrors = MirrorSettings::of(
        environment,
        Some(ProjectMirrors {
            project: &plan.project,
            mirrors: &plan.mirrors.store_mirror,
            key: plan.mirrors.store_mirror_key.as_deref(),
        }),
    )?;
    let mirrors = Mirrors::new(mirrors, source::is_offline(environment), &Notes);
    let store = Store::new(store::folder(environment)?, Box::new(Notes)).with_mirrors(mirrors);
    let sources = Sources::new(environment, &store);
    let place = Place {
        environment,
        store: &store,
        sources: &sources,
    };
    let request = Request {
        wanted: plan.python,
        requires: plan.requires_python.as_ref(),
    };
    let choice = place.choose(&request, Looking::Anywhere)?;
    let base = place.prepare(choice.release)?;
    let guest = Guest {
        plan,
        environment,
        folder,
        store: &store,
        sources: &sources,
        interpreter: base.interpreter(),
        uv: find_uv(plan, environment, &store)?,
        base,
    };
    let resolution = guest.resolve()?;
    let (extensions, build_lock) = guest.extensions(&resolution)?;
    let app = guest.app()?;
    guest.warn_without_main(&app);

    let packages = guest.packages(&resolution, &extensions)?;
    let library = guest.library(&extensions, &packages, &app)?;
    let on_demand = guest.on_demand(&library)?;

    let bundle = folder.join("bundle.zip");
    let package_slices = packages.into_iter().map(|package| package.slice);
    // Tests take the user's files from where they lie, so that edits need no build.
    let is_built_in = !plan.is_for_tests || environment.flag("WADUP_TESTS_BUILT_IN");
    let app_slices: &[ZipSlice] = if is_built_in { &app.slices } else { &[] };
    let slices: Vec<ZipSlice> = library
        .slices
        .iter()
        .cloned()
        .chain(bundle::license_slices(&on_demand, folder)?)
        .chain(package_slices)
        .chain(app_slices.iter().cloned())
        .collect();
    let entries = bundle::assemble(&slices, &bundle)?;
    let extension_modules = extensions
        .iter()
        .flat_map(|extension| extension.modules(&plan.exclude))
        .map(|module| module.name.as_str());
    let others = bundle::OtherModules::new(&entries, library.built_in().chain(extension_modules));
    let shadowing = bundle::shadowing_warnings(&app, &others, &guest.interpreter, folder)?;
    let index = bundle::index(plan, &app, &entries, library.built_in());
    let index = write_index(folder, &index)?;
    let sbom = guest.write_sbom(&resolution, &extensions, &on_demand)?;

    let mut lines = vec![Line::RustcEnv(index::VARIABLE, index)];
    let linker = environment.system("RUSTC_LINKER").map(PathBuf::from);
    let (link_line, linked) = guest.link_line(&library, &extensions, &on_demand, &bundle, &sbom)?;
    lines.extend(link_line.lines(linker.as_deref()));
    // The linker reads these from the store and the toolchain. If they are not there any more, the script must run again.
    lines.extend(
        linked
            .iter()
            .filter_map(|artifact| Line::follow(&artifact.inputs())),
    );
    lines.extend(
        linking::of_toolchain(&guest.base.toolchain).filter_map(|archive| Line::follow(&archive)),
    );
    if is_built_in {
        // The folder's time changes with new files, each file's own time with edits. A folder may still be made.
        lines.push(Line::RerunIfChanged(plan.python_source.clone()));
        lines.extend(app.files.iter().filter_map(|file| Line::follow(file)));
    }
    let local_files = resolution.local.iter().flat_map(|local| &local.followed);
    let files = resolution.lock.iter().chain(&build_lock);
    let files = files.chain(local_files).chain(&resolution.asked);
    lines.extend(files.filter_map(|file| Line::follow(file)));
    let overlays = plan.overlays.values();
    let patches = overlays.flat_map(|overlay| overlay.patches(&plan.project));
    lines.extend(patches.filter_map(|file| Line::follow(&file)));
    write_artifacts(&store.used_artifacts(), folder)?;
    let of_extensions = extensions.iter().filter_map(Extension::warning);
    let warnings = choice.warning().into_iter();
    let warnings = warnings.chain(app.warnings.iter().chain(&shadowing).cloned());
    lines.extend(warnings.chain(of_extensions).map(Line::Warning));
    Ok(lines)
}

/// Writes an index that names the entry point but no modules, so that the macro checks no names.
pub(crate) fn unchecked(plan: &Plan, folder: &Path) -> Result<Vec<Line>> {
    let file = write_index(folder, &bundle::index_of(plan, None))?;
    Ok(vec![Line::RustcEnv(index::VARIABLE, file)])
}

/// The file with the names and keys of the artifacts that a build used, in the folder `wadup` of the build script's OUT_DIR.
const ARTIFACTS: &str = "artifacts.json";

fn write_artifacts(ids: &[String], folder: &Path) -> Result<()> {
    let file = folder.join(ARTIFACTS);
    let text = serde_json::to_string(ids).map_err(|error| Error::malformed(&file, error))?;
    tree::write_if_changed(&file, text)
}

/// The artifacts that a build used, by what it wrote into its folder.
pub(crate) fn artifacts_left_in(folder: &Path) -> Result<Vec<String>> {
    let file = folder.join(ARTIFACTS);
    let text = fs::read(&file).on("read", &file)?;
    serde_json::from_slice(&text).map_err(|error| Error::malformed(&file, error))
}

fn write_index(folder: &Path, index: &Index) -> Result<PathBuf> {
    let file = folder.join(index::FILE);
    let text =
        serde_json::to_string_pretty(index).map_err(|error| Error::malformed(&file, error))?;
    tree::write_if_changed(&file, text)?;
    Ok(file)
}

/// One guest being built.
struct Guest<'a> {
    plan: &'a Plan,
    environment: &'a Environment,
    folder: &'a Path,
    store: &'a Store,
    sources: &'a Sources<'a>,
    base: Base,
    /// The build Python's interpreter.
    interpreter: PathBuf,
    uv: PathBuf,
}

fn find_uv(plan: &Plan, environment: &Environment, store: &Store) -> Result<PathBuf> {
    if plan.dependencies.is_empty() && plan.requirements.is_none() {
        // A guest without packages needs no resolver.
        return Ok(PathBuf::from("uv"));
    }
    uv::find(environment, store.root())
}

impl Guest<'_> {
    fn resolve(&self) -> Result<Resolution> {
        site::resolve(
            self.store,
            self.uv(),
            self.plan,
            &self.lock_policy(),
            extension::RECIPES,
        )
    }

    fn lock_policy(&self) -> LockPolicy<'_> {
        LockPolicy {
            locked: self.environment.flag("WADUP_LOCKED"),
            spare: self.folder,
        }
    }

    fn uv(&self) -> Uv<'_> {
        Uv {
            program: &self.uv,
            python: &self.interpreter,
            release: self.base.release,
            project: &self.plan.project,
            supplied: self.sources.supplied_folder(),
            offline: self.sources.is_offline(),
        }
    }

    /// The native packages, and the file that locks what they are built with.
    fn extensions(&self, resolution: &Resolution) -> Result<(Vec<Extension>, Option<PathBuf>)> {
        let lock = resolution.lock.as_ref();
        let build_lock = BuildLock::read(self.plan, lock, &self.lock_policy())?;
        if resolution.native.is_empty() {
            return Ok((Vec::new(), build_lock.write(self.store.progress())?));
        }
        let rustc = self
            .environment
            .system("RUSTC")
            .unwrap_or_else(|| "rustc".into());
        let rustc = Program::new(Tool::Rust, rustc, "asking rustc for its version")
            .arg("-vV")
            .output()?;
        let rustup_home = base::rustup_home(self.environment);
        let context = BuildContext {
            base: &self.base.for_packages(self.plan.profile),
            plan: self.plan,
            sources: self.sources,
            uv: self.uv(),
            path: &self.environment.system("PATH").unwrap_or_default(),
            cargo: &base::cargo(self.environment),
            cargo_home: &base::cargo_home(self.environment)?,
            rustup_home: rustup_home.as_deref(),
            rustc: &rustc,
        };
        let (mut extensions, file) =
            extension::build_all(&resolution.native, &context, self.store, build_lock)?;
        if self.plan.test_modules {
            extensions = extensions
                .into_iter()
                .map(Extension::with_test_modules)
                .collect();
        }
        Ok((extensions, file))
    }

    fn app(&self) -> Result<App> {
        App::collect(
            &self.plan.python_source,
            self.plan.is_beside_rust(),
            Mode::of_app(self.plan.sources, self.skips_precompile()),
            &bundle::Python {
                interpreter: &self.interpreter,
                release: self.base.release,
            },
            &self.folder.join("app"),
        )
    }

    /// Notes that an entry point module has no `main`, which its author may have forgotten.
    fn warn_without_main(&self, app: &App) {
        if let Some(EntryPoint::Module(module)) = &self.plan.entry_point
            && app.lacks_main(module)
        {
            self.store.progress().note(&format!(
                "entry point `{module}` has no `main` function: its code runs once, when the first call imports it"
            ));
        }
    }

    fn packages(
        &self,
        resolution: &Resolution,
        extensions: &[Extension],
    ) -> Result<Vec<CompiledTree>> {
        let mut packages = Vec::new();
        for extension in extensions {
            let compiled = self.compiled(
                extension.name(),
                extension.artifact(),
                "python",
                bundle::SITE,
            )?;
            packages.push(compiled.without(&self.plan.exclude));
        }
        if let Some(site) = self.site(&resolution.pure)? {
            let compiled = self.compiled("site", &site, "", bundle::SITE)?;
            packages.push(compiled.without(&self.plan.exclude));
        }
        for local in &resolution.local {
            let compiled = self.compiled(&local.name, &local.artifact, "", bundle::SITE)?;
            packages.push(compiled.without(&self.plan.exclude));
        }
        Ok(packages)
    }

    /// The folder with the pure-Python packages, if the guest has any.
    fn site(&self, pure: &[PurePackage]) -> Result<Option<Artifact>> {
        if pure.is_empty() {
            return Ok(None);
        }
        let recipe = Site {
            uv: self.uv(),
            packages: pure,
        };
        self.store.artifact(&recipe).map(Some)
    }

    /// The standard library, or the part of it that the rest of the guest can import.
    fn library(
        &self,
        extensions: &[Extension],
        packages: &[CompiledTree],
        app: &App,
    ) -> Result<Library> {
        let series = self.base.release.series;
        let stdlib = series.stdlib_prefix();
        let CompiledTree { slice, imports } =
            self.compiled("stdlib", &self.base.python, "stdlib", &stdlib)?;
        let on_demand = on_demand::modules().map(|(name, imports)| bundle::OnDemand {
            name,
            imports,
            is_demanded: false,
        });
        let mut whole = bundle::FullLibrary {
            series,
            slice,
            imports,
            builtins: Builtin::all_of(&self.base.python)?,
            with_frozen: self.library_mode().ships_source(),
            on_demand: on_demand.collect(),
        };
        let mut native_imports = Vec::new();
        for extension in extensions {
            let modules = whole.modules();
            native_imports.extend(extension.imports(&modules)?.into_iter().map(Import::of));
        }
        let preloaded = &self.plan.snapshot.preload;
        native_imports.extend(preloaded.iter().map(|module| Import::of(module)));
        let package_imports = packages.iter().flat_map(|package| package.imports.values());
        let roots: Vec<&Import> = package_imports
            .flatten()
            .chain(app.imports())
            .chain(&native_imports)
            .collect();
        let requested = &self.plan.stdlib_modules;
        whole.demand(&roots, requested, &self.plan.exclude);
        if self.plan.stdlib == Stdlib::Whole {
            return whole.take_all(self.folder);
        }
        whole
            .take_reached(roots.into_iter(), requested, self.folder)?
            .map_err(|name| {
                let problem =
                    format!("`stdlib-modules`: the standard library has no module `{name}`");
                Error::configuration(&self.plan.pyproject(), problem)
            })
    }

    /// The libraries behind the modules on demand that the guest has.
    fn on_demand(&self, library: &Library) -> Result<Vec<on_demand::Linked>> {
        on_demand::build(
            &library.demanded,
            &on_demand::Context {
                base: &self.base,
                sources: self.sources,
                cargo: Cargo {
                    program: &base::cargo(self.environment),
                    home: &base::cargo_home(self.environment)?,
                },
                path: &self.environment.system("PATH").unwrap_or_default(),
            },
            self.store,
        )
    }

    fn compiled(
        &self,
        name: &str,
        tree: &Artifact,
        folder: &str,
        prefix: &str,
    ) -> Result<CompiledTree> {
        let recipe = CompileRecipe {
            name,
            tree,
            folder,
            prefix,
            mode: self.library_mode(),
            release: self.base.release,
            python: &self.interpreter,
        };
        recipe.compiled(&self.store.artifact(&recipe)?)
    }

    fn library_mode(&self) -> Mode {
        Mode::of_library(self.plan.sources, self.skips_precompile())
    }

    fn skips_precompile(&self) -> bool {
        self.environment.flag("WADUP_SKIP_PRECOMPILE")
    }

    /// The guest's SBOM, for its section of the module.
    fn write_sbom(
        &self,
        resolution: &Resolution,
        extensions: &[Extension],
        on_demand: &[on_demand::Linked],
    ) -> Result<PathBuf> {
        let mut installed: Vec<PathBuf> = extensions
            .iter()
            .map(|extension| extension.artifact().join("python"))
            .collect();
        installed.extend(
            self.site(&resolution.pure)?
                .map(|site| site.path().to_owned()),
        );
        let local_packages = resolution.local.iter();
        installed.extend(local_packages.map(|local| local.artifact.path().to_owned()));
        let file = self.folder.join("sbom.json");
        let libraries = extensions.iter().flat_map(Extension::libraries).collect();
        let mut components =
            sbom::components(self.base.release, resolution, &libraries, &installed)?;
        components.extend(on_demand.iter().filter_map(on_demand::Linked::component));
        let features = self.environment.system("CARGO_CFG_FEATURE");
        let record = sbom::Record {
            features: features
                .iter()
                .flat_map(|names| names.split(','))
                .map(str::to_owned)
                .collect(),
            components,
        };
        record.write(&file)?;
        Ok(file)
    }
}

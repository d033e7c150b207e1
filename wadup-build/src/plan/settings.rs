//! `[tool.wadup]` of pyproject.toml.

use pep508_rs::Requirement;
use serde::Deserialize;
use toml::Spanned;

use super::document::Document;
use super::native::Native;
use super::{
    Excluded, Memory, Mirrors, ON_DEMAND, Plan, Profile, Size, Snapshot, Sources, Stdlib,
    is_identifier,
};
use crate::error::{Error, Result};
use crate::store;

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Settings {
    /// Older projects list requirements here, which belong into `[project] dependencies`.
    #[serde(default)]
    c_extensions: Vec<Spanned<String>>,
    entry_point: Option<Spanned<String>>,
    #[serde(default)]
    exclude: Vec<Spanned<String>>,
    #[serde(default)]
    native: Native,
    python: Option<Spanned<String>>,
    requirements: Option<Spanned<String>>,
    python_source: Option<Spanned<String>>,
    profile: Option<Profile>,
    stack_size: Option<Spanned<Size>>,
    initial_memory: Option<Spanned<Size>>,
    maximum_memory: Option<Spanned<Size>>,
    sources: Option<Sources>,
    stdlib: Option<Stdlib>,
    #[serde(default)]
    stdlib_modules: Vec<Spanned<String>>,
    snapshot: Option<bool>,
    wasm_opt: Option<bool>,
    #[serde(default)]
    preload: Vec<Spanned<String>>,
    snapshot_init: Option<Spanned<String>>,
    #[serde(default)]
    test_modules: bool,
    #[serde(default)]
    store_mirror: Vec<Spanned<String>>,
    store_mirror_key: Option<Spanned<String>>,
}

impl Document<'_> {
    pub(super) fn apply_settings(&self, settings: Settings, plan: &mut Plan) -> Result<()> {
        if let Some(entry_point) = &settings.entry_point {
            plan.entry_point = Some(self.parse(entry_point)?);
        }
        if let Some(python) = &settings.python {
            plan.python = self.parse(python)?;
        }
        self.apply_c_extensions(&settings.c_extensions, plan)?;
        if let Some(file) = &settings.requirements {
            let path = plan.project.join(file.as_ref());
            if !path.is_file() {
                return Err(self.error(
                    &file.span(),
                    format!("file `{}` does not exist", path.display()),
                ));
            }
            plan.requirements = Some(path);
        }
        if let Some(folder) = &settings.python_source {
            plan.python_source = plan.project.join(folder.as_ref());
            if !plan.python_source.is_dir() {
                let path = plan.python_source.display();
                return Err(self.error(&folder.span(), format!("folder `{path}` does not exist")));
            }
        }
        plan.profile = settings.profile.unwrap_or_default();
        plan.sources = settings.sources.unwrap_or_default();
        plan.stdlib = settings.stdlib.unwrap_or_default();
        plan.stdlib_modules = self.stdlib_modules(&settings)?;
        plan.snapshot = self.snapshot(&settings)?;
        plan.wasm_opt = settings.wasm_opt.unwrap_or(plan.wasm_opt);
        plan.exclude = Excluded(
            settings
                .exclude
                .iter()
                .map(|module| self.parse(module))
                .collect::<Result<_>>()?,
        );
        plan.test_modules = settings.test_modules;
        plan.mirrors = self.mirrors(&settings)?;
        self.apply_memory(&settings, plan)?;
        self.apply_native(settings.native, plan)
    }

    /// Adds them to the dependencies. A package that is in both lists keeps the requirement in `dependencies`.
    fn apply_c_extensions(&self, named: &[Spanned<String>], plan: &mut Plan) -> Result<()> {
        let Some(first) = named.first() else {
            return Ok(());
        };
        for text in named {
            let requirement = self.dependency(text)?;
            let is_listed = |listed: &Requirement| listed.name == requirement.name;
            if !plan.dependencies.iter().any(is_listed) {
                plan.dependencies.push(requirement);
            }
        }
        plan.notes.push(format!(
            "{}: line {}: `c-extensions` lists requirements: move them to `dependencies` of [project]",
            self.path.display(),
            self.line(&first.span())
        ));
        Ok(())
    }

    fn mirrors(&self, settings: &Settings) -> Result<Mirrors> {
        for mirror in &settings.store_mirror {
            if let Some(problem) = store::problem_of_mirror(mirror.as_ref()) {
                return Err(self.error(&mirror.span(), problem));
            }
        }
        if let Some(key) = &settings.store_mirror_key
            && let Some(problem) = store::problem_of_key(key.as_ref())
        {
            return Err(self.error(&key.span(), problem));
        }
        let text = |text: &Spanned<String>| text.as_ref().clone();
        Ok(Mirrors {
            store_mirror: settings.store_mirror.iter().map(text).collect(),
            store_mirror_key: settings.store_mirror_key.as_ref().map(text),
        })
    }

    fn snapshot(&self, settings: &Settings) -> Result<Snapshot> {
        Ok(Snapshot {
            wanted: settings.snapshot.unwrap_or(Snapshot::default().wanted),
            preload: self.modules(&settings.preload)?,
            init: settings
                .snapshot_init
                .as_ref()
                .map(|function| self.parse(function))
                .transpose()?,
        })
    }

    fn stdlib_modules(&self, settings: &Settings) -> Result<Vec<String>> {
        let named = &settings.stdlib_modules;
        let mut names = named.iter();
        let in_any_guest = names.find(|name| !ON_DEMAND.contains(&name.as_ref().as_str()));
        match (settings.stdlib.unwrap_or_default(), in_any_guest) {
            (Stdlib::Whole, Some(first)) => Err(self.error(
                &first.span(),
                format!(
                    "`stdlib-modules` has no effect on the whole standard library, except for {}\n\
                     help: set `stdlib = \"traced\"`, or remove it",
                    ON_DEMAND.join(", ")
                ),
            )),
            _ => self.modules(named),
        }
    }

    fn modules(&self, names: &[Spanned<String>]) -> Result<Vec<String>> {
        let module = |name: &Spanned<String>| {
            if name.as_ref().split('.').all(is_identifier) {
                return Ok(name.as_ref().clone());
            }
            let problem = format!(
                "`{}` is not a valid module name: expected a dotted name\nhelp: write it as in \"xml.dom\"",
                name.as_ref()
            );
            Err(self.error(&name.span(), problem))
        };
        names.iter().map(module).collect()
    }

    fn apply_memory(&self, settings: &Settings, plan: &mut Plan) -> Result<()> {
        let sizes = [
            ("stack-size", &settings.stack_size),
            ("initial-memory", &settings.initial_memory),
            ("maximum-memory", &settings.maximum_memory),
        ];
        let [stack_size, initial_memory, maximum_memory] =
            sizes.map(|(_, size)| size.as_ref().map(|size| *size.as_ref()));
        let default = Memory::default();
        plan.memory = Memory {
            stack_size: stack_size.unwrap_or(default.stack_size),
            initial_memory,
            maximum_memory: maximum_memory.unwrap_or(default.maximum_memory),
        };
        let Some((key, problem)) = plan.memory.problem() else {
            return Ok(());
        };
        let problem = format!("`{key}`: {problem}");
        // A default may conflict with a value in the file. The error then points to the value in the file.
        let (of_key, others): (Vec<_>, Vec<_>) = sizes.iter().partition(|(name, _)| *name == key);
        match of_key
            .iter()
            .chain(&others)
            .find_map(|(_, size)| size.as_ref())
        {
            Some(size) => Err(self.error(&size.span(), problem)),
            None => Err(Error::configuration(self.path, problem)),
        }
    }
}

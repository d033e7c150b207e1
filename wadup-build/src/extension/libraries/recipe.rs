//! Compiles a library of the table for guests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::Built;
use super::source;
use super::table::Library;
use crate::environment;
use crate::error::{Error, FileContext, Result};
use crate::extension::{BuildContext, jumps};
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Cxx;
use crate::tree;

/// The recipe of a library: `lib/`, `include/` and `licenses/`.
pub(super) struct BuiltLibrary<'a> {
    pub(super) library: &'static Library,
    /// The libraries of the table that it calls.
    pub(super) needed: &'a [&'a Built],
    pub(super) compat: &'a Artifact,
    /// libc++, if it is written in C++.
    pub(super) cxx: Option<Cxx>,
    pub(super) context: &'a BuildContext<'a>,
}

impl Recipe for BuiltLibrary<'_> {
    fn name(&self) -> String {
        format!("lib{}", self.library.name)
    }

    fn inputs(&self) -> Inputs {
        let base = self.context.base;
        let mut inputs = Inputs::of_code(code!["recipe.rs", "source.rs", "table.rs"])
            .with("library", self.library.identity())
            .with("toolchain", base.toolchain.identity())
            .with("flags", jumps::FLAGS.join(" "))
            .with_artifact(self.compat)
            .with_artifact(&base.c_libraries);
        if let Some(cxx) = &self.cxx {
            inputs = inputs.with("libc++", cxx.identity());
        }
        self.needed.iter().fold(inputs, |inputs, built| {
            inputs.with_artifact(&built.artifact)
        })
    }

    fn step(&self) -> String {
        format!("building lib{} for wasm", self.library.name)
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let library = self.library;
        let root = source::unpacked(library, self.context, dirs.scratch)?;
        let generated = dirs.scratch.join("generated");
        for (name, text) in &library.generated {
            let file = generated.join(name);
            let folder = file.parent().unwrap_or(&generated);
            fs::create_dir_all(folder).on("create", folder)?;
            fs::write(&file, text).on("write", &file)?;
        }
        let objects = self.compile(&root, &generated, dirs)?;
        let archive = dirs.content.join(format!("lib/lib{}.a", library.name));
        let toolchain = &self.context.base.toolchain;
        toolchain.archive(&archive, &objects, dirs.log)?;
        for (name, place) in &library.headers {
            let to = dirs.content.join("include").join(name);
            let written = generated.join(place);
            if written.is_file() {
                tree::copy_file(&written, &to)?;
            } else if root.join(place).is_dir() {
                tree::copy(&root.join(place), &to, |file| file.ends_with(".h"))?;
            } else {
                tree::copy_file(&root.join(place), &to)?;
            }
        }
        for text in &library.license_texts {
            let name = text.replace('/', "-");
            let to = dirs.content.join("licenses").join(name);
            tree::copy_file(&root.join(text), &to)?;
        }
        Ok(())
    }
}

impl BuiltLibrary<'_> {
    fn flags(&self, root: &Path, generated: &Path, scratch: &Path) -> Vec<String> {
        let library = self.library;
        let base = self.context.base;
        let of_cxx = self.cxx.iter().flat_map(|cxx| {
            let folder = self.compat.join("c++");
            [format!("-isystem{}", folder.display())]
                .into_iter()
                .chain(cxx.flags())
        });
        let mut flags: Vec<String> = of_cxx.collect();
        flags.extend([
            library.optimization.clone(),
            "-w".to_owned(),
            base.toolchain.assertion_flag().to_owned(),
            format!("-ffile-prefix-map={}=/{}", root.display(), library.name),
            format!("-ffile-prefix-map={}=/{}", scratch.display(), library.name),
            format!("-isystem{}", self.compat.join("include").display()),
            format!("-I{}", generated.display()),
        ]);
        flags.extend(jumps::FLAGS.map(str::to_owned));
        flags.extend(library.flags.iter().cloned());
        let own = library.includes.iter().map(|folder| root.join(folder));
        let further = self.needed.iter();
        let further = further.map(|built| built.artifact.join(built.library.include()));
        let further = further.chain([base.c_libraries.join("include")]);
        flags.extend(
            own.chain(further)
                .map(|folder| format!("-I{}", folder.display())),
        );
        flags
    }

    /// The objects, in the order of the table.
    fn compile(
        &self,
        root: &Path,
        generated: &Path,
        dirs: &RecipeDirs<'_>,
    ) -> Result<Vec<PathBuf>> {
        let flags = self.flags(root, generated, dirs.scratch);
        let folder = dirs.scratch.join("objects");
        fs::create_dir_all(&folder).on("create", &folder)?;
        let mut jobs = Vec::new();
        for (number, group) in self.library.compile.iter().enumerate() {
            for file in group.files(root)? {
                // By the whole path, because folders may have files of the same name.
                let object = folder.join(format!("{number}-{}.o", file.replace('/', "-")));
                let flags: Vec<&String> = flags.iter().chain(&group.flags).collect();
                jobs.push((root.join(file), object, flags));
            }
        }
        let queue = Mutex::new(jobs.iter());
        let failed: Mutex<Option<Error>> = Mutex::new(None);
        std::thread::scope(|scope| {
            for _ in 0..environment::jobs() {
                scope.spawn(|| {
                    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
                    while let Some((file, object, flags)) = next() {
                        let toolchain = &self.context.base.toolchain;
                        let outcome = toolchain.compile(file, object, flags, dirs.log);
                        if let (Err(error), Ok(mut failed)) = (outcome, failed.lock()) {
                            failed.get_or_insert(error);
                            return;
                        }
                    }
                });
            }
        });
        match failed.into_inner() {
            Ok(Some(error)) => Err(error),
            _ => Ok(jobs.into_iter().map(|(_, object, _)| object).collect()),
        }
    }
}

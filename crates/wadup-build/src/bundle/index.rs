//! The index: which modules the bundle holds and which names they define, for the macro to check against.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::app::App;
use super::compile::Names;
use super::{library_file, module_of};
use crate::plan::{EntryPoint, Plan, Snapshot};

#[derive(Serialize)]
struct Index<'a> {
    entry: Option<&'a EntryPoint>,
    snapshot: &'a Snapshot,
    modules: BTreeMap<String, Names>,
    files: &'a [PathBuf],
}

/// The index as JSON; `entries` are the names in the bundle, `builtins` the modules inside the
/// interpreter.
///
/// What the user's modules define is known. Modules of packages and of the standard library are listed as
/// open: they are there, and may define any name.
pub(crate) fn index<'a>(
    plan: &Plan,
    app: &App,
    entries: &[String],
    builtins: impl Iterator<Item = &'a str>,
) -> serde_json::Result<String> {
    let mut modules: BTreeMap<String, Names> = entries
        .iter()
        .filter_map(|name| name.strip_prefix("site/").or_else(|| library_file(name)))
        .filter_map(module_of)
        .chain(builtins.map(str::to_owned))
        .map(|module| {
            let names = Vec::new();
            (module, Names { names, open: true })
        })
        .collect();
    // Python looks in the user's folder first.
    for (module, compiled) in &app.modules {
        add_namespaces(module, &mut modules);
        modules.insert(module.clone(), compiled.names.clone());
    }
    serde_json::to_string_pretty(&Index {
        entry: plan.entry_point.as_ref(),
        snapshot: &plan.snapshot,
        modules,
        files: &app.files,
    })
}

/// A folder without `__init__.py` is a module too, and defines nothing.
fn add_namespaces(module: &str, modules: &mut BTreeMap<String, Names>) {
    for (end, _) in module.match_indices('.') {
        modules.entry(module[..end].to_owned()).or_default();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::super::compile::Compiled;
    use super::*;

    #[test]
    fn the_index_lists_the_users_names_and_every_module_there_is() {
        let app = App {
            pieces: Vec::new(),
            files: vec!["/guest/python/tools/users.py".into()],
            modules: BTreeMap::from([(
                "tools.users".to_owned(),
                Compiled {
                    names: Names {
                        names: vec!["main".into()],
                        open: false,
                    },
                    imports: Vec::new(),
                },
            )]),
        };
        let entries = [
            "app/tools/users.py",
            "lib/python3.13/json/__init__.pyc",
            "site/six-1.dist-info/METADATA",
            "site/pydantic/v1/main.py",
            "site/pydantic/v1/__pycache__/main.cpython-313.pyc",
        ]
        .map(str::to_owned);
        let mut plan = Plan::new(Path::new("guest"));
        plan.entry_point = "tools.users:main".parse().ok();
        plan.snapshot.preload.push("json".to_owned());

        let text = index(&plan, &app, &entries, ["sys"].into_iter()).unwrap();

        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            json!({
                "entry": "tools.users:main",
                "snapshot": {"wanted": true, "preload": ["json"], "init": null},
                "modules": {
                    "json": {"names": [], "open": true},
                    "pydantic.v1.main": {"names": [], "open": true},
                    "sys": {"names": [], "open": true},
                    "sys": {"names": [], "open": true},
                    "tools": {"names": [], "open": false},
                    "tools.users": {"names": ["main"], "open": false},
                },
                "files": ["/guest/python/tools/users.py"],
            })
        );
    }

    #[test]
    fn a_guest_without_an_entry_point_says_so() {
        let app = App {
            pieces: Vec::new(),
            files: Vec::new(),
            modules: BTreeMap::new(),
        };

        let text = index(&Plan::new(Path::new("guest")), &app, &[], [].into_iter()).unwrap();

        assert!(text.contains("\"entry\": null"), "{text}");
    }
}

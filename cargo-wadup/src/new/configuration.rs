//! Writes Cargo's configuration of a new guest, so that plain `cargo build` uses the flags of `cargo wadup build`.

use std::fs;
use std::path::Path;

use crate::build::paths;
use crate::project::TARGET;

const HEAD: &str = "\
# Remaps the paths of this machine in guests. `cargo wadup build` passes these flags anyway; with this file, plain
# `cargo build` uses them too, so that neither recompiles what the other has built. The paths are those of this machine,
# so git ignores this file.
";

/// Writes `.cargo/config.toml` into a project that already has a Cargo.toml.
pub(super) fn write(project: &Path) -> Result<(), String> {
    let flags = paths::flags_for_paths(project, Some(&project.join("Cargo.toml")));
    let file = project.join(".cargo/config.toml");
    fs::create_dir_all(project.join(".cargo"))
        .and_then(|()| fs::write(&file, text(&flags)))
        .map_err(|error| format!("could not write `{}`: {error}", file.display()))
}

fn text(flags: &[String]) -> String {
    let flags: String = flags
        .iter()
        .map(|flag| format!("    {},\n", toml::Value::from(flag.as_str())))
        .collect();
    format!("{HEAD}[target.{TARGET}]\nrustflags = [\n{flags}]\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_quoted_for_toml() {
        let flag = r#"--remap-path-prefix=/my "home"\=~"#;

        let read: toml::Table = text(&[flag.to_owned()]).parse().unwrap();

        let flags = read["target"][TARGET]["rustflags"].as_array().unwrap();
        assert_eq!(flags[0].as_str(), Some(flag));
    }
}

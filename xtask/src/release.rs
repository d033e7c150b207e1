//! A release: the checks before it, and what happens in which order.

mod changelog;
mod packages;
mod registry;
pub(crate) mod trial;

use std::fs;

use xshell::{Shell, cmd};

use self::packages::Published;
use crate::cargo::{Outcome, shell, workspace};

/// The address in Cargo.toml until there is a public repository.
const PLACEHOLDER: &str = "https://example.org/wadup";

/// Releases the version in Cargo.toml, or says what that would do.
///
/// # Errors
/// What stands in the way of a release, before anything is changed.
pub(crate) fn run(is_dry: bool) -> Outcome {
    let shell = &shell()?;
    let published = Published::read(shell)?;
    let version = published.version.clone();
    let tag = format!("v{version}");
    let file = workspace().join("CHANGELOG.md");
    let text = fs::read_to_string(&file)?;
    let problems = problems(shell, &published, &text, &tag)?;
    let date = cmd!(shell, "date --utc +%F").quiet().read()?;

    println!("version    {version}");
    println!("tag        {tag}");
    println!("changelog  \"Unreleased\" becomes \"{version} - {date}\":");
    for (heading, entries) in changelog::sections(&text) {
        println!("             {heading}: {entries} entries");
    }
    println!("packages   in this order:");
    for name in &published.names {
        println!("             {name} {version}");
    }
    println!("packaging  the files of each:");
    registry::package(shell, &published.names)?;
    for (name, size) in registry::sizes(&published)? {
        println!("             {name}: {:.1} kB", size as f64 / 1e3);
    }
    for problem in &problems {
        println!("problem    {problem}");
    }
    if is_dry {
        println!(
            "nothing was changed: without `--dry-run`, this commits the changelog, tags and publishes"
        );
        return Ok(());
    }
    if !problems.is_empty() {
        return Err(problems.join("\n").into());
    }
    fs::write(&file, changelog::released(&text, &version, &date))?;
    let message = format!("Release {version}");
    cmd!(
        shell,
        "git commit --quiet --message {message} -- CHANGELOG.md"
    )
    .run()?;
    cmd!(shell, "git tag --annotate --message {message} {tag}").run()?;
    // Cargo uploads them in the order of their dependencies, and waits for each.
    let packages = selected(&published.names);
    Ok(cmd!(shell, "cargo publish --locked {packages...}").run()?)
}

/// What stands in the way of a release.
fn problems(
    shell: &Shell,
    published: &Published,
    changelog: &str,
    tag: &str,
) -> Outcome<Vec<String>> {
    let mut problems = published.problems.clone();
    if published
        .repositories
        .iter()
        .any(|address| address == PLACEHOLDER)
    {
        problems.push(format!(
            "`repository` in Cargo.toml is still the placeholder {PLACEHOLDER}"
        ));
    }
    if changelog::sections(changelog).is_empty() {
        problems.push("CHANGELOG.md has no entry under \"Unreleased\"".to_owned());
    }
    if !cmd!(shell, "git status --porcelain")
        .quiet()
        .read()?
        .is_empty()
    {
        problems.push("there are changes that are not committed".to_owned());
    }
    if !cmd!(shell, "git tag --list {tag}")
        .quiet()
        .read()?
        .is_empty()
    {
        problems.push(format!("the tag {tag} exists already"));
    }
    Ok(problems)
}

/// `--package NAME` for each.
fn selected(names: &[String]) -> Vec<String> {
    names
        .iter()
        .map(|name| format!("--package={name}"))
        .collect()
}

//! Splits the command line of `cargo wadup build` into its own options and Cargo's.

use std::ffi::OsString;

use super::BuildArgs;

/// The parsed command line.
pub(super) struct Arguments {
    /// Whether to take a snapshot, or `None` if no option says so.
    pub(super) snapshot: Option<bool>,
    /// Whether to run wasm-opt, or `None` if no option says so.
    pub(super) wasm_opt: Option<bool>,
    pub(super) strict: bool,
    /// Whether to compile what the snapshot runs with the fast compiler.
    pub(super) baseline: bool,
    /// The arguments for Cargo.
    pub(super) cargo: Vec<OsString>,
}

impl Arguments {
    /// The command's own options may appear anywhere among Cargo's.
    pub(super) fn new(args: BuildArgs) -> Self {
        let mut arguments = Self {
            snapshot: match (args.snapshot, args.no_snapshot) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            wasm_opt: match (args.wasm_opt, args.no_wasm_opt) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            strict: args.strict,
            baseline: args.baseline,
            cargo: Vec::new(),
        };
        for argument in args.cargo {
            match argument.to_str() {
                Some("--snapshot") => arguments.snapshot = Some(true),
                Some("--no-snapshot") => arguments.snapshot = Some(false),
                Some("--wasm-opt") => arguments.wasm_opt = Some(true),
                Some("--no-wasm-opt") => arguments.wasm_opt = Some(false),
                Some("--strict") => arguments.strict = true,
                Some("--baseline") => arguments.baseline = true,
                _ => arguments.cargo.push(argument),
            }
        }
        arguments
    }

    /// A build that neither optimizes nor takes a snapshot, with these arguments for Cargo.
    pub(super) fn of_cargo(cargo: Vec<OsString>) -> Self {
        Self {
            snapshot: Some(false),
            wasm_opt: Some(false),
            strict: false,
            baseline: false,
            cargo,
        }
    }

    /// Whether Cargo runs with `--quiet`.
    pub(super) fn is_quiet(&self) -> bool {
        self.words().any(|word| word == "-q" || word == "--quiet")
    }

    /// Whether the profile is release or inherits from it, according to the workspace's Cargo.toml (Cargo book,
    /// "Profiles").
    pub(super) fn is_release(&self, manifest: &toml::Table) -> bool {
        let defined = manifest.get("profile").and_then(toml::Value::as_table);
        let mut profile = self.profile();
        // A longer chain than there are profiles is a cycle, which Cargo has refused.
        for _ in 0..=defined.map_or(0, toml::Table::len) {
            match profile {
                "release" | "bench" => return true,
                "dev" | "test" => return false,
                _ => {}
            }
            let inherited =
                defined.and_then(|profiles| profiles.get(profile)?.get("inherits")?.as_str());
            match inherited {
                Some(inherited) => profile = inherited,
                None => return false,
            }
        }
        false
    }

    fn profile(&self) -> &str {
        if self.words().any(|word| word == "--release" || word == "-r") {
            return "release";
        }
        self.values("--profile").next().unwrap_or("dev")
    }

    /// The value of `--manifest-path`, relative to the current folder.
    pub(super) fn manifest(&self) -> Option<&str> {
        self.values("--manifest-path").last()
    }

    /// Whether Cargo's `--config` options may set flags for rustc, by key or in a file.
    pub(super) fn may_set_flags(&self) -> bool {
        self.values("--config")
            .any(|value| value.contains("rustflags") || !value.contains('='))
    }

    /// The values of one of Cargo's options, as `OPTION VALUE` or `OPTION=VALUE`.
    fn values(&self, option: &str) -> impl Iterator<Item = &str> {
        let following = self.words().skip(1).map(Some).chain([None]);
        self.words().zip(following).filter_map(move |(word, next)| {
            match word.strip_prefix(option)? {
                "" => next,
                rest => rest.strip_prefix('='),
            }
        })
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.cargo.iter().filter_map(|argument| argument.to_str())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: BuildArgs,
    }

    fn arguments(line: &[&str]) -> Arguments {
        let line = ["build"].iter().chain(line);
        Arguments::new(Line::try_parse_from(line).unwrap().args)
    }

    #[test]
    fn own_options_may_appear_among_cargos() {
        let arguments = arguments(&[
            "--strict",
            "--baseline",
            "-p",
            "users",
            "--no-snapshot",
            "--features",
            "a b",
            "--snapshot",
        ]);

        assert!(arguments.strict && arguments.baseline);
        assert_eq!(arguments.snapshot, Some(true));
        assert_eq!(arguments.cargo, ["-p", "users", "--features", "a b"]);
    }

    #[test]
    fn cargos_options_are_passed_on_unchanged() {
        let arguments = arguments(&["--release", "-q"]);

        assert_eq!(arguments.snapshot, None);
        assert!(arguments.is_quiet() && !arguments.strict);
        assert_eq!(arguments.cargo, ["--release", "-q"]);
    }

    #[test]
    fn option_values_are_found_in_both_spellings() {
        for (line, manifest, may_set_flags) in [
            (
                &["--manifest-path", "a/Cargo.toml"][..],
                Some("a/Cargo.toml"),
                false,
            ),
            (&["-q", "--manifest-path=b=c"], Some("b=c"), false),
            (&["--config", "build.rustflags=['-O']"], None, true),
            (&["--config=own.toml"], None, true),
            (&["--config", "build.jobs=1", "--configs"], None, false),
            (&["--manifest-path"], None, false),
        ] {
            let arguments = arguments(line);
            assert_eq!(arguments.manifest(), manifest, "{line:?}");
            assert_eq!(arguments.may_set_flags(), may_set_flags, "{line:?}");
        }
    }

    #[test]
    fn profiles_that_inherit_release_are_release() {
        let manifest: toml::Table = r#"
            [profile.small]
            inherits = "release"
            [profile.smaller]
            inherits = "small"
            [profile.slow]
            inherits = "dev"
        "#
        .parse()
        .unwrap();

        for (line, expected) in [
            (&["--release"][..], true),
            (&["-r"], true),
            (&["--profile", "release"], true),
            (&["--profile=bench"], true),
            (&["--profile=smaller"], true),
            (&["--profile=slow"], false),
            (&["--profile=unknown"], false),
            (&["--profile", "dev"], false),
            (&[], false),
        ] {
            assert_eq!(arguments(line).is_release(&manifest), expected, "{line:?}");
        }
    }
}

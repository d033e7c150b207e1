//! Modules of packages that the guest leaves out.

use std::str::FromStr;

use serde::Serialize;

use super::is_identifier;

/// Modules and packages by their dotted names. A package stands for everything in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Excluded(pub(crate) Vec<ModuleName>);

/// The dotted name of a module: `numpy.fft`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct ModuleName(String);

impl FromStr for ModuleName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.split('.').all(is_identifier) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is not a valid module name: expected a dotted name\nhelp: write it as in \"numpy.fft\""
            ))
        }
    }
}

impl Excluded {
    /// Whether a module is left out, by its own name or with a package that contains it.
    pub(crate) fn contains(&self, module: &str) -> bool {
        self.0.iter().any(|ModuleName(excluded)| {
            module
                .strip_prefix(excluded.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether a file is left out, by its path in a site folder: the module's own file, or one in a package's folder.
    pub(crate) fn contains_file(&self, file: &str) -> bool {
        self.0.iter().any(|ModuleName(excluded)| {
            file.strip_prefix(&excluded.replace('.', "/"))
                .is_some_and(|rest| rest.starts_with(['.', '/']))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded() -> Excluded {
        Excluded(vec!["numpy.fft".parse().unwrap()])
    }

    #[test]
    fn excluding_a_package_excludes_its_modules() {
        assert!(excluded().contains("numpy.fft"));
        assert!(excluded().contains("numpy.fft._pocketfft_umath"));
        assert!(!excluded().contains("numpy.fftpack"));
        assert!(!excluded().contains("numpy"));
    }

    #[test]
    fn excluding_a_package_excludes_its_files() {
        for file in ["numpy/fft/__init__.pyc", "numpy/fft.pyc"] {
            assert!(excluded().contains_file(file), "{file}");
        }
        for file in [
            "numpy/fftpack.py",
            "numpy/__init__.py",
            "other/numpy/fft/x.py",
        ] {
            assert!(!excluded().contains_file(file), "{file}");
        }
    }

    #[test]
    fn invalid_module_names_are_refused() {
        let error = "numpy/fft".parse::<ModuleName>().unwrap_err();

        assert!(
            error.contains("`numpy/fft` is not a valid module name"),
            "{error}"
        );
    }
}

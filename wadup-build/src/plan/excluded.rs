//! Which modules of its packages a guest does without.

use std::str::FromStr;

use serde::Serialize;

use super::is_identifier;

/// Modules and packages by their dotted names; of a package all goes that is in it.
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
                "`{text}` is no module; expected a dotted name, for instance \"numpy.fft\""
            ))
        }
    }
}

impl Excluded {
    /// Whether a module goes, by its own name or with a package that it is in.
    pub(crate) fn contains(&self, module: &str) -> bool {
        self.0.iter().any(|ModuleName(excluded)| {
            module
                .strip_prefix(excluded.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether a file goes, by its path in a site folder: a module's own, or one in a package's folder.
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
    fn a_package_goes_with_all_that_is_in_it() {
        assert!(excluded().contains("numpy.fft"));
        assert!(excluded().contains("numpy.fft._pocketfft_umath"));
        assert!(!excluded().contains("numpy.fftpack"));
        assert!(!excluded().contains("numpy"));
    }

    #[test]
    fn its_files_go_too() {
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
    fn what_no_import_could_name_is_refused() {
        let error = "numpy/fft".parse::<ModuleName>().unwrap_err();

        assert!(error.contains("`numpy/fft` is no module"), "{error}");
    }
}

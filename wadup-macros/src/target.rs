//! `module:function`: how an entry or an export names the Python function that it calls; an entry may also be a whole module.

use proc_macro2::Span;

/// A Python function, and where the user named it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Dotted name of the module, as `import` takes it.
    pub(crate) module: String,
    /// Name of the function in that module.
    pub(crate) function: String,
    /// What an error about this target points at.
    pub(crate) span: Span,
}

impl Target {
    /// Reads `module:function`.
    ///
    /// # Errors
    ///
    /// If `text` has another form; the error is at `span`.
    pub(crate) fn parse(text: &str, span: Span) -> syn::Result<Self> {
        let target = text.split_once(':').filter(|(module, function)| {
            module.split('.').all(is_python_identifier) && is_python_identifier(function)
        });
        let Some((module, function)) = target else {
            let message = format!(
                "`{text}` is not a valid function: expected `module:function`, as in `users.scoring:score`"
            );
            return Err(syn::Error::new(span, message));
        };
        Ok(Self {
            module: module.to_owned(),
            function: function.to_owned(),
            span,
        })
    }
}

/// What the entry of a guest runs.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    Function(Target),
    /// A module, written without a function: it is imported, and its `main` called if it has one.
    Module {
        module: String,
        span: Span,
    },
}

impl Entry {
    /// Reads `module:function` or `module`.
    ///
    /// # Errors
    ///
    /// If `text` has another form; the error is at `span`.
    pub(crate) fn parse(text: &str, span: Span) -> syn::Result<Self> {
        if text.split('.').all(is_python_identifier) {
            let module = text.to_owned();
            return Ok(Self::Module { module, span });
        }
        Target::parse(text, span).map(Self::Function).map_err(|_| {
            let message = format!(
                "`{text}` is not a valid entry point: expected `module:function`, as in `users:main`, or `module`, as in `users`"
            );
            syn::Error::new(span, message)
        })
    }

    /// Dotted name of the module.
    pub(crate) fn module(&self) -> &str {
        match self {
            Self::Function(target) => &target.module,
            Self::Module { module, .. } => module,
        }
    }
}

/// Whether `text` could be a name in Python.
///
/// Unicode's classes of letters stand in for the almost equal ones of the Python reference ("Identifiers and keywords"): a
/// name that slips through is still looked up in the bundle.
fn is_python_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotted_module_and_a_function_make_a_target() {
        let target = Target::parse("users.scoring:score", Span::call_site()).unwrap();

        assert_eq!(target.module, "users.scoring");
        assert_eq!(target.function, "score");
    }

    #[test]
    fn letters_outside_ascii_are_names_in_python() {
        let target = Target::parse("größe:später", Span::call_site()).unwrap();

        assert_eq!(target.module, "größe");
        assert_eq!(target.function, "später");
    }

    #[test]
    fn an_entry_is_a_function_or_a_module() {
        let function = Entry::parse("users.scoring:score", Span::call_site()).unwrap();
        let module = Entry::parse("users.scoring", Span::call_site()).unwrap();

        assert!(matches!(&function, Entry::Function(target) if target.function == "score"));
        assert!(matches!(&module, Entry::Module { .. }));
        assert_eq!(function.module(), module.module());
        for text in ["", "users:", "users.", "my-users", "users:main()"] {
            let error = Entry::parse(text, Span::call_site()).unwrap_err();

            let expected =
                format!("`{text}` is not a valid entry point: expected `module:function`");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "users",
            ":",
            "users:",
            ":main",
            "users.main",
            "users:main:again",
            "users..scoring:score",
            ".users:main",
            "users:scoring.score",
            "users: main",
            "2users:main",
            "users:main()",
        ] {
            let error = Target::parse(text, Span::call_site()).unwrap_err();

            let expected = format!("`{text}` is not a valid function: expected `module:function`");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
}

//! Collects errors, so that the user sees all of them at once, each at its place.

use proc_macro2::Span;

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds an error at `span`.
    pub(crate) fn report(&mut self, span: Span, message: impl std::fmt::Display) {
        self.add(syn::Error::new(span, message));
    }

    /// Adds an error that has a place.
    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value of `result`, or nothing after adding its error.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// `last`, unless something was reported before it.
    ///
    /// # Errors
    ///
    /// All reported errors, that of `last` included, combined into one.
    pub(crate) fn into_result<T>(self, last: syn::Result<T>) -> syn::Result<T> {
        match (last, self.0) {
            (last, None) => last,
            (Ok(_), Some(errors)) => Err(errors),
            (Err(error), Some(mut errors)) => {
                errors.combine(error);
                Err(errors)
            }
        }
    }
}

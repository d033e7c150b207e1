//! Functions that Rust or the host calls with values: whether the Python function takes and returns them.

use std::fmt::Write;

use syn::{Error, Type};
use wadup_contract::definition::{self, Annotation, Form, ParameterKind};

use super::call::{self, Passing};
use super::fit::{self, Direction};
use super::python_name::PythonNames;
use super::python_type::{Found, Names, Python};
use super::rust_type::{Rust, written};
use crate::errors::Errors;
use crate::nearest::{list, nearest};
use crate::signature::{Parameter, Signature};
use crate::target::Target;

/// PyO3 calls with at most so many arguments by position.
const POSITIONS: usize = 12;

/// Checks a function that is named `name` in Rust; returns how each argument is passed.
pub(super) fn check(
    name: &syn::Ident,
    signature: &Signature,
    target: &Target,
    names: &PythonNames<'_>,
    errors: &mut Errors,
) -> Vec<Passing> {
    if let Some(Type::Reference(result)) = &signature.result {
        let message = "a result is owned: Python may drop the object after the call\n\
                       help: `String` instead of `&str`, `Vec<T>` instead of `&[T]`";
        errors.add(Error::new_spanned(result, message));
    }
    let found = match names.check_target(target) {
        Ok(()) => Names(names.index).function(&target.module, &target.function),
        Err(error) => {
            errors.add(error);
            None
        }
    };
    let passing = match found {
        None => call::unchecked(&signature.parameters),
        Some(found) => {
            let check = Check {
                name,
                signature,
                target,
                found,
                names: Names(names.index),
            };
            check.form(errors);
            let passing = check.arguments(errors);
            check.result(errors);
            passing
        }
    };
    let positions = passing
        .iter()
        .filter(|passing| **passing == Passing::Position);
    if positions.count() > POSITIONS {
        let message =
            format!("a Python function takes at most {POSITIONS} arguments by position from Rust");
        errors.report(name.span(), message);
    }
    passing
}

struct Check<'a> {
    name: &'a syn::Ident,
    signature: &'a Signature,
    target: &'a Target,
    found: Found<'a>,
    names: Names<'a>,
}

impl Check<'_> {
    /// Refuses functions that only begin when they are called.
    fn form(&self, errors: &mut Errors) {
        let function = &self.target.function;
        let (what, help) = match self.found.function.form {
            Form::Plain => return,
            Form::Generator => (
                "a generator, and would do its work after the call has ended",
                format!("write a function that returns `list({function}(...))`"),
            ),
            Form::Async => (
                "an async function, and only Python code can say which event loop runs it",
                format!("write a function that returns `asyncio.run({function}(...))`"),
            ),
            Form::AsyncGenerator => (
                "an async generator, and only Python code can say which event loop runs it",
                "write a function that collects its items into a list and runs it with `asyncio.run`".to_owned(),
            ),
        };
        let message = format!("`{function}` is {what}{}\nhelp: {help}", self.note());
        errors.report(self.target.span, message);
    }

    fn arguments(&self, errors: &mut Errors) -> Vec<Passing> {
        let function = self.found.function;
        let ways = call::ways(function, &self.signature.parameters);
        let mut all_known = true;
        for (argument, way) in self.signature.parameters.iter().zip(&ways) {
            match way {
                Some(way) => self.argument(argument, way.to, errors),
                None => {
                    all_known = false;
                    errors.add(self.unknown(argument));
                }
            }
        }
        let missing = call::missing(function, &ways);
        // The one that is missing is the one that has the wrong name.
        if all_known && !missing.is_empty() {
            let message = format!(
                "the Python function `{}` requires {}, which `{}` does not pass{}",
                self.target.function,
                list(&missing, "and"),
                self.name,
                self.note()
            );
            errors.report(self.name.span(), message);
        }
        ways.iter()
            .map(|way| way.as_ref().map_or(Passing::Position, |way| way.passing))
            .collect()
    }

    /// The error for an argument that the function does not take.
    fn unknown(&self, argument: &Parameter) -> Error {
        let name = call::python_name(argument);
        let mut parameters = self.found.function.parameters.iter();
        if parameters.any(|parameter| call::is_placed(parameter, &name)) {
            let message = format!(
                "the Python function `{}` takes `{name}` by position only, so Rust can leave out neither `{name}` nor an argument \
                 before it{}\nhelp: remove ` = None`, or the `/` in Python",
                self.target.function,
                self.note()
            );
            return Error::new(argument.name.span(), message);
        }
        let known = self.found.function.parameters.iter().filter(|parameter| {
            matches!(
                parameter.kind,
                ParameterKind::Plain | ParameterKind::KeywordOnly
            )
        });
        let guesses = nearest(&name, known.map(|parameter| &*parameter.name));
        let mut message = format!(
            "the Python function `{}` has no parameter `{name}`{}",
            self.target.function,
            self.note()
        );
        if !guesses.is_empty() {
            let _ = write!(message, "\nhelp: did you mean {}?", list(&guesses, "or"));
        }
        Error::new(argument.name.span(), message)
    }

    fn argument(&self, argument: &Parameter, to: &definition::Parameter, errors: &mut Errors) {
        if let Some(span) = argument.default
            && !to.optional
        {
            let message = format!(
                "`{}` cannot be left out: the Python function `{}` requires it{}",
                argument.name,
                self.target.function,
                self.note_of(to)
            );
            errors.report(span, message);
        }
        let Some(annotation) = &to.annotation else {
            return;
        };
        let rust = match (Rust::of(&argument.of), argument.default) {
            // `None` never reaches Python.
            (Rust::Option(inner), Some(_)) => *inner,
            (rust, _) => rust,
        };
        let python = self.resolve(annotation);
        if !fit::fits(&rust, &python) {
            let message = format!(
                "`{}` takes `{}`, and `{}` becomes `{}`{}{}",
                argument.name,
                annotation.text,
                written(&argument.of),
                rust.becomes(),
                self.note_of(to),
                help(&python, Direction::ToPython)
            );
            errors.add(Error::new_spanned(&argument.of, message));
        }
    }

    fn result(&self, errors: &mut Errors) {
        let (Some(of), Some(annotation)) = (&self.signature.result, &self.found.function.returns)
        else {
            return;
        };
        if self.found.function.form != Form::Plain || matches!(of, Type::Reference(_)) {
            return;
        }
        let rust = Rust::of(of);
        let python = self.resolve(annotation);
        if matches!(&python, Python::Named("None", _)) && rust != Rust::Unknown {
            let message = format!(
                "`{}` returns `None`{}\nhelp: leave out `-> {}`",
                self.target.function,
                self.note_of_result(),
                written(of)
            );
            errors.add(Error::new_spanned(of, message));
        } else if !fit::is_made_from(&rust, &python) {
            let message = format!(
                "`{}` returns `{}`, and `{}` is made from `{}`{}{}",
                self.target.function,
                annotation.text,
                written(of),
                rust.becomes(),
                self.note_of_result(),
                help(&python, Direction::ToRust)
            );
            errors.add(Error::new_spanned(of, message));
        }
    }

    fn resolve(&self, annotation: &Annotation) -> Python {
        self.names.resolve(self.found.module, &annotation.of)
    }

    /// Where the Python function is, and how it is called.
    fn note(&self) -> String {
        let function = self.found.function;
        let parameters = parameters(function).join(", ");
        self.note_at(function.line, &parameters, function.returns.as_ref())
    }

    /// Where one of its parameters is.
    fn note_of(&self, parameter: &definition::Parameter) -> String {
        let parameters = &self.found.function.parameters;
        let dots = |is_first: bool| if is_first { "" } else { "..." };
        let is = |other: Option<&definition::Parameter>| {
            other.is_some_and(|other| std::ptr::eq(other, parameter))
        };
        let parts = [
            dots(is(parameters.first())).to_owned(),
            written_parameter(parameter),
            dots(is(parameters.last())).to_owned(),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.note_at(parameter.line, &parts.join(", "), None)
    }

    /// Where the Python function is, and what it returns.
    fn note_of_result(&self) -> String {
        let function = self.found.function;
        let parameters = if function.parameters.is_empty() {
            ""
        } else {
            "..."
        };
        self.note_at(function.line, parameters, function.returns.as_ref())
    }

    fn note_at(&self, line: u32, parameters: &str, returns: Option<&Annotation>) -> String {
        let is_async = matches!(self.found.function.form, Form::Async | Form::AsyncGenerator);
        let mut note = format!(
            "\nnote: {}:{line}: {}def {}({parameters})",
            self.found.file,
            if is_async { "async " } else { "" },
            self.found.name,
        );
        if let Some(annotation) = returns {
            let _ = write!(note, " -> {}", annotation.text);
        }
        note
    }
}

fn help(python: &Python, direction: Direction) -> String {
    fit::suggestion(python, direction)
        .map(|fitting| format!("\nhelp: {fitting} would fit"))
        .unwrap_or_default()
}

/// The parameters of a function, with `...` for each default.
fn parameters(function: &definition::Function) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut parameters = function.parameters.iter().peekable();
    let mut star = false;
    while let Some(parameter) = parameters.next() {
        let kind = parameter.kind;
        if kind == ParameterKind::KeywordOnly && !star {
            parts.push("*".to_owned());
        }
        star |= matches!(kind, ParameterKind::KeywordOnly | ParameterKind::Rest);
        parts.push(written_parameter(parameter));
        let is_last = parameters.peek().is_none_or(|next| next.kind != kind);
        if kind == ParameterKind::PositionalOnly && is_last {
            parts.push("/".to_owned());
        }
    }
    parts
}

fn written_parameter(parameter: &definition::Parameter) -> String {
    let stars = match parameter.kind {
        ParameterKind::Rest => "*",
        ParameterKind::KeywordRest => "**",
        _ => "",
    };
    let default = parameter.optional && stars.is_empty();
    let name = &parameter.name;
    match &parameter.annotation {
        Some(of) if default => format!("{stars}{name}: {} = ...", of.text),
        Some(of) => format!("{stars}{name}: {}", of.text),
        None if default => format!("{stars}{name}=..."),
        None => format!("{stars}{name}"),
    }
}

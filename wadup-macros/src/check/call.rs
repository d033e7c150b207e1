//! Which argument of Rust goes to which parameter of a Python function.

use wadup_contract::definition::{Function, Parameter, ParameterKind};

use crate::signature;

/// How an argument is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passing {
    /// By its place among the arguments that are passed so, which are in the order of the parameters.
    Position,
    /// By name.
    Name,
}

/// The way of an argument to its parameter.
pub(super) struct Way<'a> {
    pub(super) passing: Passing,
    pub(super) to: &'a Parameter,
}

/// The way of each of `arguments`; nothing for one that the function does not take.
///
/// An argument goes to the parameter of its name. What has a name is passed by position only as long as nothing before it is left out.
/// Parameters before `/` take arguments in order, whatever their names are, and so does `*args`, after all others; `**kwargs` takes
/// arguments of any name.
pub(super) fn ways<'a>(
    function: &'a Function,
    arguments: &[signature::Parameter],
) -> Vec<Option<Way<'a>>> {
    let positional: Vec<&Parameter> = function
        .parameters
        .iter()
        .filter(|parameter| is_positional(parameter))
        .collect();
    let of_kind = |kind| {
        function
            .parameters
            .iter()
            .find(move |parameter| parameter.kind == kind)
    };
    let mut in_order = true;
    let mut place = 0;
    arguments
        .iter()
        .map(|argument| {
            // With an optional argument that Rust leaves out, those behind it would move up.
            in_order &= argument.default.is_none();
            let name = python_name(argument);
            let next = positional.get(place).filter(|_| in_order);
            if let Some(next) = next
                && (next.kind == ParameterKind::PositionalOnly || next.name == name)
            {
                place += 1;
                return Some(Way {
                    passing: Passing::Position,
                    to: next,
                });
            }
            // What Rust may leave out goes by name, by which this one cannot be passed.
            let rest = positional.get(place..).unwrap_or_default();
            if rest.iter().any(|next| is_placed(next, &name)) {
                return None;
            }
            let named = function.parameters.iter().find(|parameter| {
                parameter.name == name
                    && matches!(
                        parameter.kind,
                        ParameterKind::Plain | ParameterKind::KeywordOnly
                    )
            });
            if let Some(to) = named {
                in_order &= to.kind == ParameterKind::KeywordOnly;
                return Some(Way {
                    passing: Passing::Name,
                    to,
                });
            }
            if in_order
                && place == positional.len()
                && let Some(to) = of_kind(ParameterKind::Rest)
            {
                return Some(Way {
                    passing: Passing::Position,
                    to,
                });
            }
            let to = of_kind(ParameterKind::KeywordRest)?;
            Some(Way {
                passing: Passing::Name,
                to,
            })
        })
        .collect()
}

/// Without a signature: by position, and by name from the first that may be left out.
pub(super) fn unchecked(arguments: &[signature::Parameter]) -> Vec<Passing> {
    let mut passing = Passing::Position;
    arguments
        .iter()
        .map(|argument| {
            if argument.default.is_some() {
                passing = Passing::Name;
            }
            passing
        })
        .collect()
}

/// The parameters that the function requires and that no argument goes to.
pub(super) fn missing<'a>(function: &'a Function, ways: &[Option<Way<'a>>]) -> Vec<&'a str> {
    let is_reached = |parameter: &Parameter| {
        ways.iter()
            .flatten()
            .any(|way| std::ptr::eq(way.to, parameter))
    };
    function
        .parameters
        .iter()
        .filter(|parameter| !parameter.optional && !is_reached(parameter))
        .map(|parameter| &*parameter.name)
        .collect()
}

/// The Python name of a parameter.
pub(super) fn python_name(parameter: &signature::Parameter) -> String {
    use syn::ext::IdentExt;
    parameter.name.unraw().to_string()
}

/// Whether this is the name of a parameter before `/`.
pub(super) fn is_placed(parameter: &Parameter, name: &str) -> bool {
    parameter.kind == ParameterKind::PositionalOnly && parameter.name == name
}

fn is_positional(parameter: &Parameter) -> bool {
    matches!(
        parameter.kind,
        ParameterKind::PositionalOnly | ParameterKind::Plain
    )
}

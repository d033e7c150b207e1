//! Whether values fit on their way between Rust and Python, and what would.
//!
//! A type is refused if no value of it can fit. Where some can, as with `Sequence` for a `Vec`, that shows at run time; but each member of
//! a union must fit, as `X | None` says that there will be `None`.

use super::python_type::{ClassKind, DOTS, Python};
use super::rust_type::Rust;

/// Types that a string, bytes or a collection is, whatever is in it.
const COLLECTIONS: [&str; 3] = [
    "collections.abc.Collection",
    "collections.abc.Container",
    "collections.abc.Iterable",
];
const SEQUENCES: [&str; 2] = [
    "collections.abc.Sequence",
    "collections.abc.MutableSequence",
];
const MAPPINGS: [&str; 2] = ["collections.abc.Mapping", "collections.abc.MutableMapping"];
const SETS: [&str; 2] = ["collections.abc.Set", "collections.abc.MutableSet"];
/// Subclasses of `dict`.
const DICTS: [&str; 3] = [
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.Counter",
];

/// Whether an argument of type `rust` fits a parameter of type `python`.
pub(super) fn fits(rust: &Rust, python: &Python) -> bool {
    let each = |inner: &[&Rust], arguments: &[Python]| {
        inner
            .iter()
            .zip(arguments)
            .all(|(inner, argument)| fits(inner, argument))
    };
    match (rust, python) {
        (Rust::Unknown, _) | (_, Python::Unknown) => true,
        (Rust::Option(inner), python) => takes_none(python) && fits(inner, python),
        (rust, Python::Union(members)) => members.iter().any(|member| fits(rust, member)),
        (Rust::Map(..), Python::Class { kind, .. }) => *kind == ClassKind::TypedDict,
        (_, Python::Class { .. }) => false,
        (Rust::Scalar(scalar), Python::Named(name, _)) => {
            scalar.becomes == *name
                || scalar.counts_as.contains(name)
                || scalar.becomes == "str" && (*name == SEQUENCES[0] || COLLECTIONS.contains(name))
        }
        (Rust::Bytes, Python::Named(name, _)) => {
            ["bytes", "collections.abc.Buffer", SEQUENCES[0]].contains(name)
                || COLLECTIONS.contains(name)
        }
        (Rust::List(item), Python::Named(name, arguments)) => {
            (*name == "list" || SEQUENCES.contains(name) || COLLECTIONS.contains(name))
                && each(&[&**item], arguments)
        }
        (Rust::Set(item), Python::Named(name, arguments)) => {
            (*name == "set" || SETS.contains(name) || COLLECTIONS.contains(name))
                && each(&[&**item], arguments)
        }
        (Rust::Map(key, value), Python::Named(name, arguments)) => {
            (*name == "dict" || MAPPINGS.contains(name) || COLLECTIONS.contains(name))
                && each(&[&**key, &**value], arguments)
        }
        (Rust::Tuple(items), Python::Named("tuple", arguments)) => match &**arguments {
            [] => true,
            [item, Python::Named(DOTS, _)] => items.iter().all(|inner| fits(inner, item)),
            arguments => {
                let items: Vec<&Rust> = items.iter().collect();
                items.len() == arguments.len() && each(&items, arguments)
            }
        },
        (Rust::Tuple(items), Python::Named(name, arguments)) => {
            (*name == SEQUENCES[0] || COLLECTIONS.contains(name))
                && arguments
                    .first()
                    .is_none_or(|of| items.iter().all(|item| fits(item, of)))
        }
    }
}

fn takes_none(python: &Python) -> bool {
    match python {
        Python::Unknown | Python::Named("None", _) => true,
        Python::Union(members) => members.iter().any(takes_none),
        _ => false,
    }
}

/// Whether a `rust` value can be made from a result of type `python`.
pub(super) fn is_made_from(rust: &Rust, python: &Python) -> bool {
    let all = |inner: &Rust, arguments: &[Python]| {
        arguments
            .iter()
            .filter(|argument| !matches!(argument, Python::Named(DOTS, _)))
            .all(|argument| is_made_from(inner, argument))
    };
    match (rust, python) {
        (Rust::Unknown, _) | (_, Python::Unknown) => true,
        (rust, Python::Union(members)) => members.iter().all(|member| is_made_from(rust, member)),
        (Rust::Option(_), Python::Named("None", _)) => true,
        (Rust::Option(inner), python) => is_made_from(inner, python),
        (
            Rust::Map(..),
            Python::Class {
                kind: ClassKind::TypedDict,
                ..
            },
        ) => true,
        (
            Rust::Tuple(_) | Rust::List(_),
            Python::Class {
                kind: ClassKind::NamedTuple,
                ..
            },
        ) => true,
        (
            rust,
            Python::Class {
                base: Some(base), ..
            },
        ) => is_made_from(rust, base),
        (_, Python::Class { .. }) => false,
        (Rust::Scalar(scalar), Python::Named(name, _)) => scalar.made_from.contains(name),
        (Rust::Bytes, Python::Named(name, arguments)) => {
            ["bytes", "bytearray", "memoryview", "collections.abc.Buffer"].contains(name)
                || is_sequence(name) && all(&Rust::of(&syn::parse_quote!(u8)), arguments)
        }
        (Rust::List(item), Python::Named(name, arguments)) => {
            is_sequence(name) && all(item, arguments)
        }
        (Rust::Set(item), Python::Named(name, arguments)) => {
            (["set", "frozenset"].contains(name)
                || SETS.contains(name)
                || COLLECTIONS.contains(name))
                && all(item, arguments)
        }
        (Rust::Map(key, value), Python::Named(name, arguments)) => {
            (*name == "dict" || DICTS.contains(name) || MAPPINGS.contains(name))
                && arguments
                    .first()
                    .is_none_or(|argument| is_made_from(key, argument))
                && arguments
                    .get(1)
                    .is_none_or(|argument| is_made_from(value, argument))
        }
        (Rust::Tuple(items), Python::Named("tuple", arguments)) => match &**arguments {
            [] => true,
            [item, Python::Named(DOTS, _)] => items.iter().all(|inner| is_made_from(inner, item)),
            arguments => {
                items.len() == arguments.len()
                    && items
                        .iter()
                        .zip(arguments)
                        .all(|(item, argument)| is_made_from(item, argument))
            }
        },
        (Rust::Tuple(items), Python::Named(name, arguments)) => {
            (*name == SEQUENCES[0] || COLLECTIONS.contains(name))
                && arguments
                    .first()
                    .is_none_or(|of| items.iter().all(|item| is_made_from(item, of)))
        }
    }
}

/// Whether values of that type can be what PyO3 makes a `Vec` from.
fn is_sequence(name: &str) -> bool {
    ["list", "tuple", "range", "collections.deque"].contains(&name)
        || SEQUENCES.contains(&name)
        || COLLECTIONS.contains(&name)
}

/// In which direction a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// An argument, which Rust lends.
    ToPython,
    /// A result, which Rust owns.
    ToRust,
}

/// The Rust type that a user would write for `python`, as a sentence names it: "`f64`"; nothing if there is none.
pub(super) fn suggestion(python: &Python, direction: Direction) -> Option<String> {
    if let Python::Class { name, kind, base } = python
        && (base.is_none() || direction == Direction::ToPython)
    {
        return Some(match (kind, direction) {
            (ClassKind::TypedDict, Direction::ToPython) => {
                "a struct with `#[derive(IntoPyObject)]`".to_owned()
            }
            (ClassKind::TypedDict, Direction::ToRust) => {
                "a struct with `#[derive(FromPyObject)]` and `#[pyo3(from_item_all)]`".to_owned()
            }
            (ClassKind::Dataclass | ClassKind::Pydantic | ClassKind::Other, Direction::ToRust) => {
                format!("a struct with `#[derive(FromPyObject)]` and the attributes of `{name}`")
            }
            _ => format!("a `{name}` that Python has made, as `Py<PyAny>`"),
        });
    }
    let text = plain(python, direction, true)?;
    let feature = [
        "chrono",
        "rust_decimal",
        "uuid",
        "num_complex",
        "num_rational",
    ]
    .iter()
    .find(|feature| text.contains(&format!("{feature}::")));
    Some(match feature {
        Some(feature) => format!(
            "`{text}` (PyO3's feature `{}`)",
            feature.replace("num_", "num-")
        ),
        None => format!("`{text}`"),
    })
}

/// The Rust type for `python`; `outside` if it is not a part of another.
fn plain(python: &Python, direction: Direction, outside: bool) -> Option<String> {
    let lent = direction == Direction::ToPython && outside;
    let inner = |python: &Python| plain(python, direction, false);
    let argument = |arguments: &[Python], place: usize| match arguments.get(place) {
        Some(argument) => inner(argument),
        None => Some("Py<PyAny>".to_owned()),
    };
    let borrowed = |text: String| if lent { format!("&{text}") } else { text };
    Some(match python {
        Python::Unknown => "Py<PyAny>".to_owned(),
        Python::Union(members) => {
            let is_none = |member: &&Python| matches!(member, Python::Named("None", _));
            let others: Vec<&Python> = members.iter().filter(|member| !is_none(member)).collect();
            match &*others {
                [only] if members.len() == 2 => {
                    format!("Option<{}>", plain(only, direction, outside)?)
                }
                _ => return None,
            }
        }
        Python::Class {
            base: Some(base), ..
        } if direction == Direction::ToRust => inner(base)?,
        Python::Class { .. } => return None,
        Python::Named(name, arguments) => match *name {
            "bool" => "bool".to_owned(),
            "int" => "i64".to_owned(),
            "float" => "f64".to_owned(),
            "complex" => "num_complex::Complex64".to_owned(),
            "str" => if lent { "&str" } else { "String" }.to_owned(),
            "bytes" => if lent { "&[u8]" } else { "Vec<u8>" }.to_owned(),
            "bytearray" | "memoryview" if direction == Direction::ToRust => "Vec<u8>".to_owned(),
            "tuple" => match &**arguments {
                [] => return None,
                [item, Python::Named(DOTS, _)] if direction == Direction::ToRust => {
                    format!("Vec<{}>", inner(item)?)
                }
                [_, Python::Named(DOTS, _)] => return None,
                items => {
                    let items: Option<Vec<String>> = items.iter().map(inner).collect();
                    let items = items?;
                    match &*items {
                        [only] => format!("({only},)"),
                        items => format!("({})", items.join(", ")),
                    }
                }
            },
            "list" => match argument(arguments, 0)? {
                item if lent => format!("&[{item}]"),
                item => format!("Vec<{item}>"),
            },
            sequence if SEQUENCES.contains(&sequence) || COLLECTIONS.contains(&sequence) => {
                match argument(arguments, 0)? {
                    item if lent => format!("&[{item}]"),
                    item => format!("Vec<{item}>"),
                }
            }
            "set" => borrowed(format!("HashSet<{}>", argument(arguments, 0)?)),
            "frozenset" if direction == Direction::ToRust => {
                format!("HashSet<{}>", argument(arguments, 0)?)
            }
            set if SETS.contains(&set) => borrowed(format!("HashSet<{}>", argument(arguments, 0)?)),
            dict if dict == "dict"
                || MAPPINGS.contains(&dict)
                || DICTS.contains(&dict) && direction == Direction::ToRust =>
            {
                borrowed(format!(
                    "HashMap<{}, {}>",
                    argument(arguments, 0)?,
                    argument(arguments, 1)?
                ))
            }
            "datetime.datetime" => "chrono::NaiveDateTime".to_owned(),
            "datetime.date" => "chrono::NaiveDate".to_owned(),
            "datetime.time" => "chrono::NaiveTime".to_owned(),
            "datetime.timedelta" => "std::time::Duration".to_owned(),
            "decimal.Decimal" => "rust_decimal::Decimal".to_owned(),
            "fractions.Fraction" => "num_rational::Ratio<i64>".to_owned(),
            "uuid.UUID" => "uuid::Uuid".to_owned(),
            "ipaddress.IPv4Address" => "std::net::Ipv4Addr".to_owned(),
            "ipaddress.IPv6Address" => "std::net::Ipv6Addr".to_owned(),
            "pathlib.Path" | "pathlib.PurePath" | "os.PathLike" => {
                if lent { "&Path" } else { "PathBuf" }.to_owned()
            }
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests;

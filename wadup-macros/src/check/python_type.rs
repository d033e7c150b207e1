//! Types of Python: what the names in an annotation stand for.

use std::fmt;

use wadup_contract::definition::{Class, Definition, Function, Type};
use wadup_contract::index::{Index, PythonModule};

/// How many names are followed from one to the next: imports may go in a circle.
const STEPS: usize = 32;

/// A type of Python.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Python {
    /// One that is not known, or that anything fits.
    Unknown,
    /// `X | Y`.
    Union(Vec<Python>),
    /// A type of the standard library.
    Named(&'static str, Vec<Python>),
    /// A class of the user.
    Class {
        name: String,
        kind: ClassKind,
        /// The builtin from which it derives.
        base: Option<Box<Python>>,
    },
}

/// What kind of class the user has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClassKind {
    Dataclass,
    Pydantic,
    TypedDict,
    NamedTuple,
    Enum,
    Other,
}

/// The types that are known, by the name under which they are compared, with their other names.
#[rustfmt::skip]
const NAMES: [(&str, &[&str]); 43] = [
    ("None", &[]),
    ("bool", &[]),
    ("int", &[]),
    ("float", &[]),
    ("complex", &[]),
    ("str", &["typing.Text"]),
    ("bytes", &[]),
    ("bytearray", &[]),
    ("memoryview", &[]),
    ("list", &["typing.List"]),
    ("tuple", &["typing.Tuple"]),
    ("dict", &["typing.Dict"]),
    ("set", &["typing.Set"]),
    ("frozenset", &["typing.FrozenSet"]),
    ("range", &[]),
    ("collections.OrderedDict", &["typing.OrderedDict"]),
    ("collections.defaultdict", &["typing.DefaultDict"]),
    ("collections.Counter", &["typing.Counter"]),
    ("collections.deque", &["typing.Deque"]),
    ("collections.abc.Buffer", &[]),
    ("collections.abc.Callable", &["typing.Callable"]),
    ("collections.abc.Collection", &["typing.Collection"]),
    ("collections.abc.Container", &["typing.Container"]),
    ("collections.abc.Iterable", &["typing.Iterable"]),
    ("collections.abc.Iterator", &["typing.Iterator"]),
    ("collections.abc.Mapping", &["typing.Mapping"]),
    ("collections.abc.MutableMapping", &["typing.MutableMapping"]),
    ("collections.abc.MutableSequence", &["typing.MutableSequence"]),
    ("collections.abc.MutableSet", &["typing.MutableSet"]),
    ("collections.abc.Sequence", &["typing.Sequence"]),
    ("collections.abc.Set", &["typing.AbstractSet"]),
    ("datetime.date", &[]),
    ("datetime.datetime", &[]),
    ("datetime.time", &[]),
    ("datetime.timedelta", &[]),
    ("decimal.Decimal", &[]),
    ("fractions.Fraction", &[]),
    ("ipaddress.IPv4Address", &[]),
    ("ipaddress.IPv6Address", &[]),
    ("os.PathLike", &[]),
    ("pathlib.Path", &["pathlib.PosixPath"]),
    ("pathlib.PurePath", &["pathlib.PurePosixPath"]),
    ("uuid.UUID", &[]),
];

/// In `tuple[X, ...]`: any number of items of the type before it.
pub(super) const DOTS: &str = "...";

/// Bases that say nothing about the values of a class.
const NEUTRAL: [&str; 4] = ["object", "abc.ABC", "typing.Generic", "typing.Hashable"];

impl Python {
    /// A known type.
    pub(super) fn named(name: &'static str, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::Named(name, arguments.into_iter().collect())
    }

    /// A union without unions in it; anything fits if anything fits one of its members.
    fn union(members: impl Iterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for member in members {
            match member {
                Self::Unknown => return Self::Unknown,
                Self::Union(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        flat.dedup();
        match <[Self; 1]>::try_from(flat) {
            Ok([only]) => only,
            Err(flat) => Self::Union(flat),
        }
    }
}

/// The type as Python code would write it.
impl fmt::Display for Python {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |types: &[Self], separator: &str| {
            let texts: Vec<String> = types.iter().map(ToString::to_string).collect();
            texts.join(separator)
        };
        match self {
            Self::Unknown => formatter.write_str("Any"),
            Self::Union(members) => formatter.write_str(&joined(members, " | ")),
            Self::Class { name, .. } => formatter.write_str(name),
            Self::Named(name, arguments) => {
                let (_, last) = name.rsplit_once('.').unwrap_or(("", name));
                formatter.write_str(last)?;
                match &**arguments {
                    [] => Ok(()),
                    arguments => write!(formatter, "[{}]", joined(arguments, ", ")),
                }
            }
        }
    }
}

/// A function, with the module that defines it.
pub(super) struct Found<'a> {
    pub(super) module: &'a str,
    pub(super) name: &'a str,
    pub(super) file: &'a str,
    pub(super) function: &'a Function,
}

/// What is known of the Python modules of a guest.
#[derive(Clone, Copy)]
pub(super) struct Names<'a>(pub(super) &'a Index);

impl<'a> Names<'a> {
    fn module(self, name: &str) -> Option<(&'a str, &'a PythonModule)> {
        let (name, module) = self.0.modules.as_ref()?.get_key_value(name)?;
        Some((name, module))
    }

    /// The function that `name` in `module` is, if its signature is known.
    pub(super) fn function(self, module: &str, name: &str) -> Option<Found<'a>> {
        self.follow_function(module, name, STEPS)
    }

    fn follow_function(self, module: &str, name: &str, steps: usize) -> Option<Found<'a>> {
        let steps = steps.checked_sub(1)?;
        let (module, found) = self.module(module)?;
        let (name, definition) = found.definitions.get_key_value(name)?;
        match definition {
            Definition::Function(function) => Some(Found {
                module,
                name,
                file: found.file.as_deref()?,
                function,
            }),
            Definition::Alias { of } if of.arguments.is_empty() => {
                self.follow_function(module, &of.name, steps)
            }
            Definition::Import { name } => {
                let (module, name) = name.rsplit_once('.')?;
                self.follow_function(module, name, steps)
            }
            _ => None,
        }
    }

    /// What the type `of` is that stands in `module`.
    pub(super) fn resolve(self, module: &str, of: &Type) -> Python {
        self.resolve_in(module, of, STEPS)
    }

    fn resolve_in(self, module: &str, of: &Type, steps: usize) -> Python {
        let Some(steps) = steps.checked_sub(1) else {
            return Python::Unknown;
        };
        let arguments = || {
            of.arguments
                .iter()
                .map(|argument| self.resolve_in(module, argument, steps))
        };
        if of.name == Type::UNION {
            return Python::union(arguments());
        }
        if of.name == DOTS {
            return Python::named(DOTS, []);
        }
        let Some(full) = self.full_name(module, &of.name, steps) else {
            return Python::Unknown;
        };
        let full = full.replace("typing_extensions.", "typing.");
        match &*full {
            "typing.Union" | "typing.Literal" => return Python::union(arguments()),
            "typing.Optional" => {
                return Python::union(arguments().chain([Python::named("None", [])]));
            }
            "typing.Final" | "typing.Required" | "typing.NotRequired" | "typing.ReadOnly" => {
                return arguments().next().unwrap_or(Python::Unknown);
            }
            _ => {}
        }
        if let Some((name, _)) = NAMES
            .iter()
            .find(|(name, others)| *name == full || others.contains(&&*full))
        {
            return Python::Named(name, arguments().collect());
        }
        self.class_or_alias(&full, steps)
    }

    /// The dotted name of what `name` stands for in `module`; nothing if that is not known.
    fn full_name(self, module: &str, name: &str, steps: usize) -> Option<String> {
        let steps = steps.checked_sub(1)?;
        let (first, rest) = name
            .split_once('.')
            .map_or((name, None), |(first, rest)| (first, Some(rest)));
        let (module, found) = self.module(module)?;
        let base = match found.definitions.get(first) {
            Some(Definition::Import { name }) => self.through_import(name, steps),
            Some(Definition::Class(_) | Definition::Alias { .. }) => {
                Some(format!("{module}.{first}"))
            }
            Some(_) => None,
            // A name that is bound more than once, or in a way that the source does not tell.
            None if found.names.iter().any(|known| known == first) => None,
            None => Some(first.to_owned()),
        }?;
        Some(match rest {
            Some(rest) => format!("{base}.{rest}"),
            None => base,
        })
    }

    /// Follows an imported name through the user's modules, which may import it in turn.
    fn through_import(self, name: &str, steps: usize) -> Option<String> {
        if let Some((module, last)) = name.rsplit_once('.')
            && let Some((_, found)) = self.module(module)
            && found.definitions.contains_key(last)
        {
            return self.full_name(module, last, steps);
        }
        Some(name.to_owned())
    }

    fn class_or_alias(self, full: &str, steps: usize) -> Python {
        let Some((module, name)) = full.rsplit_once('.') else {
            return Python::Unknown;
        };
        let Some((module, found)) = self.module(module) else {
            return Python::Unknown;
        };
        match found.definitions.get(name) {
            Some(Definition::Class(class)) => self.class(module, name, class, steps),
            Some(Definition::Alias { of }) => self.resolve_in(module, of, steps),
            Some(Definition::Import { .. }) => self
                .through_import(full, steps)
                .filter(|next| next != full)
                .map_or(Python::Unknown, |next| self.class_or_alias(&next, steps)),
            _ => Python::Unknown,
        }
    }

    /// A class of the user, unless one of its bases is not known: that could make it anything.
    fn class(self, module: &str, name: &str, class: &Class, steps: usize) -> Python {
        let Some(steps) = steps.checked_sub(1) else {
            return Python::Unknown;
        };
        let mut kind = if class.dataclass {
            ClassKind::Dataclass
        } else {
            ClassKind::Other
        };
        let mut base = None;
        for of in &class.bases {
            let Some(full) = self.full_name(module, &of.name, steps) else {
                return Python::Unknown;
            };
            let full = full.replace("typing_extensions.", "typing.");
            let of_base = match &*full {
                neutral if NEUTRAL.contains(&neutral) => continue,
                "pydantic.BaseModel" | "pydantic.RootModel" => (ClassKind::Pydantic, None),
                "typing.TypedDict" => (ClassKind::TypedDict, None),
                "typing.NamedTuple" => (ClassKind::NamedTuple, None),
                "enum.Enum" | "enum.Flag" => (ClassKind::Enum, None),
                "enum.StrEnum" => (ClassKind::Enum, Some(Box::new(Python::named("str", [])))),
                "enum.IntEnum" | "enum.IntFlag" => {
                    (ClassKind::Enum, Some(Box::new(Python::named("int", []))))
                }
                _ => match self.resolve_in(module, of, steps) {
                    Python::Class { kind, base, .. } => (kind, base),
                    known @ Python::Named(..) => (ClassKind::Other, Some(Box::new(known))),
                    Python::Unknown | Python::Union(_) => return Python::Unknown,
                },
            };
            if kind == ClassKind::Other {
                kind = of_base.0;
            }
            base = base.or(of_base.1);
        }
        Python::Class {
            name: name.to_owned(),
            kind,
            base,
        }
    }
}

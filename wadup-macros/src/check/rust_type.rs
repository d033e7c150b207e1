//! Types of Rust, as PyO3 converts them.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

use super::python_type::Python;

/// A type of Rust.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rust {
    /// One that only the compiler knows, such as a struct of the crate.
    Unknown,
    /// One that becomes one object without parts.
    Scalar(&'static Scalar),
    /// Bytes. A `Vec<u8>` is also made from a list of numbers.
    Bytes,
    Option(Box<Rust>),
    List(Box<Rust>),
    Set(Box<Rust>),
    Map(Box<Rust>, Box<Rust>),
    Tuple(Vec<Rust>),
}

/// A type of Rust that becomes one Python object without parts.
#[derive(Debug, PartialEq)]
pub(super) struct Scalar {
    /// The last part of its path.
    names: &'static [&'static str],
    /// The Python type that it becomes.
    pub(super) becomes: &'static str,
    /// Further types for which a type checker takes it.
    pub(super) counts_as: &'static [&'static str],
    /// The Python types that it is made from.
    pub(super) made_from: &'static [&'static str],
}

const fn scalar(
    names: &'static [&'static str],
    becomes: &'static str,
    counts_as: &'static [&'static str],
    made_from: &'static [&'static str],
) -> Scalar {
    Scalar {
        names,
        becomes,
        counts_as,
        made_from,
    }
}

/// PyO3's conversions ("Mapping of Rust types to Python types" in its guide), by the names of the types: the macro cannot see more.
#[rustfmt::skip]
static SCALARS: [Scalar; 15] = [
    scalar(&["bool"], "bool", &["int", "float", "complex"], &["bool"]),
    scalar(
        &[
            "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "BigInt", "BigUint",
            "NonZeroI8", "NonZeroI16", "NonZeroI32", "NonZeroI64", "NonZeroI128", "NonZeroIsize",
            "NonZeroU8", "NonZeroU16", "NonZeroU32", "NonZeroU64", "NonZeroU128", "NonZeroUsize",
        ],
        "int", &["float", "complex"], &["int", "bool"],
    ),
    scalar(&["f32", "f64"], "float", &["complex"], &["float", "int", "bool", "decimal.Decimal", "fractions.Fraction"]),
    scalar(&["Complex", "Complex32", "Complex64"], "complex", &[], &["complex", "float", "int", "bool"]),
    scalar(&["str", "String", "char", "OsStr", "OsString", "CStr", "CString"], "str", &[], &["str"]),
    scalar(&["Path", "PathBuf"], "pathlib.Path", &["pathlib.PurePath", "os.PathLike"],
        &["pathlib.Path", "pathlib.PurePath", "os.PathLike", "str"]),
    scalar(&["Duration", "SignedDuration", "TimeDelta"], "datetime.timedelta", &[], &["datetime.timedelta"]),
    scalar(
        &["SystemTime", "DateTime", "NaiveDateTime", "PrimitiveDateTime", "OffsetDateTime", "UtcDateTime", "Zoned", "Timestamp"],
        "datetime.datetime", &["datetime.date"], &["datetime.datetime"],
    ),
    scalar(&["Date", "NaiveDate"], "datetime.date", &[], &["datetime.date", "datetime.datetime"]),
    scalar(&["Time", "NaiveTime"], "datetime.time", &[], &["datetime.time"]),
    scalar(&["Decimal", "BigDecimal"], "decimal.Decimal", &[], &["decimal.Decimal", "int", "bool", "float", "str"]),
    scalar(&["Ratio", "BigRational"], "fractions.Fraction", &[], &["fractions.Fraction", "int", "bool"]),
    scalar(&["Uuid", "NonNilUuid"], "uuid.UUID", &[], &["uuid.UUID"]),
    scalar(&["Ipv4Addr"], "ipaddress.IPv4Address", &[], &["ipaddress.IPv4Address", "str"]),
    scalar(&["Ipv6Addr"], "ipaddress.IPv6Address", &[], &["ipaddress.IPv6Address", "str"]),
];

/// Types that convert as what they contain.
const WRAPPERS: [&str; 5] = ["Arc", "Box", "Cell", "Cow", "Rc"];

impl Rust {
    /// What `of` is.
    pub(super) fn of(of: &Type) -> Self {
        match of {
            Type::Group(group) => Self::of(&group.elem),
            Type::Paren(paren) => Self::of(&paren.elem),
            Type::Reference(reference) => Self::of(&reference.elem),
            Type::Slice(slice) => Self::list(&slice.elem),
            Type::Array(array) => Self::list(&array.elem),
            Type::Tuple(tuple) if !tuple.elems.is_empty() => {
                Self::Tuple(tuple.elems.iter().map(Self::of).collect())
            }
            Type::Path(path) if path.qself.is_none() => Self::of_path(&path.path),
            _ => Self::Unknown,
        }
    }

    fn of_path(path: &syn::Path) -> Self {
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            return Self::Unknown;
        };
        if ["crate", "self", "super"].contains(&&*first.ident.to_string()) {
            return Self::Unknown;
        }
        let arguments: Vec<&Type> = match &last.arguments {
            PathArguments::AngleBracketed(arguments) => arguments
                .args
                .iter()
                .filter_map(|argument| match argument {
                    GenericArgument::Type(of) => Some(of),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let boxed = |of: &Type| Box::new(Self::of(of));
        let name = last.ident.to_string();
        match (&*name, &*arguments) {
            ("Option", [of]) => Self::Option(boxed(of)),
            ("Vec", [of]) => Self::list(of),
            ("HashSet" | "BTreeSet" | "IndexSet", [of, ..]) => Self::Set(boxed(of)),
            ("HashMap" | "BTreeMap" | "IndexMap", [key, value, ..]) => {
                Self::Map(boxed(key), boxed(value))
            }
            (wrapper, [of]) if WRAPPERS.contains(&wrapper) => Self::of(of),
            _ => SCALARS
                .iter()
                .find(|scalar| scalar.names.contains(&&*name))
                .map_or(Self::Unknown, Self::Scalar),
        }
    }

    /// A sequence of `element`.
    fn list(element: &Type) -> Self {
        let is_byte = matches!(element, Type::Path(path) if path.path.is_ident("u8"));
        if is_byte {
            Self::Bytes
        } else {
            Self::List(Box::new(Self::of(element)))
        }
    }

    /// The Python type that a value of this type becomes.
    pub(super) fn becomes(&self) -> Python {
        match self {
            Self::Unknown => Python::Unknown,
            Self::Scalar(scalar) => Python::named(scalar.becomes, []),
            Self::Bytes => Python::named("bytes", []),
            Self::Option(inner) => Python::Union(vec![inner.becomes(), Python::named("None", [])]),
            Self::List(element) => Python::named("list", [element.becomes()]),
            Self::Set(element) => Python::named("set", [element.becomes()]),
            Self::Map(key, value) => Python::named("dict", [key.becomes(), value.becomes()]),
            Self::Tuple(items) => Python::named("tuple", items.iter().map(Self::becomes)),
        }
    }
}

/// The type as a user would write it.
pub(super) fn written(of: &Type) -> String {
    let mut text = of.to_token_stream().to_string();
    for (spaced, tight) in [
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" :: ", "::"),
        (" ,", ","),
        ("[ ", "["),
        (" ]", "]"),
        (" ;", ";"),
        ("( ", "("),
        (" )", ")"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

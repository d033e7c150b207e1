//! What the names in a Python module stand for, as its source says.
//!
//! Types keep the names that the source gives them; the macro looks those up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The definitions of a module by name.
pub type Definitions = BTreeMap<String, Definition>;

/// What a name at the top level of a module stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Definition {
    /// A function.
    Function(Function),
    /// A class.
    Class(Class),
    /// Another name for a type, or for a function.
    Alias {
        /// What it stands for.
        #[serde(rename = "type")]
        of: Type,
    },
    /// A name from another module, or a module.
    Import {
        /// Its dotted name.
        name: String,
    },
    /// Something else that hides a builtin of the same name.
    Other,
}

/// A function, and how it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// The line of its `def`, from 1.
    pub line: u32,
    /// What calling it returns.
    pub form: Form,
    /// Its parameters, in the order of the source.
    pub parameters: Vec<Parameter>,
    /// The annotation of its result.
    pub returns: Option<Annotation>,
}

/// What calling a function returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Its result.
    #[serde(rename = "plain")]
    Plain,
    /// A coroutine (`async def`).
    #[serde(rename = "async")]
    Async,
    /// A generator (`def` with `yield`).
    #[serde(rename = "generator")]
    Generator,
    /// An asynchronous generator (`async def` with `yield`).
    #[serde(rename = "async generator")]
    AsyncGenerator,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name, without stars.
    pub name: String,
    /// The line that it stands in, from 1.
    pub line: u32,
    /// How it takes its argument.
    pub kind: ParameterKind,
    /// Whether the function can be called without it.
    pub optional: bool,
    /// Its annotation. That of `*args` and `**kwargs` is the type of each value.
    pub annotation: Option<Annotation>,
}

/// How a parameter takes its argument (`inspect.Parameter.kind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    /// By position: it stands before `/`.
    #[serde(rename = "positional only")]
    PositionalOnly,
    /// By position or by name.
    #[serde(rename = "plain")]
    Plain,
    /// `*args`.
    #[serde(rename = "rest")]
    Rest,
    /// By name: it stands after `*`.
    #[serde(rename = "keyword only")]
    KeywordOnly,
    /// `**kwargs`.
    #[serde(rename = "keyword rest")]
    KeywordRest,
}

/// An annotation of a parameter or a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// The source, as Python lays it out.
    pub text: String,
    /// What it says.
    #[serde(rename = "type")]
    pub of: Type,
}

/// A type of Python, as the source names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Type {
    /// A dotted name, [`Type::UNION`], `None`, `...` or [`Type::UNKNOWN`].
    pub name: String,
    /// What stands in brackets behind it, or the members of a union. Those of `Literal` are the types of its values.
    #[serde(default)]
    pub arguments: Vec<Type>,
}

impl Type {
    /// The name of `X | Y`.
    pub const UNION: &str = "|";
    /// The name of what the source does not tell.
    pub const UNKNOWN: &str = "?";
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// The line of its `class`, from 1.
    pub line: u32,
    /// Whether it is decorated with `dataclass`.
    pub dataclass: bool,
    /// The classes from which it derives.
    pub bases: Vec<Type>,
}

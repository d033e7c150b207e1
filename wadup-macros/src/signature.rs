//! `fn name(parameter: Type) -> Type`: how Rust or the host calls a Python function.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, LitStr, Result, Token, Type, Visibility, parenthesized};

use crate::target::Target;

/// What a function looks like, for messages.
const FUNCTION: &str =
    "a signature and a string, as in `pub fn score(text: &str) -> f64 = \"users.scoring:score\";`";

/// The parameters and the result of a function.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) parameters: Vec<Parameter>,
    /// Without it, what Python returns is ignored.
    pub(crate) result: Option<Type>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: Ident,
    pub(crate) of: Type,
    /// Where `None` stands, with which the argument is left out.
    pub(crate) default: Option<Span>,
}

/// A Python function that Rust calls.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) signature: Signature,
    pub(crate) target: Target,
}

impl Function {
    /// Reads `pub fn name(parameter: Type) -> Type = "module:function"`.
    ///
    /// # Errors
    ///
    /// The first thing that is malformed.
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        (|input: ParseStream<'_>| {
            let attributes = Attribute::parse_outer(input)?;
            let visibility = input.parse()?;
            refuse_qualifiers(input)?;
            input
                .parse::<Token![fn]>()
                .map_err(|error| Error::new(error.span(), format!("expected {FUNCTION}")))?;
            let name: Ident = input.parse()?;
            let signature = input.parse()?;
            let target = target(input, ";", name.span())?;
            Ok(Self {
                attributes,
                visibility,
                name,
                signature,
                target,
            })
        })
        .parse2(tokens)
    }
}

/// Reads `fn(parameter: Type) -> Type = "module:function"`, the value of an export.
///
/// # Errors
///
/// The first thing that is malformed.
pub(crate) fn parse_export(tokens: TokenStream) -> Result<(Signature, Target)> {
    (|input: ParseStream<'_>| {
        let keyword: Token![fn] = input.parse()?;
        let signature: Signature = input.parse()?;
        Ok((signature, target(input, ",", keyword.span)?))
    })
    .parse2(tokens)
}

/// Reads `= "module:function"`, the end of the function at `start`, behind which a `separator` stands.
fn target(input: ParseStream<'_>, separator: &str, start: Span) -> Result<Target> {
    if input.is_empty() {
        let message = "expected `= \"module:function\"` after this signature";
        return Err(Error::new(start, message));
    }
    input.parse::<Token![=]>()?;
    let text: LitStr = input.parse().map_err(|error| {
        Error::new(
            error.span(),
            "expected a string, as in `\"users.scoring:score\"`",
        )
    })?;
    if !input.is_empty() {
        return Err(input.error(format_args!("expected `{separator}` before this")));
    }
    Target::parse(&text.value(), text.span())
}

fn refuse_qualifiers(input: ParseStream<'_>) -> Result<()> {
    let found = input.cursor().ident().map(|(ident, _)| ident);
    match found {
        Some(word) if ["async", "const", "extern", "unsafe"].contains(&&*word.to_string()) => {
            let message = format!("a Python function cannot be `{word}` in Rust");
            Err(Error::new(word.span(), message))
        }
        _ => Ok(()),
    }
}

impl Parse for Signature {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Token![<]) {
            return Err(input.error(
                "a Python function cannot be generic in Rust: write the types of one call",
            ));
        }
        let parameters;
        parenthesized!(parameters in input);
        let parameters = Punctuated::<Parameter, Token![,]>::parse_terminated(&parameters)?;
        let result = if input.peek(Token![->]) {
            input.parse::<Token![->]>()?;
            Some(input.parse::<Type>()?)
        } else {
            None
        };
        Ok(Self {
            parameters: parameters.into_iter().collect(),
            // `()` is what a Rust function without a result returns.
            result: result.filter(|of| !matches!(of, Type::Tuple(tuple) if tuple.elems.is_empty())),
        })
    }
}

impl Parse for Parameter {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Token![self]) || input.peek(Token![&]) {
            return Err(input
                .error("a Python function has no `self` in Rust: pass the object as a parameter"));
        }
        let name = input.call(Ident::parse_any)?;
        let name = if name == "_" || name == "mut" {
            let message = "expected the name of the Python parameter";
            return Err(Error::new(name.span(), message));
        } else {
            syn::parse2::<Ident>(TokenTree::Ident(name).into())?
        };
        input.parse::<Token![:]>()?;
        let of: Type = input.parse()?;
        let default = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(default(input, &of)?)
        } else {
            None
        };
        Ok(Self { name, of, default })
    }
}

/// Where `None` stands, the one default that a parameter can have.
fn default(input: ParseStream<'_>, of: &Type) -> Result<Span> {
    let is_option = matches!(of, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Option"));
    let value = input.call(Ident::parse_any).ok();
    match value {
        Some(value) if value == "None" && is_option => Ok(value.span()),
        value => {
            let span = value.map_or_else(|| input.span(), |value| value.span());
            let message = "the one default that a parameter can have is `None`, for an `Option`\n\
                           help: Python's own default applies to an argument that is left out";
            // The rest of the value would be reported as a second mistake.
            input.step(|cursor| Ok(((), skip_to_comma(*cursor))))?;
            Err(Error::new(
                if is_option { span } else { of.span() },
                message,
            ))
        }
    }
}

fn skip_to_comma(mut cursor: syn::buffer::Cursor<'_>) -> syn::buffer::Cursor<'_> {
    while let Some((token, rest)) = cursor.token_tree() {
        if matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ',') {
            break;
        }
        cursor = rest;
    }
    cursor
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_function_has_everything_that_it_is_written_with() {
        let function = Function::parse(quote! {
            /// Documented.
            pub(crate) fn first(items: &[HashMap<String, u8>], limit: Option<usize> = None) -> Option<Row> = "users:first"
        })
        .unwrap();

        assert_eq!(function.attributes.len(), 1);
        assert_eq!(function.name, "first");
        let parameters = &function.signature.parameters;
        assert_eq!(parameters[0].name, "items");
        assert!(parameters[0].default.is_none());
        assert!(parameters[1].default.is_some());
        assert!(function.signature.result.is_some());
        assert_eq!(function.target.module, "users");
    }

    #[test]
    fn no_result_and_the_empty_tuple_are_the_same() {
        for tokens in [
            quote! { fn reset() = "users:reset" },
            quote! { fn reset() -> () = "users:reset" },
        ] {
            assert!(Function::parse(tokens).unwrap().signature.result.is_none());
        }
    }

    #[test]
    fn what_python_has_no_word_for_is_refused() {
        for (tokens, expected) in [
            (
                quote! { async fn a() = "m:a" },
                "a Python function cannot be `async` in Rust",
            ),
            (
                quote! { fn a<T>() = "m:a" },
                "a Python function cannot be generic",
            ),
            (
                quote! { fn a(&self) = "m:a" },
                "a Python function has no `self`",
            ),
            (
                quote! { fn a(_: u8) = "m:a" },
                "expected the name of the Python parameter",
            ),
            (
                quote! { fn a(b: u8 = 1) = "m:a" },
                "the one default that a parameter can have",
            ),
            (
                quote! { fn a(b: Option<u8> = Some(1)) = "m:a" },
                "the one default that a parameter can have",
            ),
            (quote! { fn a() }, "expected `= \"module:function\"`"),
            (quote! { fn a() = m::a }, "expected a string"),
            (
                quote! { fn a() = "m:a" fn b() = "m:b" },
                "expected `;` before this",
            ),
            (quote! { struct A }, "expected a signature and a string"),
            (quote! { fn a() = "m.a" }, "`m.a` is not a valid function"),
        ] {
            let error = Function::parse(tokens).unwrap_err().to_string();

            assert!(error.starts_with(expected), "{error}");
        }
    }
}

//! Parses what the user wrote between the braces of `wadup_python!`.
//!
//! The input is split at its commas first and each piece parsed by itself, so that one mistake does not hide the next.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Error, LitStr, Path, Result};

use crate::errors::Errors;
use crate::nearest::{list, nearest};
use crate::signature::{self, Function, Signature};
use crate::target::{Entry, Target};

/// Every key that the macro knows.
const KEYS: [&str; 4] = ["entry", "modules", "exports", "functions"];

// What the values look like, for messages.
const ENTRY: &str = "a string, as in `entry: \"users:main\"`";
const MODULES: &str = "a list of paths in brackets, as in `modules: [fast, geometry::shapes]`";
const EXPORTS: &str = "a list in braces, as in `exports: { score: \"users.scoring:score\" }`";
const EXPORT: &str = "a string, as in `score: \"users.scoring:score\"`";
const FUNCTIONS: &str = "signatures in braces, as in `functions: { pub fn score(text: &str) -> f64 = \"users.scoring:score\"; }`";

/// A well-formed input. What it names may not exist.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// What is behind `process`, or behind `main` in a program.
    pub(crate) entry: Option<Entry>,
    /// Paths to `#[pymodule]`s.
    pub(crate) modules: Vec<Path>,
    /// Where the key `exports` stands, if it was given.
    pub(crate) exports_key: Option<Span>,
    /// Further functions for the host to call.
    pub(crate) exports: Vec<Export>,
    /// Python functions that Rust calls.
    pub(crate) functions: Vec<Function>,
}

/// A function that the host can call.
#[derive(Debug)]
pub(crate) struct Export {
    /// Its name.
    pub(crate) name: Ident,
    /// What it takes and returns. Without it, it takes nothing and returns a status.
    pub(crate) signature: Option<Signature>,
    /// The Python function that it calls.
    pub(crate) target: Target,
}

/// Parses the macro's input.
///
/// # Errors
///
/// Everything that is malformed, combined.
pub(crate) fn parse(tokens: TokenStream) -> Result<Input> {
    let mut errors = Errors::default();
    let mut input = Input::default();
    let mut given: Vec<Ident> = Vec::new();
    for piece in split_at_commas(tokens, &mut errors) {
        let (key, value) = split_at_colon(piece);
        let Some(key) = errors.keep(known_key(key)) else {
            continue;
        };
        if given.contains(&key) {
            errors.report(key.span(), format_args!("duplicate key `{key}`"));
            continue;
        }
        if key == "entry" {
            let text = text(&key, value, ENTRY);
            input.entry =
                errors.keep(text.and_then(|text| Entry::parse(&text.value(), text.span())));
        } else if key == "modules" {
            input.modules = parse_modules(&key, value, &mut errors);
        } else if key == "exports" {
            input.exports_key = Some(key.span());
            input.exports = parse_exports(&key, value, &mut errors);
        } else {
            input.functions = parse_functions(&key, value, &mut errors);
        }
        given.push(key);
    }
    errors.into_result(Ok(input))
}

/// The key that `tokens` are.
fn known_key(tokens: TokenStream) -> Result<Ident> {
    let keys = list(&KEYS, "or");
    let Ok(key) = Ident::parse_any.parse2(tokens.clone()) else {
        return Err(Error::new_spanned(
            tokens,
            format!("this is not a valid key: expected {keys}"),
        ));
    };
    let name = key.to_string();
    if KEYS.contains(&name.as_str()) {
        return Ok(key);
    }
    let message = match nearest(&name, KEYS).first() {
        Some(guess) => {
            format!("`{name}` is not a valid key: expected {keys}\nhelp: did you mean `{guess}`?")
        }
        None => format!("`{name}` is not a valid key: expected {keys}"),
    };
    Err(Error::new(key.span(), message))
}

/// The string that is the value of `key`.
fn text(key: &Ident, value: TokenStream, expected: &str) -> Result<LitStr> {
    single_token(key, value, expected, |token| {
        syn::parse2::<LitStr>(token.into()).ok()
    })
}

/// Parses `[path, path]`.
fn parse_modules(key: &Ident, value: TokenStream, errors: &mut Errors) -> Vec<Path> {
    let Some(paths) = errors.keep(single_token(
        key,
        value,
        MODULES,
        inside(Delimiter::Bracket),
    )) else {
        return Vec::new();
    };
    split_at_commas(paths, errors)
        .into_iter()
        .filter_map(|piece| {
            let path = Path::parse_mod_style.parse2(piece.clone());
            errors.keep(path.map_err(|_| {
                Error::new_spanned(
                    piece,
                    format!("this is not a valid module: `{key}` expects {MODULES}"),
                )
            }))
        })
        .collect()
}

/// Parses `{ name: "module:function", name: "module:function" }`.
fn parse_exports(key: &Ident, value: TokenStream, errors: &mut Errors) -> Vec<Export> {
    let Some(pairs) = errors.keep(single_token(key, value, EXPORTS, inside(Delimiter::Brace)))
    else {
        return Vec::new();
    };
    let mut exports: Vec<Export> = Vec::new();
    for piece in split_at_commas(pairs, errors) {
        let (name, value) = split_at_colon(piece);
        let Some(name) = errors.keep(export_name(name)) else {
            continue;
        };
        if exports
            .iter()
            .any(|export| export.name.unraw() == name.unraw())
        {
            errors.report(name.span(), format_args!("duplicate export `{name}`"));
        } else if let Some((signature, target)) = errors.keep(export_value(&name, value)) {
            exports.push(Export {
                name,
                signature,
                target,
            });
        }
    }
    exports
}

/// Parses `"module:function"` or `fn(parameter: Type) -> Type = "module:function"`.
fn export_value(name: &Ident, value: TokenStream) -> Result<(Option<Signature>, Target)> {
    let first = value.clone().into_iter().next();
    if matches!(first, Some(TokenTree::Ident(word)) if word == "fn") {
        let (signature, target) = signature::parse_export(value)?;
        return Ok((Some(signature), target));
    }
    let text = text(name, value, EXPORT)?;
    Ok((None, Target::parse(&text.value(), text.span())?))
}

/// Parses `{ fn name(parameter: Type) -> Type = "module:function"; }`.
fn parse_functions(key: &Ident, value: TokenStream, errors: &mut Errors) -> Vec<Function> {
    let functions = single_token(key, value, FUNCTIONS, inside(Delimiter::Brace));
    let Some(functions) = errors.keep(functions) else {
        return Vec::new();
    };
    let mut pieces = vec![TokenStream::new()];
    for token in functions {
        match (&token, pieces.last_mut()) {
            (TokenTree::Punct(end), _) if end.as_char() == ';' => pieces.push(TokenStream::new()),
            (_, Some(piece)) => piece.extend([token]),
            (_, None) => {}
        }
    }
    pieces
        .into_iter()
        .filter(|piece| !piece.is_empty())
        .filter_map(|piece| errors.keep(Function::parse(piece)))
        .collect()
}

/// The identifier that `tokens` are.
fn export_name(tokens: TokenStream) -> Result<Ident> {
    let Ok(name) = Ident::parse_any.parse2(tokens.clone()) else {
        let message = format!(
            "this is not a valid export name: expected a Rust identifier; `exports` expects {EXPORTS}"
        );
        return Err(Error::new_spanned(tokens, message));
    };
    syn::parse2(tokens).map_err(|_| {
        let message = format!("`{name}` is not a valid export name: it is a Rust keyword");
        Error::new(name.span(), message)
    })
}

/// The result of `read` for the one token that is the value of `key`.
fn single_token<T>(
    key: &Ident,
    value: TokenStream,
    expected: &str,
    read: impl FnOnce(TokenTree) -> Option<T>,
) -> Result<T> {
    let mut tokens = value.clone().into_iter();
    let Some(first) = tokens.next() else {
        return Err(Error::new(
            key.span(),
            format!("`{key}` has no value: expected {expected}"),
        ));
    };
    let Some(result) = read(first) else {
        return Err(Error::new_spanned(
            value,
            format!("this is not a valid value of `{key}`: expected {expected}"),
        ));
    };
    match tokens.next() {
        Some(extra) => Err(Error::new(extra.span(), "expected `,` before this")),
        None => Ok(result),
    }
}

/// Reads what is between a pair of brackets.
fn inside(delimiter: Delimiter) -> impl FnOnce(TokenTree) -> Option<TokenStream> {
    move |token| match token {
        TokenTree::Group(group) if group.delimiter() == delimiter => Some(group.stream()),
        _ => None,
    }
}

/// The pieces between the commas of `tokens`; commas inside brackets belong to the pieces.
fn split_at_commas(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let mut pieces = Vec::new();
    let mut piece = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                if piece.is_empty() {
                    errors.report(comma.span(), "expected a key or a value before this `,`");
                } else {
                    pieces.push(std::mem::take(&mut piece));
                }
            }
            other => piece.extend([other]),
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// What is before the first colon of `piece`, and what is after; without a colon, the value is empty.
fn split_at_colon(piece: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = piece.into_iter();
    let key = tokens
        .by_ref()
        .take_while(|token| !matches!(token, TokenTree::Punct(colon) if colon.as_char() == ':'))
        .collect();
    (key, tokens.collect())
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};

    use super::*;

    fn messages(tokens: TokenStream) -> Vec<String> {
        parse(tokens)
            .unwrap_err()
            .into_iter()
            .map(|error| error.to_string())
            .collect()
    }

    #[test]
    fn every_key_may_be_given() {
        let input = parse(quote! {
            entry: "users:main",
            modules: [fast, geometry::shapes],
            exports: { score: "users.scoring:score", reset: "users:reset" },
        })
        .unwrap();

        assert!(matches!(&input.entry, Some(Entry::Function(target)) if target.function == "main"));
        let modules: Vec<String> = input
            .modules
            .iter()
            .map(|path| path.to_token_stream().to_string())
            .collect();
        assert_eq!(modules, ["fast", "geometry :: shapes"]);
        let exports: Vec<String> = input
            .exports
            .iter()
            .map(|export| export.name.to_string())
            .collect();
        assert_eq!(exports, ["score", "reset"]);
        assert_eq!(input.exports[0].target.module, "users.scoring");
    }

    #[test]
    fn every_key_may_be_left_out() {
        let input = parse(quote! {}).unwrap();

        assert!(input.entry.is_none());
        assert!(input.modules.is_empty());
        assert!(input.exports_key.is_none());
        assert!(input.exports.is_empty());
        assert!(input.functions.is_empty());
    }

    #[test]
    fn an_export_may_take_and_return_values() {
        let input = parse(quote! {
            exports: { clamp: fn(value: f64, low: f64, high: f64) -> f64 = "users:clamp", reset: "users:reset" },
        })
        .unwrap();

        let signature = input.exports[0].signature.as_ref().unwrap();
        assert_eq!(signature.parameters.len(), 3);
        assert_eq!(input.exports[0].target.function, "clamp");
        assert!(input.exports[1].signature.is_none());
    }

    #[test]
    fn functions_end_with_a_semicolon_and_types_may_have_commas() {
        let input = parse(quote! {
            functions: {
                pub fn count(words: &HashMap<String, u32>) -> u32 = "users:count";
                fn reset() = "users:reset"
            },
        })
        .unwrap();

        let names: Vec<String> = input
            .functions
            .iter()
            .map(|function| function.name.to_string())
            .collect();
        assert_eq!(names, ["count", "reset"]);
    }

    #[test]
    fn each_malformed_function_is_reported() {
        let messages = messages(quote! {
            functions: { fn a() = 1; fn b() = "users:b"; fn c = "users:c"; },
        });

        assert_eq!(messages.len(), 2, "{messages:#?}");
    }

    #[test]
    fn a_last_comma_may_be_left_out() {
        let input =
            parse(quote! { modules: [self::fast,], exports: { score: "users:score" } }).unwrap();

        assert_eq!(input.modules.len(), 1);
        assert_eq!(input.exports.len(), 1);
    }

    #[test]
    fn a_string_handed_through_another_macro_is_a_string() {
        // `macro_rules!` wraps what matched `$entry:expr` into a group without delimiters.
        let literal = proc_macro2::Group::new(Delimiter::None, quote!("users:main"));

        let input = parse(quote! { entry: #literal }).unwrap();

        assert_eq!(input.entry.unwrap().module(), "users");
    }

    #[test]
    fn all_mistakes_are_reported_together() {
        let messages = messages(quote! {
            entri: "users:main",
            modules: ["fast"],
            modules: [],
            exports: { fn: "users:main", score: 1, reset },
        });

        assert_eq!(messages.len(), 6, "{messages:#?}");
        assert!(messages[0].starts_with("`entri` is not a valid key: expected"));
        assert!(
            messages[1]
                .starts_with("this is not a valid module: `modules` expects a list of paths")
        );
        assert!(messages[2].starts_with("duplicate key `modules`"));
        assert!(messages[3].starts_with("`fn` is not a valid export name: it is a Rust keyword"));
        assert!(messages[4].starts_with("this is not a valid value of `score`: expected a string"));
        assert!(messages[5].starts_with("`reset` has no value"));
    }

    #[test]
    fn a_forgotten_comma_is_reported_as_such() {
        assert_eq!(
            messages(quote! { entry: "users:main" modules: [fast] }),
            ["expected `,` before this"]
        );
    }

    #[test]
    fn an_export_given_raw_and_plain_is_given_twice() {
        let messages =
            messages(quote! { exports: { score: "users:score", r#score: "users:score" } });

        assert_eq!(messages, ["duplicate export `r#score`"]);
    }
}

//! Generates functions that call Python with values.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Type};

use super::GUEST;
use crate::check::Passing;
use crate::signature::{Function, Parameter, Signature};
use crate::target::Target;

/// A function that Rust calls.
pub(super) fn function(function: &Function, passing: &[Passing]) -> TokenStream {
    let Function {
        attributes,
        visibility,
        name,
        signature,
        target,
    } = function;
    let parameters = parameters(signature);
    let found = found(target);
    let call = call(signature, passing);
    let (result, body) = match &signature.result {
        Some(result) => (
            quote! { #result },
            quote! { FUNCTION.call::<#result>(#call) },
        ),
        None => {
            let ignored = quote! { FUNCTION.call::<::wadup_guest::__private::Ignored>(#call) };
            (
                quote! { () },
                quote! { ::core::result::Result::map(#ignored, |_| ()) },
            )
        }
    };
    quote! {
        #(#attributes)*
        #visibility fn #name(#parameters) -> ::core::result::Result<#result, ::wadup_guest::Error> {
            #found
            #body
        }
    }
}

/// A function that the host calls, with values.
pub(super) fn export(
    name: &Ident,
    signature: &Signature,
    passing: &[Passing],
    target: &Target,
) -> TokenStream {
    let parameters = parameters(signature);
    let found = found(target);
    let call = call(signature, passing);
    let (result, body) = match &signature.result {
        Some(result) => (
            quote! { #result },
            quote! { FUNCTION.export::<#result>(#call) },
        ),
        None => (quote! { i32 }, quote! { FUNCTION.status(#call) }),
    };
    quote! {
        #[unsafe(no_mangle)]
        pub extern "C" fn #name(#parameters) -> #result {
            #found
            #body
        }
    }
}

fn parameters(signature: &Signature) -> TokenStream {
    let parameters = signature
        .parameters
        .iter()
        .map(|Parameter { name, of, .. }| quote! { #name: #of });
    quote! { #(#parameters),* }
}

/// The place where the Python function is kept.
fn found(
    Target {
        module, function, ..
    }: &Target,
) -> TokenStream {
    let guest = Ident::new(GUEST, Span::call_site());
    quote! {
        static FUNCTION: ::wadup_guest::__private::Function =
            ::wadup_guest::__private::Function::new(&#guest, #module, #function);
    }
}

/// A closure that calls the Python function with the parameters.
fn call(signature: &Signature, passing: &[Passing]) -> TokenStream {
    // Names that no parameter can have.
    let call = Ident::new("call", Span::mixed_site());
    let keywords = Ident::new("keywords", Span::mixed_site());
    let ways = || signature.parameters.iter().zip(passing);
    let positional = ways()
        .filter(|(_, passing)| **passing == Passing::Position)
        .map(|(Parameter { name, of, .. }, _)| argument(name, of));
    let positional = quote! { (#(#positional,)*) };
    if passing.iter().all(|passing| *passing == Passing::Position) {
        return quote! { |#call| #call.positional(#positional) };
    }
    let named = ways()
        .filter(|(_, passing)| **passing == Passing::Name)
        .map(|(parameter, _)| {
            let Parameter { name, of, default } = parameter;
            let text = name.unraw().to_string();
            let argument = argument(name, of);
            match default {
                None => quote! { #keywords.pass(#text, #argument)?; },
                Some(_) => quote! {
                    if let ::core::option::Option::Some(#name) = #name {
                        #keywords.pass(#text, #name)?;
                    }
                },
            }
        });
    quote! {
        |#call| {
            let #keywords = #call.keywords();
            #(#named)*
            #call.with_keywords(#positional, &#keywords)
        }
    }
}

/// An argument; if it does not become a Python object, the compiler says so at its type.
fn argument(name: &Ident, of: &Type) -> TokenStream {
    let check = quote_spanned! { of.span() => ::wadup_guest::__private::argument };
    quote! { #check(#name) }
}

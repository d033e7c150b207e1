//! Generates the code of a guest.

mod function;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, Path};
use wadup_contract::export::{
    INITIALIZE, PROCESS, SNAPSHOT_INITIALIZE, SNAPSHOT_PREPARE, SNAPSHOT_RESUME, STATUS, TESTS,
};
use wadup_contract::index::VARIABLE;

use crate::check::{CrateKind, Export, Guest};
use crate::target::{Entry, Target};

/// The name of the static that describes the guest to the runtime.
const GUEST: &str = "__WADUP_GUEST";

/// The code of `guest`.
///
/// The crate sees only its Python functions, and `_initialize` of a library or `main` of a program, so the compiler reports a second use
/// of the macro. The exports are in a block of their own, where they do not clash with Rust functions of the same names.
pub(crate) fn guest(guest: &Guest, kind: CrateKind, index_path: &str) -> TokenStream {
    let dependencies = dependencies(index_path);
    // The functions stand outside of the block.
    let (inner_static, outer_static) = match (guest_static(guest), &*guest.functions) {
        (inner, []) => (Some(inner), None),
        (outer, _) => (None, Some(outer)),
    };
    let functions = guest
        .functions
        .iter()
        .map(|(function, passing)| function::function(function, passing));
    let initialize_for_snapshot = initialize_for_snapshot();
    let tests = guest.tests.then(|| tests(&entry(&guest.entry)));
    let name = Ident::new(GUEST, Span::call_site());
    match kind {
        CrateKind::Library => {
            let initialize = Ident::new(INITIALIZE, Span::call_site());
            let process = Ident::new(PROCESS, Span::call_site());
            let process = export(&process, &entry(&guest.entry));
            let exports = guest.exports.iter().map(
                |Export {
                     name,
                     values,
                     target,
                 }| match values {
                    None => export(name, &function(target)),
                    Some((signature, passing)) => {
                        function::export(name, signature, passing, target)
                    }
                },
            );
            let status = guest
                .exports
                .iter()
                .any(|export| export.values.is_some())
                .then(status);
            quote! {
                #outer_static
                #(#functions)*

                /// Runs the constructors of the C and Rust code in this guest, once. A host may call it first or never.
                #[unsafe(no_mangle)]
                pub extern "C" fn #initialize() {
                    ::wadup_guest::__private::initialize();
                }

                const _: () = {
                    #dependencies
                    #inner_static
                    #initialize_for_snapshot

                    /// Replaces `_initialize` in a snapshot.
                    #[unsafe(export_name = #SNAPSHOT_INITIALIZE)]
                    pub extern "C" fn initialize() {
                        ::wadup_guest::__private::initialize();
                    }

                    #process
                    #(#exports)*
                    #tests
                    #status
                };
            }
        }
        CrateKind::Program => {
            let entry = entry(&guest.entry);
            quote! {
                #outer_static
                #(#functions)*

                fn main() -> ::std::process::ExitCode {
                    #dependencies
                    #inner_static
                    #initialize_for_snapshot
                    #tests

                    /// Replaces `_start` in a snapshot.
                    #[unsafe(export_name = #SNAPSHOT_RESUME)]
                    pub extern "C" fn resume() {
                        ::wadup_guest::__private::resume(&#name, #entry);
                    }

                    ::wadup_guest::__private::main(&#name, #entry)
                }
            }
        }
    }
}

/// The code for a guest with errors.
///
/// A program gets a `main` even then, so that the compiler does not report its absence too.
pub(crate) fn failure(error: &syn::Error, kind: CrateKind) -> TokenStream {
    let errors = error.to_compile_error();
    let main = (kind == CrateKind::Program).then(|| quote! { fn main() {} });
    quote! { #errors #main }
}

/// Makes the compiler run the macro again when the index or its path changes.
fn dependencies(index_path: &str) -> TokenStream {
    quote! {
        const _: &[u8] = ::core::include_bytes!(#index_path);
        const _: ::core::option::Option<&str> = ::core::option_env!(#VARIABLE);
    }
}

/// What the runtime must know before it starts the interpreter.
fn guest_static(guest: &Guest) -> TokenStream {
    let modules = guest.modules.iter().map(inittab_entry);
    let imports = &guest.snapshot_imports;
    let function = match &guest.snapshot_init {
        Some(Target {
            module, function, ..
        }) => quote! { ::core::option::Option::Some((#module, #function)) },
        None => quote! { ::core::option::Option::None },
    };
    let name = Ident::new(GUEST, Span::call_site());
    quote! {
        static #name: ::wadup_guest::__private::Guest = ::wadup_guest::__private::Guest {
            modules: &[#(#modules),*],
            snapshot: ::wadup_guest::__private::Snapshot { imports: &[#(#imports),*], function: #function },
        };
    }
}

/// The export that `wadup-snapshot` calls.
fn initialize_for_snapshot() -> TokenStream {
    let guest = Ident::new(GUEST, Span::call_site());
    quote! {
        #[unsafe(export_name = #SNAPSHOT_PREPARE)]
        pub extern "C" fn initialize_for_snapshot() {
            ::wadup_guest::__private::initialize_for_snapshot(&#guest);
        }
    }
}

/// The export that runs programs of `cargo wadup`, such as pytest.
fn tests(entry: &TokenStream) -> TokenStream {
    let guest = Ident::new(GUEST, Span::call_site());
    quote! {
        #[unsafe(export_name = #TESTS)]
        pub extern "C" fn tests() -> i32 {
            ::wadup_guest::__private::tests(&#guest, #entry)
        }
    }
}

/// The entry of one `#[pymodule]` in the interpreter's inittab.
///
/// PyO3 puts `__PYO3_NAME` and `__pyo3_init` into the module. If they are missing, those of the outer scope are used, which have the
/// right types but a bound that nothing satisfies: so the compiler says "not a `#[pymodule]`" at the user's path.
fn inittab_entry(path: &Path) -> TokenStream {
    // The name is the macro's and the span the user's, for the error above.
    let span = path
        .segments
        .last()
        .map_or_else(Span::call_site, |segment| segment.ident.span());
    let init = Ident::new("__pyo3_init", Span::call_site().located_at(span));
    quote! {
        {
            use ::wadup_guest::__private::not_a_pymodule::*;
            {
                use #path::*;
                ::wadup_guest::__private::InittabEntry { name: __PYO3_NAME, init: #init }
            }
        }
    }
}

/// The entry, for the runtime.
fn entry(entry: &Entry) -> TokenStream {
    match entry {
        Entry::Function(target) => function(target),
        Entry::Module { module, .. } => {
            quote! { ::wadup_guest::__private::Callee::Module(#module) }
        }
    }
}

/// A function, for the runtime.
fn function(target: &Target) -> TokenStream {
    let Target {
        module, function, ..
    } = target;
    quote! { ::wadup_guest::__private::Callee::Function(#module, #function) }
}

/// The function `name` that the host can call; it returns 0 if `callee` succeeded.
fn export(name: &Ident, callee: &TokenStream) -> TokenStream {
    let guest = Ident::new(GUEST, Span::call_site());
    quote! {
        #[unsafe(no_mangle)]
        pub extern "C" fn #name() -> i32 {
            ::wadup_guest::__private::call(&#guest, #callee)
        }
    }
}

/// The export that tells how the last call of an export with a result ended.
fn status() -> TokenStream {
    quote! {
        #[unsafe(export_name = #STATUS)]
        pub extern "C" fn status() -> i32 {
            ::wadup_guest::__private::status()
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::format_ident;

    use super::*;

    fn target(module: &str, function: &str) -> Target {
        Target {
            module: module.to_owned(),
            function: function.to_owned(),
            span: Span::call_site(),
        }
    }

    /// A guest with one module and one export.
    fn example() -> Guest {
        Guest {
            entry: Entry::Function(target("users", "main")),
            modules: vec![syn::parse_quote!(geometry::shapes)],
            exports: vec![Export {
                name: format_ident!("score"),
                values: None,
                target: target("users.scoring", "score"),
            }],
            functions: Vec::new(),
            snapshot_init: Some(target("users", "load")),
            snapshot_imports: vec!["users".to_owned(), "users.scoring".to_owned()],
            tests: false,
        }
    }

    /// The code as rustfmt would lay it out, and the names of its items; a constant without a name is `_`.
    fn code(tokens: TokenStream) -> (String, Vec<String>) {
        let file: syn::File = syn::parse2(tokens).unwrap();
        let names = file.items.iter().map(|item| match item {
            syn::Item::Fn(function) => function.sig.ident.to_string(),
            syn::Item::Const(constant) => constant.ident.to_string(),
            other => panic!("an item of another kind: {other:?}"),
        });
        let names = names.collect();
        (prettyplease::unparse(&file), names)
    }

    #[test]
    fn a_library_shows_the_crate_only_its_initializer() {
        let (_, items) = code(guest(&example(), CrateKind::Library, "/index.json"));

        assert_eq!(items, ["_initialize", "_"]);
    }

    #[test]
    fn a_library_exports_the_entry_and_the_exports() {
        let (code, _) = code(guest(&example(), CrateKind::Library, "/index.json"));

        assert_eq!(code.matches("#[unsafe(no_mangle)]").count(), 3);
        assert!(
            code.contains("pub extern \"C\" fn process() -> i32"),
            "{code}"
        );
        assert!(
            code.contains("Callee::Function(\"users\", \"main\")"),
            "{code}"
        );
        assert!(
            code.contains("pub extern \"C\" fn score() -> i32"),
            "{code}"
        );
        assert!(
            code.contains("Callee::Function(\"users.scoring\", \"score\")"),
            "{code}"
        );
    }

    #[test]
    fn a_program_shows_the_crate_nothing_but_main_and_exports_no_functions_of_the_user() {
        let (code, items) = code(guest(&example(), CrateKind::Program, "/index.json"));

        assert_eq!(items, ["main"]);
        assert_eq!(
            code.matches("Callee::Function(\"users\", \"main\")")
                .count(),
            2,
            "{code}"
        );
        assert!(!code.contains("no_mangle"), "{code}");
    }

    #[test]
    fn a_module_can_be_the_entry_of_either_kind_of_crate() {
        let mut example = example();
        example.entry = Entry::Module {
            module: "users".to_owned(),
            span: Span::call_site(),
        };
        for (kind, calls) in [(CrateKind::Library, 1), (CrateKind::Program, 2)] {
            let (code, _) = code(guest(&example, kind, "/index.json"));

            assert_eq!(
                code.matches("Callee::Module(\"users\")").count(),
                calls,
                "{code}"
            );
        }
    }

    #[test]
    fn a_snapshot_of_either_kind_of_crate_can_be_taken_and_has_its_own_entry() {
        for (kind, entry, other) in [
            (CrateKind::Library, "initialize", "resume"),
            (CrateKind::Program, "resume", "initialize"),
        ] {
            let (code, _) = code(guest(&example(), kind, "/index.json"));

            assert!(
                code.contains("#[unsafe(export_name = \"wizer-initialize\")]"),
                "{code}"
            );
            assert!(
                code.contains("imports: &[\"users\", \"users.scoring\"]"),
                "{code}"
            );
            assert!(code.contains("Some((\"users\", \"load\"))"), "{code}");
            let export = |name| format!("#[unsafe(export_name = \"wadup-snapshot-{name}\")]");
            assert!(code.contains(&export(entry)), "{code}");
            assert!(!code.contains(&export(other)), "{code}");
        }
    }

    #[test]
    fn either_kind_of_crate_registers_its_modules() {
        for kind in [CrateKind::Library, CrateKind::Program] {
            let (code, _) = code(guest(&example(), kind, "/index.json"));

            assert!(code.contains("use geometry::shapes::*;"), "{code}");
        }
    }

    #[test]
    fn only_a_guest_that_is_built_for_its_tests_exports_them() {
        for kind in [CrateKind::Library, CrateKind::Program] {
            for tests in [true, false] {
                let guest_of = Guest { tests, ..example() };

                let (code, _) = code(guest(&guest_of, kind, "/index.json"));

                let export = "#[unsafe(export_name = \"wadup-tests\")]";
                assert_eq!(code.contains(export), tests, "{code}");
            }
        }
    }

    #[test]
    fn the_compiler_watches_the_index() {
        let (code, _) = code(guest(&example(), CrateKind::Library, "/index.json"));

        assert!(code.contains("include_bytes!(\"/index.json\")"), "{code}");
        assert!(code.contains("option_env!(\"WADUP_INDEX\")"), "{code}");
    }

    #[test]
    fn a_failure_is_one_compile_error_for_each_error_and_a_main_for_a_program() {
        let mut error = syn::Error::new(Span::call_site(), "first");
        error.combine(syn::Error::new(Span::call_site(), "second"));

        let library = failure(&error, CrateKind::Library).to_string();
        let program = failure(&error, CrateKind::Program).to_string();

        assert_eq!(library.matches("compile_error").count(), 2);
        assert!(!library.contains("fn main"));
        assert!(program.contains("fn main"));
    }
}

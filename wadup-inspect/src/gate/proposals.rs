//! The proposals that the instructions of a module come from.

use std::collections::BTreeMap;

use wasmparser::{FunctionBody, Operator};

/// A proposal that added instructions to WebAssembly, by the name that wasmparser has for it.
pub(super) type Proposal = &'static str;

/// The first function that uses each proposal, imported ones counted.
pub(super) type Uses = BTreeMap<Proposal, usize>;

/// Notes the proposals that a function uses.
pub(super) fn note(
    uses: &mut Uses,
    index: usize,
    body: &FunctionBody<'_>,
) -> wasmparser::Result<()> {
    let mut last = "";
    for operator in body.get_operators_reader()? {
        let proposal = proposal(&operator?);
        // Most are the same as the one before.
        if proposal != last {
            uses.entry(proposal).or_insert(index);
            last = proposal;
        }
    }
    Ok(())
}

macro_rules! define_proposal {
    ($(@$proposal:ident $operator:ident $({ $($field:ident: $kind:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        /// The proposal that an instruction comes from.
        fn proposal(operator: &Operator<'_>) -> Proposal {
            match operator {
                $(Operator::$operator { .. } => stringify!($proposal),)*
                _ => "later proposals",
            }
        }
    };
}
wasmparser::for_each_operator!(define_proposal);

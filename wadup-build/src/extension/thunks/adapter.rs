//! Encodes a function with the type that CPython calls, which calls a function of another type.

use wasm_encoder::{Encode, Instruction};
use wasmparser::{FuncType, ValType};

use super::layout::Call;
use super::rewrite;

/// The code of an adapter, without its size, and where in it the index of the function lies that it calls.
pub(super) struct Body {
    pub(super) code: Vec<u8>,
    pub(super) callee: usize,
}

/// The type of a function that is called so.
pub(super) fn called_type(call: Call) -> FuncType {
    FuncType::new(
        vec![ValType::I32; call.parameters],
        vec![ValType::I32; usize::from(call.returns)],
    )
}

/// Calls a function of type `ty` with what CPython passes. Parameters that the function does not take are dropped, missing
/// ones are 0, and so is the result if it returns nothing. (On other processors, missing ones are arbitrary.)
///
/// `None` for floats and vectors, which pointers cannot be converted to.
pub(super) fn body(call: Call, ty: &FuncType, function: u32) -> Option<Body> {
    const NO_LOCALS: u8 = 0;
    let mut code = vec![NO_LOCALS];
    for (index, wanted) in ty.params().iter().enumerate() {
        if index < call.parameters {
            Instruction::LocalGet(index as u32).encode(&mut code);
        } else {
            Instruction::I32Const(0).encode(&mut code);
        }
        match wanted {
            ValType::I32 => {}
            // A length or an index, which C sign-extends.
            ValType::I64 => Instruction::I64ExtendI32S.encode(&mut code),
            _ => return None,
        }
    }
    let callee = rewrite::call(function, &mut code);
    match (ty.results(), call.returns) {
        ([], false) | ([ValType::I32], true) => {}
        ([], true) => Instruction::I32Const(0).encode(&mut code),
        ([ValType::I64], true) => Instruction::I32WrapI64.encode(&mut code),
        ([_], false) => Instruction::Drop.encode(&mut code),
        _ => return None,
    }
    Instruction::End.encode(&mut code);
    Some(Body { code, callee })
}

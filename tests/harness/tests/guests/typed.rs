//! Calls with values of the guest `rust`: from Rust to Python, back, and from the host.

use wadup_host::{CallWithNumbers, Host, Instance, Number, Value};

use crate::instances::{Built, HOSTS, instance, pass, returns, rows};

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        // Exports in Rust may be the first that the host calls: the functions start the interpreter.
        let mut instance = instance(guest, host);
        assert_eq!(returns(&mut instance, "call_with_values"), 0);
        assert_eq!(returns(&mut instance, "call_with_values"), 0);
        inside_of_a_call(&mut instance);
        numbers(&mut instance);
        inside_of_a_call(&mut instance);
    }
    let mut of_rust = instance(guest, Host::Standard);
    assert_eq!(returns(&mut of_rust, "call_with_rows"), 0);
}

/// Rows that are left by functions inside of a call are rows of this call.
fn inside_of_a_call(instance: &mut Instance) {
    let (output, _) = pass(instance, "typed");
    assert_eq!(rows(&output, "typed"), [[Value::String("inside".into())]]);
}

fn numbers(instance: &mut Instance) {
    let mut call = |name: &str, numbers: &[Number]| instance.call_with(name, numbers).unwrap();
    let f64 = Number::F64;
    let status = |call: CallWithNumbers| (call.end, call.stderr);

    let (clamped, _) = status(call("clamp", &[f64(7.0), f64(0.0), f64(1.0)]));
    assert_eq!(clamped, Ok(Some(f64(1.0))));
    assert_eq!(call("wadup_status", &[]).end, Ok(Some(Number::I32(0))));

    let (refused, stderr) = status(call("clamp", &[f64(7.0), f64(1.0), f64(0.0)]));
    assert!(
        matches!(refused, Ok(Some(Number::F64(number))) if number.is_nan()),
        "{refused:?}"
    );
    assert!(stderr.ends_with("ValueError: no such range\n"), "{stderr}");
    assert_eq!(call("wadup_status", &[]).end, Ok(Some(Number::I32(1))));

    let product = |first, second| [Number::I32(first), Number::I64(second)];
    assert_eq!(
        call("product", &product(6, -7)).end,
        Ok(Some(Number::I64(-42)))
    );
    let (too_large, stderr) = status(call("product", &product(2, i64::MAX)));
    assert_eq!(too_large, Ok(Some(Number::I64(0))));
    assert!(
        stderr.contains("OverflowError: `typed:product` returned"),
        "{stderr}"
    );
    assert_eq!(call("wadup_status", &[]).end, Ok(Some(Number::I32(1))));
    let (exited, stderr) = status(call("product", &product(2, 0)));
    assert_eq!(exited, Ok(Some(Number::I64(0))));
    assert!(stderr.contains("exited without one"), "{stderr}");
    assert_eq!(call("wadup_status", &[]).end, Ok(Some(Number::I32(1))));

    assert_eq!(
        call("check", &[Number::I32(5)]).end,
        Ok(Some(Number::I32(5)))
    );
}

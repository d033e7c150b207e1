//! Attributes functions by name: the fallback without a map.

use super::Group;

/// The group of a function by its name, and its name within the group.
pub(super) fn origin(name: Option<&str>) -> (Group, String) {
    match name {
        None => (Group::Rest, "functions without a name".into()),
        Some(name) => match rust_crate(name) {
            Some(name) => (Group::RustCode, name.to_owned()),
            None if is_of_interpreter(name) => (Group::Interpreter, "functions in C".into()),
            // These include CPython's static functions and all packages in C.
            None => (Group::Rest, "functions in C".into()),
        },
    }
}

fn is_of_interpreter(name: &str) -> bool {
    ["Py", "_Py"].iter().any(|prefix| name.starts_with(prefix))
}

/// The crate in a mangled Rust name, as `core` in `_ZN4core3fmt...`, or in the same name as linkers show it.
fn rust_crate(name: &str) -> Option<&str> {
    if let Some(legacy) = name.strip_prefix("_ZN") {
        let digits = legacy.find(|letter: char| !letter.is_ascii_digit())?;
        let length = legacy[..digits].parse().ok()?;
        let first = legacy.get(digits..)?.get(..length)?;
        // An impl block begins with the type, `_$LT$core..fmt..`.
        return Some(match first.split("..").next() {
            Some(path) => path
                .trim_start_matches("_$LT$")
                .split('$')
                .next()
                .unwrap_or(path),
            None => first,
        })
        .filter(|name| !name.is_empty())
        .or(Some("impl blocks"));
    }
    if name.starts_with("_R") {
        return Some("crates");
    }
    let demangled = name.trim_start_matches(['<', '&']);
    let (krate, _) = demangled.split_once("::")?;
    Some(krate.split(' ').next().unwrap_or(krate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_functions_are_distinguished_from_c() {
        let rust = |name: &str| (Group::RustCode, name.to_owned());

        assert_eq!(
            origin(Some("_ZN4core3fmt5write17h0123456789abcdefE")),
            rust("core")
        );
        assert_eq!(
            origin(Some(
                "_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Debug$GT$3fmt17h0E"
            )),
            rust("alloc")
        );
        assert_eq!(origin(Some("core::fmt::write")), rust("core"));
        assert_eq!(
            origin(Some("<alloc::string::String as core::fmt::Debug>::fmt")),
            rust("alloc")
        );
        assert_eq!(origin(Some("_RNvCs123_5users3run")), rust("crates"));
        assert_eq!(origin(Some("PyDict_New")).0, Group::Interpreter);
        assert_eq!(origin(Some("npy_add")).0, Group::Rest);
        assert_eq!(origin(None).0, Group::Rest);
    }
}

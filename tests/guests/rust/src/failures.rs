//! Everything that can fail in Rust.

/// An export in Rust: 0 if the error of a call tells all there is to tell.
#[allow(unsafe_code, reason = "an export is a name for all to see")]
#[unsafe(no_mangle)]
pub(crate) extern "C" fn the_error_tells_all() -> i32 {
    let Err(wadup_guest::Error::Exception(error)) = wadup_guest::call("failures", "chained") else {
        return 1;
    };
    let told = [
        "Traceback (most recent call last):\n",
        "    int(\"x\")\n",
        "ValueError: invalid literal for int() with base 10: 'x'\n",
        "The above exception was the direct cause of the following exception:",
        "RuntimeError: größer\n",
        "the first note\nthe second note\n",
    ];
    let complete = error.type_name == "RuntimeError"
        && error.message == "größer"
        && told.iter().all(|part| error.traceback.contains(part));
    if complete {
        0
    } else {
        eprintln!("{error:?}");
        2
    }
}

/// What goes wrong in Rust.
#[pyo3::pymodule]
pub(crate) mod faults {
    use pyo3::exceptions::PyLookupError;
    use pyo3::prelude::*;

    /// Returns an error, which Python sees as an exception.
    #[pyfunction]
    fn error() -> PyResult<()> {
        Err(PyLookupError::new_err("an error from Rust"))
    }

    /// Fails as ordinary Rust does, without a panic.
    #[pyfunction]
    fn caught() -> PyResult<()> {
        #[derive(Debug)]
        struct Unreadable(std::num::ParseIntError);
        impl std::fmt::Display for Unreadable {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("the setting cannot be read")
            }
        }
        impl std::error::Error for Unreadable {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                Some(&self.0)
            }
        }
        wadup_guest::catch(|| {
            "x".parse::<u8>().map_err(Unreadable)?;
            Ok::<_, Unreadable>(())
        })
    }

    /// Fails with an error of the system, which Python has a class for.
    #[pyfunction]
    fn missing_file() -> PyResult<String> {
        wadup_guest::catch(|| std::fs::read_to_string("/no/such/file"))
    }

    /// Panics, which ends in a trap.
    #[pyfunction]
    fn panic() {
        panic!("a panic on purpose");
    }

    /// Ends the process, which WASI has for commands and which is a failure here.
    #[pyfunction]
    fn exit(status: i32) {
        std::process::exit(status);
    }

    /// Uses up the stack.
    #[pyfunction]
    #[expect(unconditional_recursion, reason = "the stack is to run out")]
    fn recurse(depth: u64) -> u64 {
        let frame = std::hint::black_box([depth; 1000]);
        recurse(depth + 1) + frame[0]
    }
}

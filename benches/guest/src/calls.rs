//! Calls of a Python function: by its signature in `wadup_python!`, and as one would write them with PyO3.

/// Calls `half` of `benches/programs/calls.py`.
#[pyo3::pymodule]
pub(crate) mod rust_calls {
    use pyo3::prelude::*;
    use pyo3::sync::PyOnceLock;

    /// The sum of `rounds` results, by the signature.
    #[pyfunction]
    fn typed(rounds: u32) -> Result<f64, wadup_guest::Error> {
        (0..rounds)
            .map(|round| crate::half(round.into(), "half"))
            .sum()
    }

    /// The same by PyO3, with the function kept.
    #[pyfunction]
    fn by_hand(py: Python<'_>, rounds: u32) -> PyResult<f64> {
        static HALF: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        (0..rounds)
            .map(|round| {
                let half = HALF.get_or_try_init(py, || {
                    Ok::<_, PyErr>(py.import("calls")?.getattr("half")?.unbind())
                })?;
                half.bind(py)
                    .call1((f64::from(round), "half"))?
                    .extract::<f64>()
            })
            .sum()
    }
}

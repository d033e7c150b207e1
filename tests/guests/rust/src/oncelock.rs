//! Cells that are filled once: std's, once_cell's, PyO3's, and one out of another.

/// One cell of each kind, and how often any was filled.
#[pyo3::pymodule]
pub(crate) mod cells {
    use std::cell::OnceCell;
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{LazyLock, OnceLock};

    use once_cell::sync::OnceCell as SyncOnceCell;
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;
    use pyo3::sync::PyOnceLock;
    use pyo3::types::{PyDict, PyType};

    static FILLED: AtomicU32 = AtomicU32::new(0);

    fn filled<T>(value: T) -> T {
        FILLED.fetch_add(1, Ordering::Relaxed);
        value
    }

    /// How many cells have been filled, each counted every time.
    #[pyfunction]
    fn times_filled() -> u32 {
        FILLED.load(Ordering::Relaxed)
    }

    /// From a `OnceLock` of std.
    #[pyfunction]
    fn squares() -> Vec<u64> {
        static SQUARES: OnceLock<Vec<u64>> = OnceLock::new();
        SQUARES
            .get_or_init(|| filled((0..10).map(|number| number * number).collect()))
            .clone()
    }

    /// From a `OnceCell` of once_cell, which is filled by the second attempt: the first one fails.
    #[pyfunction]
    fn cubes(limit: u64) -> PyResult<Vec<u64>> {
        static CUBES: SyncOnceCell<Vec<u64>> = SyncOnceCell::new();
        let cubes = CUBES.get_or_try_init(|| match limit {
            0 => Err(PyValueError::new_err("no cubes below 0")),
            _ => Ok(filled((0..limit).map(|number| number.pow(3)).collect())),
        })?;
        Ok(cubes.clone())
    }

    /// From a `LazyLock` of std; the hash map asks the host for randomness.
    #[pyfunction]
    fn numeral(name: &str) -> Option<u32> {
        static NUMERALS: LazyLock<HashMap<&str, u32>> =
            LazyLock::new(|| filled(HashMap::from([("one", 1), ("two", 2)])));
        NUMERALS.get(name).copied()
    }

    /// From a `OnceCell` of the thread.
    #[pyfunction]
    fn greeting() -> String {
        thread_local! {
            static GREETING: OnceCell<String> = const { OnceCell::new() };
        }
        GREETING.with(|cell| cell.get_or_init(|| filled("hello".to_owned())).clone())
    }

    /// A class whose one instance lives in a cell.
    #[pyclass]
    pub(crate) struct Counter {
        count: u32,
    }

    #[pymethods]
    impl Counter {
        /// One more than the last time.
        fn next(&mut self) -> u32 {
            self.count += 1;
            self.count
        }
    }

    /// From a `PyOnceLock` that makes an instance of the class.
    #[pyfunction]
    fn counter(py: Python<'_>) -> PyResult<Py<Counter>> {
        static COUNTER: PyOnceLock<Py<Counter>> = PyOnceLock::new();
        let counter = COUNTER.get_or_try_init(py, || Py::new(py, filled(Counter { count: 0 })))?;
        Ok(counter.clone_ref(py))
    }

    /// From a `PyOnceLock` that makes a dict.
    #[pyfunction]
    fn registry(py: Python<'_>) -> Py<PyDict> {
        static REGISTRY: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
        REGISTRY
            .get_or_init(py, || filled(PyDict::new(py).unbind()))
            .clone_ref(py)
    }

    /// From a `PyOnceLock` that imports a class which is written in Python.
    #[pyfunction]
    fn fraction(py: Python<'_>, numerator: i64, denominator: i64) -> PyResult<Bound<'_, PyAny>> {
        static FRACTION: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        FRACTION
            .import(py, "fractions", "Fraction")?
            .call1((numerator, denominator))
    }
}

/// Cells that are filled out of one another while their module is being initialized.
#[pyo3::pymodule]
pub(crate) mod chained {
    use std::sync::OnceLock;

    use pyo3::prelude::*;
    use pyo3::sync::PyOnceLock;
    use pyo3::types::{PyString, PyType};

    use super::cells::Counter;

    static LENGTH: OnceLock<usize> = OnceLock::new();
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static TEXT: PyOnceLock<Py<PyString>> = PyOnceLock::new();
    static COUNTER_TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();

    fn decimal(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
        DECIMAL.import(py, "decimal", "Decimal")
    }

    fn text(py: Python<'_>) -> PyResult<&Py<PyString>> {
        TEXT.get_or_try_init(py, || {
            let number = decimal(py)?.call1(("12.50",))?;
            Ok(number.str()?.unbind())
        })
    }

    fn length(py: Python<'_>) -> PyResult<usize> {
        let text = text(py)?.to_str(py)?;
        Ok(*LENGTH.get_or_init(|| text.len()))
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        let counter_type = COUNTER_TYPE.get_or_init(py, || py.get_type::<Counter>().unbind());
        module.add("length", length(py)?)?;
        module.add("text", text(py)?.clone_ref(py))?;
        module.add("counter_type", counter_type.clone_ref(py))
    }
}

//! A guest that summarizes a CSV of numbers: NumPy computes the statistics, Rust finds the nearest row of each.

wadup_guest::wadup_python! {
    modules: [nearest],
}

/// Distances between the rows of a matrix.
#[pyo3::pymodule]
mod nearest {
    use pyo3::buffer::PyBuffer;
    use pyo3::exceptions::{PyTypeError, PyValueError};
    use pyo3::prelude::*;

    /// Writes into `distances` how far each row of `points` is from the nearest other one.
    ///
    /// Both are arrays of float64; the points are read where NumPy keeps them.
    #[pyfunction]
    fn write_distances(
        py: Python<'_>,
        points: &Bound<'_, PyAny>,
        distances: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let points = PyBuffer::<f64>::get(points)?;
        let distances = PyBuffer::<f64>::get(distances)?;
        let &[rows, columns] = points.shape() else {
            return Err(PyTypeError::new_err("the points must be a matrix"));
        };
        if distances.item_count() != rows {
            return Err(PyValueError::new_err(
                "there must be one distance for each row",
            ));
        }
        let values = points
            .as_slice_ptr()
            .ok_or_else(|| PyTypeError::new_err("the points must lie row by row"))?;
        // SAFETY: `points` keeps the memory, and no Python, which could write to it, runs while `values` is in use.
        let values = unsafe { values.as_ref() };
        distances.copy_from_slice(py, &nearest(values, rows, columns))
    }

    fn nearest(values: &[f64], rows: usize, columns: usize) -> Vec<f64> {
        let row = |number: usize| &values[number * columns..(number + 1) * columns];
        let square = |one: usize, two: usize| {
            let pairs = row(one).iter().zip(row(two));
            pairs.map(|(one, two)| (one - two).powi(2)).sum::<f64>()
        };
        (0..rows)
            .map(|number| {
                let others = (0..rows).filter(|other| *other != number);
                let squares = others.map(|other| square(number, other));
                squares.fold(f64::INFINITY, f64::min).sqrt()
            })
            .collect()
    }
}

//! A guest that summarises a CSV of numbers: NumPy computes the statistics, Rust finds the nearest row of each.

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
    /// Both are arrays of float64, which are read and written where NumPy keeps them.
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
        let values = points
            .as_slice(py)
            .ok_or_else(|| PyTypeError::new_err("the points must lie row by row"))?;
        let answers = distances
            .as_mut_slice(py)
            .ok_or_else(|| PyTypeError::new_err("the distances must be writable"))?;
        if answers.len() != rows {
            return Err(PyValueError::new_err(
                "there must be one distance for each row",
            ));
        }
        let row = |number: usize| &values[number * columns..(number + 1) * columns];
        for (number, answer) in answers.iter().enumerate() {
            let squares = (0..rows).filter(|other| *other != number).map(|other| {
                let pairs = row(number).iter().zip(row(other));
                pairs
                    .map(|(one, two)| (one.get() - two.get()).powi(2))
                    .sum::<f64>()
            });
            answer.set(squares.fold(f64::INFINITY, f64::min).sqrt());
        }
        Ok(())
    }
}

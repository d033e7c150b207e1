//! A guest that reports on a CSV of orders: pandas groups and sums them, Rust reads amounts as people write them.

wadup_guest::wadup_python! {
    modules: [money],
}

/// Amounts of money.
#[pyo3::pymodule]
mod money {
    use pyo3::buffer::PyBuffer;
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;

    /// Writes into `cents`, an array of int64, what each text says: "1,234.50", "-3", "0.5".
    #[pyfunction]
    fn write_cents(py: Python<'_>, texts: Vec<String>, cents: &Bound<'_, PyAny>) -> PyResult<()> {
        let cents = PyBuffer::<i64>::get(cents)?;
        if cents.item_count() != texts.len() {
            return Err(PyValueError::new_err(
                "there must be one place for each text",
            ));
        }
        let values: Vec<i64> = texts
            .iter()
            .map(|text| {
                parse(text).ok_or_else(|| {
                    PyValueError::new_err(format!("`{text}` is not an amount of money"))
                })
            })
            .collect::<PyResult<_>>()?;
        cents.copy_from_slice(py, &values)
    }

    fn parse(text: &str) -> Option<i64> {
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = match part.len() {
            0 => "00".to_owned(),
            1 => format!("{part}0"),
            2 => part.to_owned(),
            _ => return None,
        };
        let number = format!("{}{part}", whole.replace(',', ""));
        let is_number = !whole.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number
            .then(|| number.parse::<i64>().ok())
            .flatten()
            .map(|number| sign * number)
    }
}

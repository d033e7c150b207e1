//! Of these, only `fast` is what `modules` takes.

use pyo3::prelude::*;

#[pymodule]
mod fast {}

mod geometry {
    pub mod shapes {}
}

mod outer {
    #[pyo3::pymodule(submodule)]
    pub mod inner {}
}

#[pyfunction]
fn add() {}

wadup_guest::wadup_python! {
    modules: [fast, geometry::shapes, outer::inner, add],
}

fn main() {}

//! A guest that turns a document into rows and sub-content: Rust decides what kind it is, Python reads it.

wadup_guest::wadup_python! {
    modules: [kinds],
}

/// Kinds of documents.
#[pyo3::pymodule]
mod kinds {
    use std::io::Cursor;

    use infer::MatcherType;
    use pyo3::prelude::*;
    use serde::de::IgnoredAny;

    /// The kind of a document, from its bytes alone: "html", "image", "json", "pdf" or "xlsx"; `None` if it is another.
    #[pyfunction]
    fn of(data: &[u8]) -> Option<&'static str> {
        match infer::get(data).map(|found| (found.matcher_type(), found.extension())) {
            Some((MatcherType::Image, _)) => Some("image"),
            Some((_, "pdf")) => Some("pdf"),
            Some((_, "html")) => Some("html"),
            // Workbooks are archives, with their files in any order.
            _ if data.starts_with(b"PK") => has_workbook(data).then_some("xlsx"),
            // JSON has no mark at its beginning: it must be read to its end.
            _ => is_json(data).then_some("json"),
        }
    }

    fn has_workbook(data: &[u8]) -> bool {
        zip::ZipArchive::new(Cursor::new(data))
            .is_ok_and(|archive| archive.index_for_name("xl/workbook.xml").is_some())
    }

    fn is_json(data: &[u8]) -> bool {
        serde_json::from_slice::<IgnoredAny>(data).is_ok()
    }
}

//! Content that this guest finds inside its own, for the host to process like any other.

use std::sync::{Mutex, PoisonError};

use serde_json::json;
use wadup_contract::file::{
    BYTES_PREFIX, BYTES_SUFFIX, DESCRIPTION_PREFIX, DESCRIPTION_SUFFIX, SUB_CONTENT,
};
use wadup_tables::{Folder, WriteError};

/// The folder in which the host looks for content.
static FOLDER: Mutex<Folder<'static>> = Mutex::new(Folder::new(SUB_CONTENT));

/// Hands `data` to the host as further content, with the name `filename`.
///
/// The host processes it after the current content, if the current call succeeds.
///
/// # Errors
///
/// The host does not provide the folder `/subcontent`, or does not let the guest write there.
pub fn emit(data: &[u8], filename: &str) -> Result<(), WriteError> {
    let mut folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let number = folder.write_numbered(BYTES_PREFIX, BYTES_SUFFIX, data)?;
    // The host takes the content when this second file is closed.
    let description = json!({ "filename": filename }).to_string();
    let name = format!("{DESCRIPTION_PREFIX}{number}{DESCRIPTION_SUFFIX}");
    folder.write(&name, description.as_bytes())
}

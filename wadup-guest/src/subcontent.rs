//! Contents that this guest finds inside its own, for the host to process like any other.

use std::sync::{Mutex, PoisonError};

use serde_json::json;
use wadup_tables::{Folder, WriteError};

/// The folder in which the host looks for contents.
static FOLDER: Mutex<Folder<'static>> = Mutex::new(Folder::new("/subcontent"));

/// Hands `data` to the host as a content of its own, with the name `filename`.
///
/// The host processes it after the current content, if the current call succeeds.
///
/// # Errors
///
/// The host does not provide the folder `/subcontent`, or does not let the guest write there.
pub fn emit(data: &[u8], filename: &str) -> Result<(), WriteError> {
    let mut folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let number = folder.write_numbered("data_", ".bin", data)?;
    // The host takes up the content when this second file is closed.
    let metadata = json!({ "filename": filename }).to_string();
    folder.write(&format!("metadata_{number}.json"), metadata.as_bytes())
}

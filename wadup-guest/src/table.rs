//! The tables that this guest hands to its host. Python has the same ones, in its module `wadup`.
//!
//! Define a table, insert rows, and return successfully: the rows are handed over then. Those of a call that fails are dropped, so
//! that none of them can appear under a later call. Tables stay defined as long as the guest lives.
//!
//! ```ignore (needs a host)
//! use wadup_guest::table::{self, Column, ColumnType};
//!
//! table::define("users", [Column::new("name", ColumnType::String), Column::new("age", ColumnType::Int64)])?;
//! table::insert("users", ["Ada".into(), 36.into()])?;
//! ```

use std::sync::{Arc, Mutex, PoisonError};

pub use wadup_tables::{
    Column, ColumnType, Error, NameFault, UnknownColumnType, Value, ValueFault, WriteError,
};
use wadup_tables::{Folder, Table, Tables};

/// The folder in which the host looks for tables.
const METADATA: &str = "/metadata";

struct State {
    tables: Tables,
    folder: Folder<'static>,
}

static STATE: Mutex<State> = Mutex::new(State {
    tables: Tables::new(),
    folder: Folder::new(METADATA),
});

/// Does something to the state; it must not call Python, whose code might come back here.
fn with_state<R>(work: impl FnOnce(&mut State) -> R) -> R {
    work(&mut STATE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Defines the table `name`. The same definition once more changes nothing.
///
/// Names are what SQLite takes: letters, digits, `_` and `$`, but not the words that SQL itself needs (`order`, `select`). In double
/// quotes, which are part of `name`, anything is a name: `"\"two words\""`. The host keeps for itself tables that begin with `sqlite_`
/// or `__wadup_`, and the column `content_uuid`.
///
/// # Errors
///
/// A name that the host's SQL would not take as it is, a duplicate column, no columns, a value for `None` that does not fit its column,
/// or a table of that name with other columns.
pub fn define(name: &str, columns: impl IntoIterator<Item = Column>) -> Result<(), Error> {
    let columns = columns.into_iter().collect();
    with_state(|state| state.tables.define(name, columns))
}

/// Adds a row to the table `name`: one value per column, in the order of the columns.
///
/// Rows are kept in memory until [`flush`] or the end of the call.
///
/// # Errors
///
/// A table that is not defined, too many or too few values, or one that does not fit its column. The row is not added then.
pub fn insert(name: &str, values: impl IntoIterator<Item = Value>) -> Result<(), Error> {
    let values = values.into_iter().collect();
    with_state(|state| state.tables.insert(name, values))
}

/// Hands over the rows so far, which frees their memory. The end of a successful call does it too.
///
/// The rows go into one new file in `/metadata`. If the call fails after that, it is the host that drops them.
///
/// # Errors
///
/// [`Error::Write`] if the host does not provide the folder, or does not let the guest write there. The rows are kept then.
pub fn flush() -> Result<(), Error> {
    with_state(|state| state.tables.flush(&mut state.folder))
}

/// Drops the rows that have not been handed over.
pub(crate) fn discard() {
    with_state(|state| state.tables.discard_rows());
}

/// The table `name`, if it is defined.
pub(crate) fn find(name: &str) -> Result<Arc<Table>, Error> {
    with_state(|state| state.tables.table(name))
}

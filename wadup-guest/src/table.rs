//! The tables that this guest hands to its host. Python has the same ones, in its module `wadup`.
//!
//! Define a table, insert rows, and return successfully: this hands the rows over. The rows of a call that fails are dropped, so that
//! they cannot appear under a later call. Tables stay defined as long as the guest lives.
//!
//! ```no_run
//! use wadup_guest::table::{self, Column, ColumnType};
//!
//! # fn main() -> Result<(), table::Error> {
//! table::define("users", [Column::new("name", ColumnType::String), Column::new("age", ColumnType::Int64)])?;
//! table::insert("users", ["Ada".into(), 36.into()])?;
//! # Ok(())
//! # }
//! ```

use std::sync::{Arc, Mutex, PoisonError};

use wadup_contract::file::METADATA;
pub use wadup_tables::{
    Column, ColumnType, Error, NameFault, UnknownColumnType, Value, ValueFault, WriteError,
};
use wadup_tables::{Folder, Table, Tables};

struct State {
    tables: Tables,
    folder: Folder<'static>,
}

static STATE: Mutex<State> = Mutex::new(State {
    tables: Tables::new(),
    folder: Folder::new(METADATA),
});

/// Runs `work` on the state. It must not call Python, whose code might come back here.
fn with_state<R>(work: impl FnOnce(&mut State) -> R) -> R {
    work(&mut STATE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Defines the table `name`. Repeating the same definition changes nothing.
///
/// Names are those that SQLite accepts: letters, digits, `_` and `$`, except reserved words (`order`, `select`). In double quotes,
/// which are part of `name`, any text is a name: `"\"two words\""`. Names of tables that begin with `sqlite_` or `__wadup_` are
/// reserved for the host, and so is the column `content_uuid`.
///
/// # Errors
///
/// A name that is not valid in the host's SQL, a duplicate column, no columns, a value for `None` that does not fit its column, or a
/// table of that name with other columns.
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
/// A table that is not defined, too many or too few values, or a value that does not fit its column. The row is not added then.
pub fn insert(name: &str, values: impl IntoIterator<Item = Value>) -> Result<(), Error> {
    let values = values.into_iter().collect();
    with_state(|state| state.tables.insert(name, values))
}

/// Hands over the rows so far, which frees their memory. The end of a successful call does the same.
///
/// The rows go into one new file in `/metadata`. If the call fails later, the host drops them.
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

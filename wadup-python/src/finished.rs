//! An outcome as far as it needs no Python: tables are record batches, sub-contents have their bytes.

use wadup_host::{Content, Error, Failure, Outcome, RecordBatch, Table};

/// Why an input has no output.
pub(crate) enum Fault {
    /// The guest failed.
    Guest(Failure),
    /// No record batch can hold one of its tables.
    Table(Error),
    /// The file with the input cannot be read.
    Unread(Error),
}

/// What one input came to.
pub(crate) struct Finished {
    pub(crate) tables: Vec<(String, RecordBatch)>,
    pub(crate) sub_contents: Vec<(String, Vec<u8>)>,
    pub(crate) fault: Option<Fault>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// `input` is what slices are slices of.
    pub(crate) fn of(outcome: Outcome, input: &[u8]) -> Self {
        let Outcome {
            result,
            stdout,
            stderr,
        } = outcome;
        let taken = result
            .map_err(Fault::Guest)
            .and_then(|output| Ok((tables(output.tables)?, output.sub_content)));
        let ((tables, sub_contents), fault) = match taken {
            Ok(taken) => (taken, None),
            Err(fault) => (Default::default(), Some(fault)),
        };
        let sub_contents = sub_contents.into_iter().map(|sub_content| {
            let bytes = match sub_content.content {
                Content::Bytes(bytes) => bytes,
                Content::Slice { offset, length } => slice(input, offset, length).to_vec(),
            };
            (sub_content.filename, bytes)
        });
        Self {
            tables,
            sub_contents: sub_contents.collect(),
            fault,
            stdout,
            stderr,
        }
    }

    /// An input that cannot be read.
    pub(crate) fn unread(error: Error) -> Self {
        Self {
            tables: Vec::new(),
            sub_contents: Vec::new(),
            fault: Some(Fault::Unread(error)),
            stdout: String::new(),
            stderr: String::new(),
        }
    }
}

fn tables(tables: Vec<Table>) -> Result<Vec<(String, RecordBatch)>, Fault> {
    let batches = tables.into_iter().map(|table| {
        let batch = table.record_batch().map_err(Fault::Table)?;
        Ok((table.name, batch))
    });
    batches.collect()
}

/// The host has checked that the slice is inside the input.
fn slice(input: &[u8], offset: u64, length: u64) -> &[u8] {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let end = usize::try_from(offset + length).unwrap_or(usize::MAX);
    input.get(start..end).unwrap_or_default()
}

//! An outcome as far as it needs no Python: tables are record batches, sub-contents have their bytes.

use wadup_host::{Content, Error, Failure, Outcome, RecordBatch};

/// What one input came to.
pub(crate) struct Finished {
    pub(crate) tables: Vec<(String, RecordBatch)>,
    pub(crate) sub_contents: Vec<(String, Vec<u8>)>,
    pub(crate) failure: Option<Failure>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// `input` is what slices are slices of.
    pub(crate) fn of(outcome: Outcome, input: &[u8]) -> Result<Self, Error> {
        let Outcome {
            result,
            stdout,
            stderr,
        } = outcome;
        let (output, failure) = match result {
            Ok(output) => (output, None),
            Err(failure) => (Default::default(), Some(failure)),
        };
        let tables = output.tables.into_iter().map(|table| {
            let batch = table.record_batch()?;
            Ok((table.name, batch))
        });
        let sub_contents = output.sub_content.into_iter().map(|sub_content| {
            let bytes = match sub_content.content {
                Content::Bytes(bytes) => bytes,
                Content::Slice { offset, length } => slice(input, offset, length).to_vec(),
            };
            (sub_content.filename, bytes)
        });
        Ok(Self {
            tables: tables.collect::<Result<_, Error>>()?,
            sub_contents: sub_contents.collect(),
            failure,
            stdout,
            stderr,
        })
    }
}

/// The host has checked that the slice is inside the input.
fn slice(input: &[u8], offset: u64, length: u64) -> &[u8] {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let end = usize::try_from(offset + length).unwrap_or(usize::MAX);
    input.get(start..end).unwrap_or_default()
}

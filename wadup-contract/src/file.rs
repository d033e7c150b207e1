//! The files through which input and output pass. Paths are those that the guest sees.

/// The input of a call.
pub const INPUT: &str = "/data.bin";

/// The folder for tables: each file whose name ends with [`TABLES_SUFFIX`] is one JSON object with `tables` and `rows`.
pub const METADATA: &str = "/metadata";

/// How the names of a guest's own files in [`METADATA`] begin; a number follows.
pub const TABLES_PREFIX: &str = "rows_";

/// How the names of files in [`METADATA`] end; the host ignores others.
pub const TABLES_SUFFIX: &str = ".json";

/// The folder for sub-content: for each number a description, and its bytes unless the description names a part of the input.
pub const SUB_CONTENT: &str = "/subcontent";

/// How the name of a description begins; the number follows.
pub const DESCRIPTION_PREFIX: &str = "metadata_";

/// How the name of a description ends.
pub const DESCRIPTION_SUFFIX: &str = ".json";

/// How the name of a file with bytes begins; the number follows.
pub const BYTES_PREFIX: &str = "data_";

/// How the name of a file with bytes ends.
pub const BYTES_SUFFIX: &str = ".bin";

/// The folder for temporary files.
pub const TEMPORARY: &str = "/tmp";

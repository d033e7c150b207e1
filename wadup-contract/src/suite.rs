//! Where a guest that runs its own tests leaves their results for `cargo wadup test`.

/// The folder in which the guest leaves its results.
pub const RESULTS: &str = "/wadup-tests";

/// The file in that folder with the number of tests by outcome, in JSON.
pub const OUTCOMES: &str = "outcomes.json";

/// The file in that folder with pytest's report for other programs.
pub const JUNIT: &str = "junit.xml";

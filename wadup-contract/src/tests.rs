//! How `cargo wadup test` has a guest built that runs its own tests, and what it gives to such a guest.

/// The variable that makes the build script add the requirements of tests; `1` switches it on.
pub const VARIABLE: &str = "WADUP_TESTS";

/// The folder in which the guest leaves its results.
pub const RESULTS: &str = "/wadup-tests";

/// The file in that folder with the number of tests by outcome, in JSON.
pub const OUTCOMES: &str = "outcomes.json";

/// The file in that folder with pytest's report for other programs.
pub const JUNIT: &str = "junit.xml";

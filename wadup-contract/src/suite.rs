//! How `cargo wadup` runs a program of its own in a guest: through a folder that both see.

/// The folder, as the guest sees it.
pub const FOLDER: &str = "/wadup-tests";

/// The file in that folder with the program, in Python. Its function `main(testing, settings)` returns the status of the call.
pub const PROGRAM: &str = "program.py";

/// The file in that folder with the settings of the program, a JSON object. These two are always there:
/// `project`, the folder to work in, and `source`, the folder with the user's Python.
pub const SETTINGS: &str = "settings.json";

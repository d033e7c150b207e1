//! `cargo wadup store key`: makes the pair of keys with which a mirror's index is signed, and reads it again.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use wadup_build::SigningKey;

/// Makes the keys for a mirror of the store
///
/// Writes the secret key into FILE and prints the public key. They are keys of minisign, which can make them too
/// (`minisign -G -W`).
#[derive(clap::Args)]
pub(super) struct KeyArgs {
    /// The file of the secret key, which must not exist
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command. Prints the public key.
pub(super) fn execute(args: &KeyArgs, out: &mut impl Write) -> crate::Outcome {
    let key = SigningKey::generate()?;
    write_secret(&args.file, &key.secret())?;
    eprintln!(
        "the secret key is in {}; whoever has it can fill the mirror. The public key:",
        args.file.display()
    );
    writeln!(out, "{}", key.public())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a new file that only its owner can read.
fn write_secret(file: &Path, text: &str) -> Result<(), String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
        .open(file)
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .map_err(|error| format!("could not write `{}`: {error}", file.display()))
}

/// The keys in the file of a secret key.
pub(super) fn read(file: &Path) -> Result<SigningKey, String> {
    let text = fs::read_to_string(file)
        .map_err(|error| format!("could not read the key `{}`: {error}", file.display()))?;
    SigningKey::parse(&text, file).map_err(|error| error.report())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_can_be_read_and_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("team.key");
        let args = KeyArgs { file: file.clone() };

        execute(&args, &mut Vec::new()).unwrap();

        let key = read(&file).unwrap();
        assert!(execute(&args, &mut Vec::new()).is_err());
        assert_eq!(read(&file).unwrap().public(), key.public());
    }
}

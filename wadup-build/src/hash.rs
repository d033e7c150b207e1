//! SHA-256 hashes of files and bytes, in hexadecimal.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, FileContext, Result};

/// The hash of a file's bytes.
pub(crate) fn of_file(path: &Path) -> Result<String> {
    let mut file = File::open(path).on("open", path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).on("read", path),
        }
    }
}

/// The hash of bytes in memory.
pub(crate) fn of_bytes(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// Returns an error if the file's hash is not the expected one.
pub(crate) fn expect(path: &Path, expected: &str) -> Result<()> {
    let found = of_file(path)?;
    if found == expected {
        Ok(())
    } else {
        Err(Error::Checksum {
            file: path.to_owned(),
            expected: expected.to_owned(),
            found,
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn agrees_with_the_standard_test_vector() {
        assert_eq!(of_bytes("abc"), OF_ABC);
    }

    #[test]
    fn checksum_error_names_both_hashes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("source.tar");
        std::fs::write(&file, "abc").unwrap();

        assert!(expect(&file, OF_ABC).is_ok());
        let error = expect(&file, "00").unwrap_err().to_string();

        assert!(
            error.contains(OF_ABC) && error.contains("expected sha256 00"),
            "{error}"
        );
    }
}

//! The index of a mirror: what it offers, signed as a whole.

use std::collections::BTreeMap;
use std::path::Path;

use minisign_verify::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The file with the index.
pub(super) const FILE: &str = "index.json";

/// The file with its signature, in minisign's format.
pub(super) const SIGNATURE: &str = "index.json.minisig";

/// The format of this version of wadup.
const FORMAT: u32 = 1;

/// The most bytes that an index may have, which is room for some fifty thousand artifacts.
const MOST_BYTES: u64 = 16 << 20;

/// The most bytes of a signature.
const MOST_OF_SIGNATURE: u64 = 4 << 10;

/// What a mirror offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Index {
    format: u32,
    /// Grows with each change, so that an older index can be told from a newer one.
    pub(super) serial: u64,
    /// By the names and keys of the artifacts.
    pub(super) artifacts: BTreeMap<String, Packed>,
}

/// The archive of an artifact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Packed {
    pub(super) sha256: String,
    /// Its size in bytes.
    pub(super) size: u64,
    /// Its size in bytes without the compression.
    pub(super) unpacked: u64,
}

impl Index {
    #[cfg(any(test, feature = "push"))]
    pub(super) fn new(serial: u64, artifacts: BTreeMap<String, Packed>) -> Self {
        Self {
            format: FORMAT,
            serial,
            artifacts,
        }
    }

    /// The text to sign.
    #[cfg(any(test, feature = "push"))]
    pub(super) fn text(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self).map_err(|error| Error::malformed(Path::new(FILE), error))
    }

    /// The index of a mirror; `get` returns a file of it with at most so many bytes.
    ///
    /// # Errors
    /// If the mirror has no index, the key did not sign it, or its format is another.
    pub(super) fn read(
        key: &PublicKey,
        get: impl Fn(&str, u64) -> Result<Vec<u8>>,
    ) -> Result<Self> {
        let text = get(FILE, MOST_BYTES)?;
        let signature = get(SIGNATURE, MOST_OF_SIGNATURE)?;
        let signature = String::from_utf8_lossy(&signature);
        // Nothing of the index is read before its signature has been verified.
        Signature::decode(&signature)
            .and_then(|signature| key.verify(&text, &signature, false))
            .map_err(|error| {
                let problem = format!("the trusted key did not sign it: {error}");
                Error::malformed(Path::new(FILE), problem)
            })?;
        let index: Self = serde_json::from_slice(&text)
            .map_err(|error| Error::malformed(Path::new(FILE), error))?;
        if index.format != FORMAT {
            let problem = format!(
                "its format is {}, and this version of wadup reads {FORMAT}",
                index.format
            );
            return Err(Error::malformed(Path::new(FILE), problem));
        }
        Ok(index)
    }
}

//! Keys and signatures in minisign's formats, for those who fill a mirror.
//!
//! The formats are those of minisign's page: lines of base64, each after a comment. `minisign` signs too, but its dependencies give
//! wasmtime's other features, so that wasmtime would be compiled once for this program and once for all others.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_compact::{KeyPair, SecretKey, Seed};

use crate::error::{Error, Result};

/// The algorithm of keys, and of signatures over the bytes themselves.
const OF_KEYS: &[u8; 2] = b"Ed";
/// The algorithm of signatures over a hash of the bytes.
const OF_HASHES: &[u8; 2] = b"ED";
/// No password protects the secret key.
const NO_PASSWORD: &[u8; 2] = &[0; 2];
/// The checksum of a secret key.
const CHECKSUM: &[u8; 2] = b"B2";
/// The salt and the limits of the function for passwords, which are not used without one.
const OF_PASSWORD: usize = 32 + 8 + 8;

/// The pair of keys with which the index of a mirror is signed.
pub struct SigningKey {
    /// Chosen at random, so that a signature of another key is reported as such.
    id: [u8; 8],
    pair: KeyPair,
}

impl SigningKey {
    /// A new pair of keys.
    ///
    /// # Errors
    /// If the system has no random numbers.
    pub fn generate() -> Result<Self> {
        let mut random = [0; 40];
        getrandom::fill(&mut random).map_err(|error| {
            Error::missing(
                format!("the system's source of random numbers ({error})"),
                "make the keys on another machine",
            )
        })?;
        let (mut id, mut seed) = ([0; 8], [0; 32]);
        id.copy_from_slice(&random[..8]);
        seed.copy_from_slice(&random[8..]);
        let pair = KeyPair::from_seed(Seed::new(seed));
        Ok(Self { id, pair })
    }

    /// The pair of keys in the text of a file with a secret key that has no password.
    ///
    /// # Errors
    /// [`Error::Malformed`], with the name of the file.
    pub fn parse(text: &str, file: &Path) -> Result<Self> {
        let refused = |problem: &str| {
            let help = "help: make one with `cargo wadup store key FILE` or `minisign -G -W`";
            Error::malformed(file, format!("{problem}\n{help}"))
        };
        let line = text.lines().nth(1).unwrap_or_default();
        let bytes = BASE64.decode(line.trim()).unwrap_or_default();
        let parts = (
            bytes.strip_prefix(OF_KEYS),
            bytes.get(2..4),
            bytes.get(6 + OF_PASSWORD..),
        );
        let (Some(_), Some(password), Some(key)) = parts else {
            return Err(refused("it is not a secret key of minisign"));
        };
        if password != NO_PASSWORD {
            return Err(refused(
                "a password protects it: expected a key without one",
            ));
        }
        let (Some((id, rest)), true) = (key.split_first_chunk(), key.len() == 8 + 64 + 32) else {
            return Err(refused("it is not a secret key of minisign"));
        };
        let (secret, checksum) = rest.split_at(64);
        let secret = SecretKey::from_slice(secret).map_err(|error| refused(&error.to_string()))?;
        let key = Self {
            id: *id,
            pair: KeyPair {
                pk: secret.public_key(),
                sk: secret,
            },
        };
        match key.checksum() == checksum {
            true => Ok(key),
            false => Err(refused("it is damaged: its checksum does not fit")),
        }
    }

    /// The text of a file with the secret key.
    #[must_use]
    pub fn secret(&self) -> String {
        let parts: [&[u8]; 7] = [
            OF_KEYS,
            NO_PASSWORD,
            CHECKSUM,
            &[0; OF_PASSWORD],
            &self.id,
            &*self.pair.sk,
            &self.checksum(),
        ];
        lines("secret key for a mirror of wadup's store", &parts.concat())
    }

    /// The public key, as settings name it.
    #[must_use]
    pub fn public(&self) -> String {
        BASE64.encode([OF_KEYS, &self.id[..], &*self.pair.pk].concat())
    }

    /// The text of a signature over bytes.
    pub(in crate::store) fn sign(&self, bytes: &[u8]) -> String {
        let hash = blake2b_simd::blake2b(bytes);
        let signature = self.pair.sk.sign(hash.as_bytes(), None);
        let comment = format!("file:{}", super::index::FILE);
        let whole = self
            .pair
            .sk
            .sign([&*signature, comment.as_bytes()].concat(), None);
        let first = [OF_HASHES, &self.id[..], &*signature].concat();
        format!(
            "{}trusted comment: {comment}\n{}\n",
            lines("signature of a mirror of wadup's store", &first),
            BASE64.encode(*whole)
        )
    }

    fn checksum(&self) -> Vec<u8> {
        let hash = blake2b_simd::Params::new()
            .hash_length(32)
            .hash(&[OF_KEYS, &self.id[..], &*self.pair.sk].concat());
        hash.as_bytes().to_vec()
    }
}

fn lines(comment: &str, bytes: &[u8]) -> String {
    format!("untrusted comment: {comment}\n{}\n", BASE64.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::mirror::settings::parse_key;

    /// Made by the crate `minisign`, as are those below.
    const SECRET: &str = "untrusted comment: rsign encrypted secret key\n\
        RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP5Be6/J+CY7Z6f8N8zsygTeBtGWK+9b3990BhWfXDYo+\
        zAdxmP90amuaCTZXMbR5xqGDKE0R4ywqSY5NHDWbpGa6FATe2Xbcmo13tVY2okJ0sHprm+Lx9ae2XOnVqxiRsj6II9Oa0Pk=\n";
    const PUBLIC: &str = "RWQ/kF7r8n4JjmuaCTZXMbR5xqGDKE0R4ywqSY5NHDWbpGa6FATe2Xbc";
    const WITH_PASSWORD: &str = "untrusted comment: rsign encrypted secret key\n\
        RWRTY0IySkvIyXMJqjrvTmdDKPw7GYH0iKLBJUvaGoexV0oGFdYAABAAAAAAAAAAAAIAAAAAFWz2ZzThCEh0xuvKEsmG77mWp0iubx+ZQywCJ/2mbhP/\
        1zFipGN/sEsLdTfxDO04lTgRWaGowAGYUtSQf2Rp+9wJQnVwMSB6H6sBsVJxsUUTkOvGVDZg2HWFQx11jw3uhcobRPDAF+8=\n";

    fn parse(text: &str) -> Result<SigningKey> {
        SigningKey::parse(text, Path::new("team.key"))
    }

    fn verify(key: &SigningKey, bytes: &[u8]) -> std::result::Result<(), minisign_verify::Error> {
        let signature = minisign_verify::Signature::decode(&key.sign(b"the index"))?;
        let public = parse_key(&key.public()).unwrap();
        public.verify(bytes, &signature, false)
    }

    #[test]
    fn keys_of_minisign_are_read_and_their_signatures_hold() {
        let key = parse(SECRET).unwrap();

        assert_eq!(key.public(), PUBLIC);
        verify(&key, b"the index").unwrap();
        assert!(verify(&key, b"the Index").is_err());
    }

    #[test]
    fn new_keys_are_written_as_they_are_read() {
        let key = SigningKey::generate().unwrap();

        let again = parse(&key.secret()).unwrap();

        assert_eq!(again.public(), key.public());
        verify(&again, b"the index").unwrap();
        assert_ne!(SigningKey::generate().unwrap().public(), key.public());
    }

    #[test]
    fn other_keys_are_refused_with_the_file_and_the_reason() {
        let damaged = SECRET.replace("AdxmP90", "AdxmP91");
        for (text, reason) in [
            ("a secret", "it is not a secret key of minisign"),
            (WITH_PASSWORD, "a password protects it"),
            (&damaged, "it is damaged"),
        ] {
            let error = parse(text).err().unwrap().to_string();

            assert!(
                error.starts_with("`team.key`") && error.contains(reason),
                "{error}"
            );
        }
    }
}

//! The hash by which a session's secret is known again.

use std::fmt;

use papo_common::SessionSecret;
use sha2::{Digest as _, Sha256};

/// The hash of a session's secret: enough to recognise the secret, useless for resuming the session, so that a reader of
/// the stored history can take over nobody's name. A secret has 128 random bits, so no salt is needed.
#[derive(Clone, Copy, Eq)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of a secret.
    pub fn of(session: SessionSecret) -> SecretHash {
        SecretHash(Sha256::digest(session.to_bits().to_be_bytes()).into())
    }

    /// A stored hash.
    pub const fn from_bytes(bytes: [u8; 32]) -> SecretHash {
        SecretHash(bytes)
    }

    /// The bytes to be stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// In constant time: every byte is compared.
impl PartialEq for SecretHash {
    fn eq(&self, other: &SecretHash) -> bool {
        self.0.iter().zip(other.0).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

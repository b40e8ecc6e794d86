//! What is kept of a session's secret.

use std::fmt;

use papo_common::SessionSecret;
use sha2::{Digest as _, Sha256};

/// The hash of a session's secret: enough to know it again, useless for coming back. Whoever reads the stored history
/// can take over nobody's name. A secret has 128 random bits, so that no salt is needed; and as what is compared are
/// hashes, how long that takes tells nothing about the secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The secret of a secret.
    pub fn of(session: SessionSecret) -> SecretHash {
        SecretHash(Sha256::digest(session.to_bits().to_be_bytes()).into())
    }

    /// A secret that was kept.
    pub const fn from_bytes(bytes: [u8; 32]) -> SecretHash {
        SecretHash(bytes)
    }

    /// What is to be kept.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

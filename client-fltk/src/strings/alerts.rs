//! Words of the desktop notifications.

use papo_common::Name;

/// A private message came.
pub fn private(from: &Name) -> String {
    format!("{from} (privado)")
}

/// Somebody named one in the room.
pub fn mention(from: &Name) -> String {
    format!("{from} mencionou você na Sala")
}

/// Several of both.
pub fn several(count: usize) -> String {
    format!("{count} mensagens para você")
}

//! Identities of conversations and items: plain values that every other file may use.

use std::sync::atomic::{AtomicU64, Ordering};

use papo_common::Name;

/// The identity of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConversationId {
    /// The room, which all read.
    Room,
    /// The private conversation with the member of that name.
    Direct(Name),
}

/// The identity of an item, given at birth and kept wherever the item goes. Unique in the process, without any other
/// meaning: the order of items is their timeline's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemId(u64);

impl ItemId {
    /// An identity that nothing has had before.
    pub(crate) fn fresh() -> ItemId {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        ItemId(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The identity as a number, for systems that need one; at least 1.
    pub fn number(self) -> u64 {
        self.0
    }
}

//! Names of what the core keeps: plain values that every other file may use.

use papo_common::Name;

/// Which conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConversationId {
    /// The room, which all read.
    Room,
    /// Between this member and the one of that name.
    Direct(Name),
}

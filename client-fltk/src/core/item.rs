//! What a conversation is made of.

use papo_common::{MemberId, Name, Number, Text};

use crate::core::notices::{Failure, LocalNotice};
use crate::core::{Gap, Person};

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// When, Unix time in ms.
    pub at: u64,
    /// Rises each time this item changes.
    pub revision: u32,
    /// What.
    pub content: Content,
}

/// What an item holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Somebody said something.
    Message(ChatMessage),
    /// Members came and went, all of them in a row: up to three are shown in full, more condensed.
    Passed(Vec<PresenceChange>),
    /// The operator's word.
    Notice(Text),
    /// Here one entered: what stands above was said before.
    Entered,
    /// Here something that was said is missing, and is being fetched.
    Gap(Gap),
    /// A line of the program itself, in this conversation only.
    LocalNotice(LocalNotice),
}

/// Somebody came, or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceChange {
    /// Who.
    pub person: Person,
    /// Came.
    pub came: bool,
    /// When, Unix time in ms.
    pub at: u64,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatMessage {
    /// Who said it.
    pub from: Name,
    /// Whether oneself did.
    pub mine: bool,
    /// What was said.
    pub text: Text,
    /// The addressee of a private message.
    pub private_to: Option<Name>,
    /// Who was behind the addressee's name when oneself wrote it, as far as one knew.
    pub meant_for: Option<MemberId>,
    /// Whether it names oneself, as a word of its own. Never in one's own messages.
    pub mentions_me: bool,
    /// Whether it arrived.
    pub delivery: Delivery,
    /// The number under which one sent it, until the server's answer.
    pub reference: Option<Number>,
    /// The room's number for a public message, once the server has said it.
    pub seq: Option<u64>,
}

/// Whether one's own message arrived. Others' are always `Done`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Sent, not yet confirmed.
    Pending(Number),
    /// Confirmed by the server.
    Done,
    /// Confirmed by the server, which keeps it for the addressee, who is away.
    Kept,
    /// Not delivered, as far as is known.
    Failed(Failure),
}

impl Delivery {
    /// Whether it waits for a receipt, or for the person.
    pub(crate) fn is_unsent(&self) -> bool {
        matches!(self, Delivery::Pending(_) | Delivery::Failed(_))
    }
}

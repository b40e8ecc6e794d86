//! Items: the entries of a conversation.

use papo_common::{MemberId, Name, Request, SafeInteger, Text};

use crate::core::notices::{Failure, LocalNotice};
use crate::core::roster::Roster;
use crate::core::{Gap, ItemId, Person};
use crate::text::folding::mentions;

/// An entry of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The identity of the item, wherever it goes.
    pub id: ItemId,
    /// The time, Unix time in ms.
    pub at: u64,
    /// The content.
    pub content: Content,
}

impl Item {
    /// A new item.
    pub fn new(at: u64, content: Content) -> Item {
        Item { id: ItemId::fresh(), at, content }
    }

    /// The chat message, if the item is one.
    pub fn message(&self) -> Option<&ChatMessage> {
        match &self.content {
            Content::Message(said) => Some(said),
            _ => None,
        }
    }

    pub(crate) fn edit_message(&mut self, change: impl FnOnce(&mut ChatMessage)) {
        if let Content::Message(said) = &mut self.content {
            change(said);
        }
    }

    /// The room's number of a public message, once the server has said it.
    pub(crate) fn seq(&self) -> Option<u64> {
        self.message()?.seq
    }

    /// Whether it is a message that stands in the outbox.
    pub(crate) fn is_unsent(&self) -> bool {
        self.message().is_some_and(|said| said.delivery != Delivery::Done)
    }

    /// Whether somebody said it: a member, or the operator.
    pub(crate) fn is_said(&self) -> bool {
        matches!(self.content, Content::Message(_) | Content::Announcement(_))
    }
}

/// The content of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A message of a member.
    Message(ChatMessage),
    /// Members came and went in a row: up to three are shown in full, more condensed.
    Presence(Vec<PresenceChange>),
    /// An announcement of the operator.
    Announcement(Text),
    /// This member entered here: what stands above was said before.
    JoinMarker,
    /// Messages are missing here, and are being fetched.
    Gap(Gap),
    /// A line of the program itself, in this conversation only.
    LocalNotice(LocalNotice),
}

/// A member came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresenceChange {
    /// The member.
    pub person: Person,
    /// Whether the person came; else they went.
    pub came: bool,
    /// The time, Unix time in ms.
    pub at: u64,
}

/// A message of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatMessage {
    /// The sender.
    pub from: Name,
    /// Whether this member is the sender.
    pub mine: bool,
    /// The text.
    pub text: Text,
    /// The addressee of a private message.
    pub private_to: Option<Name>,
    /// The id behind the addressee's name when the message was sent, if it was known.
    pub meant_for: Option<MemberId>,
    /// Whether it names this member, as a word of its own. Never in own messages.
    pub mentions_me: bool,
    /// Whether it arrived.
    pub delivery: Delivery,
    /// The reference under which it was sent, until the server's answer.
    pub reference: Option<SafeInteger>,
    /// The room's number for a public message, once the server has said it.
    pub seq: Option<u64>,
}

impl ChatMessage {
    /// A public message of another member, delivered and without a number.
    pub fn new(from: Name, text: Text) -> ChatMessage {
        ChatMessage {
            from,
            mine: false,
            text,
            private_to: None,
            meant_for: None,
            mentions_me: false,
            delivery: Delivery::Done,
            reference: None,
            seq: None,
        }
    }

    /// A message that the server tells: that member said it.
    pub(crate) fn received(from: Name, id: MemberId, text: Text, roster: &Roster) -> ChatMessage {
        let mine = roster.is_me(id);
        let is_named = |me: &Person| mentions(text.as_str(), me.name.as_str());
        ChatMessage {
            mine,
            mentions_me: !mine && roster.me.as_ref().is_some_and(is_named),
            ..ChatMessage::new(from, text)
        }
    }

    /// The request that sends the message under that reference.
    pub(crate) fn request(&self, reference: SafeInteger) -> Request {
        let (reference, text) = (Some(reference), self.text.as_str().to_owned());
        match &self.private_to {
            None => Request::Say { reference, text },
            Some(name) => Request::Private { reference, to: name.as_str().to_owned(), text },
        }
    }

    /// The reference under which it waits for its receipt.
    pub(crate) fn pending(&self) -> Option<SafeInteger> {
        match self.delivery {
            Delivery::Pending(reference) => Some(reference),
            Delivery::Done | Delivery::Kept | Delivery::Failed(_) => None,
        }
    }
}

/// The state of delivery of an own message. Messages of others are always `Done`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Sent, not yet confirmed.
    Pending(SafeInteger),
    /// Confirmed by the server.
    Done,
    /// Confirmed by the server, which keeps it for the addressee, who is away.
    Kept,
    /// Not delivered, as far as is known.
    Failed(Failure),
}

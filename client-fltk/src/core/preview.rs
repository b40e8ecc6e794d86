//! Preview: the newest message of a conversation, for a list.

use papo_common::Name;

use crate::core::{Content, Conversation, ConversationId, Item};
use crate::text::cut::cut;

/// The newest message of a conversation, for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview<'a> {
    /// When it was said, Unix time in ms.
    pub at: u64,
    /// The speaker; `None` for the partner of a private conversation.
    pub from: Option<Speaker<'a>>,
    /// The beginning of its first line.
    pub line: &'a str,
}

/// The speaker of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker<'a> {
    /// The user of this window.
    Me,
    /// The member of that name.
    Member(&'a Name),
    /// The operator.
    Operator,
}

/// A preview is cut after that many characters: no list shows more.
const MAX_PREVIEW: usize = 100;

impl Preview<'_> {
    /// The preview of a conversation; `None` if nobody has said anything.
    pub fn of(conversation: &Conversation) -> Option<Preview<'_>> {
        let Item { at, content, .. } = conversation.last_said()?;
        let (from, text) = match content {
            Content::Message(said) if said.mine => (Some(Speaker::Me), &said.text),
            Content::Message(said) if conversation.place == ConversationId::Room => {
                (Some(Speaker::Member(&said.from)), &said.text)
            }
            Content::Message(said) => (None, &said.text),
            Content::Announcement(text) => (Some(Speaker::Operator), text),
            _ => return None,
        };
        let line = text.as_str().lines().next().unwrap_or_default();
        Some(Preview { at: *at, from, line: cut(line, MAX_PREVIEW) })
    }
}

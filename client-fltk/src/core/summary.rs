//! What stands in the title, in the status bar and in the list of conversations.

use crate::core::{Content, Conversation, ConversationId, Item, Phase, State};
use crate::strings::{status, window as strings};

/// The status bar: a dot and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The colour of the dot.
    pub tone: Severity,
    /// The sentence.
    pub text: String,
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Well.
    Good,
    /// Something is under way.
    Waiting,
    /// It is over.
    Bad,
}

/// The newest message of a conversation, for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// When it was said, Unix time in ms.
    pub at: u64,
    /// Who said it, and its first line.
    pub text: String,
}

/// A preview is cut after that many characters: no list shows more.
const MAX_PREVIEW: usize = 100;

impl State {
    /// All that is unread.
    pub fn unread(&self) -> usize {
        self.conversations.iter().map(|conversation| conversation.unread).sum()
    }

    /// The title of the talking window.
    pub fn title(&self) -> String {
        let me = self.me.as_ref();
        me.map_or_else(
            || strings::PAPO.to_owned(),
            |me| strings::title(self.unread(), me.name.as_str(), &me.addr.to_string()),
        )
    }

    /// The status bar's.
    pub fn status(&self) -> Status {
        let (tone, text) = match &self.phase {
            // There is no status bar.
            Phase::Entering | Phase::Connecting => (Severity::Waiting, String::new()),
            Phase::Talking => (Severity::Good, status::connected(&self.entering.server, self.people.len())),
            Phase::Lost { attempt, retry_in: Some(seconds) } => {
                (Severity::Waiting, status::waiting(*seconds, attempt + 1))
            }
            Phase::Lost { attempt, retry_in: None } => (Severity::Waiting, status::retrying(attempt + 1)),
            Phase::Over(ending) => (Severity::Bad, status::over(*ending).to_owned()),
        };
        Status { tone, text }
    }
}

impl Conversation {
    /// The newest message, for a list; `None` if nobody has said anything.
    pub fn preview(&self) -> Option<Preview> {
        let Item { at, content, .. } = self.last_said()?;
        let (who, text) = match content {
            Content::Message(said) if said.mine => (Some(strings::YOU), &said.text),
            Content::Message(said) if self.place == ConversationId::Room => (Some(said.from.as_str()), &said.text),
            Content::Message(said) => (None, &said.text),
            Content::Notice(text) => (Some(strings::NOTICE), text),
            _ => return None,
        };
        let line: String = text.lines().next().unwrap_or_default().chars().take(MAX_PREVIEW).collect();
        Some(Preview { at: *at, text: who.map_or_else(|| line.clone(), |who| strings::last_line(who, &line)) })
    }
}

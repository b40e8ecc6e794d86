//! Effects: what the model wants done outside of it.

use std::collections::VecDeque;
use std::path::PathBuf;

use papo_common::{Name, Request, SafeInteger};

use crate::core::connect_failure::ConnectFailure;
use crate::core::ids::ConversationId;
use crate::core::outstanding::{HistoryRequest, Outstanding};
use crate::core::preferences::Preferences;
use crate::net::Address;

/// An action outside of the model. Effects are carried out in order; an alert is always the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Connect to `address`. Reports of the connection bear the number `connection`. An earlier connection ends.
    Connect {
        /// The number of the connection.
        connection: u64,
        /// The server's address.
        address: Address,
    },
    /// Send this on the connection.
    Send(Request),
    /// End the connection in good order.
    Disconnect,
    /// Remember this.
    Save(Preferences),
    /// Raise the alert that nobody got in.
    ConnectionFailed(ConnectFailure),
    /// Show a desktop notification, in place of the one before.
    Notify {
        /// The content of the notification.
        notification: Notification,
        /// Whether it may be heard.
        sound: bool,
    },
    /// Set or take back the urgency hint of the talking window.
    SetUrgency(bool),
    /// Bring the chat window to the front, with the keyboard focus.
    RaiseWindow,
    /// Tab completed nothing: the focus goes on.
    FocusNext,
    /// Open this link, http or https, with the program that the desktop has for it.
    OpenLink(String),
    /// Take down conversations as they are now, and ask with the desktop's own dialog for the file to save them to. The
    /// answer is [`crate::core::message::Message::PathAnswered`].
    AskSavePath {
        /// The number to answer with.
        number: u64,
        /// The conversations to take down.
        what: Transcript,
    },
    /// Write what was taken down last to a file; the answer is [`crate::core::message::Message::Written`].
    Write {
        /// The number to answer with.
        number: u64,
        /// The path of the file; `~` is the home folder.
        path: PathBuf,
        /// Whether a file of that path is replaced.
        replaces: bool,
    },
    /// End the connection in good order, see that done, and end the program.
    Quit,
}

/// The content of a desktop notification. Its words are in [`crate::strings::alerts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// A single message.
    One(Alert),
    /// Several messages.
    Several {
        /// The number of messages.
        count: usize,
        /// The newest of these messages, oldest first.
        newest: Vec<Alert>,
    },
}

impl Notification {
    /// The conversation of the newest message.
    pub fn place(&self) -> ConversationId {
        let newest = match self {
            Notification::One(alert) => Some(alert),
            Notification::Several { newest, .. } => newest.last(),
        };
        let private = newest.filter(|alert| alert.is_private);
        private.map_or(ConversationId::Room, |alert| ConversationId::Direct(alert.from.clone()))
    }
}

/// A message worth an alert: a private one, or one that mentions the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The sender of the message.
    pub from: Name,
    /// Whether the message is private; else it mentions the user in the room.
    pub is_private: bool,
    /// The beginning of its text, at most 200 characters: no desktop shows more.
    pub text: String,
    /// The sequence number in the room; `None` if the message is private.
    pub(crate) seq: Option<u64>,
}

/// The conversations that are saved to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transcript {
    /// The conversation of that id.
    One(ConversationId),
    /// All conversations of a chat that is over.
    Whole,
}

/// The effects wanted, in order, and the requests among them that the server has not answered.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    queue: VecDeque<Effect>,
    pub(crate) outstanding: Outstanding,
}

impl Effects {
    pub(crate) fn push(&mut self, effect: Effect) {
        self.queue.push_back(effect);
    }

    /// The next effect, taken out.
    pub(crate) fn next(&mut self) -> Option<Effect> {
        self.queue.pop_front()
    }

    /// Sends a request other than one for history.
    pub(crate) fn send(&mut self, request: Request) {
        self.outstanding.sent(&request);
        self.push(Effect::Send(request));
    }

    /// Asks for messages before that number of the room, unless the server owes some already.
    pub(crate) fn fetch(&mut self, kind: HistoryRequest, before: SafeInteger, count: SafeInteger) {
        if self.outstanding.history.is_none() {
            self.outstanding.history = Some((kind, Outstanding::SECONDS));
            self.push(Effect::Send(Request::History { reference: None, before, count }));
        }
    }
}

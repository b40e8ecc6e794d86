//! What is known: the phase, the people, the conversations. Pure: no display, no sockets, no clock.

mod alerts;
pub(crate) mod chat;
mod composer;
pub(crate) mod connect_form;
mod conversation;
mod effect;
mod find;
mod history;
mod item;
pub mod message;
mod model;
pub(crate) mod preferences;
pub(crate) mod recently_left;
mod resending;
mod retrying;
pub(crate) mod roster;
pub(crate) mod session;
mod summary;

use std::net::SocketAddr;

use papo_common::{MemberId, Name};
use serde::{Deserialize, Serialize};

pub use conversation::{Conversation, Move, Shift};
pub use effect::Effect;
pub use find::{Find, Hit};
pub use history::backfill::OlderHistory;
pub use history::gap::Gap;
pub use item::{ChatMessage, Content, Delivery, Item, PresenceChange};
pub use model::Model;
pub use preferences::{TextStep, Theme};
pub use summary::{Preview, Severity, Status};

/// All that the window shows. The view reads it and never changes it.
#[derive(Debug)]
pub struct State {
    /// Which window is up, and how the connection stands.
    pub phase: Phase,
    /// The light or the dark look.
    pub theme: Theme,
    /// The size of the text, in percent of the usual.
    pub text_size: u16,
    /// Whether an alert may be heard.
    pub sound: bool,
    /// Fields of the entering window; kept while talking, for the way back.
    pub entering: ConnectForm,
    /// Oneself, once the server has said so.
    pub me: Option<Person>,
    /// Who is there, oneself included, in order of joining.
    pub people: Vec<Person>,
    /// Rises whenever `people` changes.
    pub people_version: u64,
    /// The room first, then private conversations, the one with the newest message first.
    pub conversations: Vec<Conversation>,
    /// The place whose conversation is shown.
    pub place: ConversationId,
    /// The text field.
    pub composer: Composer,
    /// What is looked for, while the find bar is open.
    pub find: Option<Find>,
    /// Whether the list of keys is open.
    pub help: bool,
    /// The size of the talking window the last time, in pixels.
    pub window: Option<(i32, i32)>,
}

impl Default for State {
    fn default() -> State {
        State {
            phase: Phase::Entering,
            theme: Theme::default(),
            text_size: TextStep::USUAL,
            sound: true,
            entering: ConnectForm::default(),
            me: None,
            people: Vec::new(),
            people_version: 0,
            conversations: vec![Conversation::new(ConversationId::Room)],
            place: ConversationId::Room,
            composer: Composer::default(),
            find: None,
            help: false,
            window: None,
        }
    }
}

/// Where the program stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The entering window is up, nothing is under way.
    Entering,
    /// The entering window is up, a connection is being made or a name asked for.
    Connecting,
    /// The talking window is up and connected to `server`.
    Talking,
    /// The talking window is up, the connection lost.
    Lost {
        /// How many attempts to reconnect have been made.
        attempt: u32,
        /// Seconds until the next; `None` while one is under way.
        retry_in: Option<u32>,
    },
    /// The talking window is up and the chat over, which is being told: nothing is tried any more.
    Over(SessionEnd),
}

/// Why a chat is over for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// The server ended.
    ServerClosed,
    /// The operator removed this member.
    Kicked,
    /// The operator banned this address.
    Banned,
    /// The same session came back on another connection.
    Replaced,
}

/// The fields of the entering window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectForm {
    /// The server field as the program sets it: `host`, `host:port`, `[v6]` or `[v6]:port`.
    pub server: String,
    /// The name field as the program sets it.
    pub name: String,
    /// Rises each time the program, not the person, sets one of the two fields.
    pub version: u64,
    /// The servers used before, the last one first.
    pub recent: Vec<Recent>,
    /// What is wrong with the name, beside its field.
    pub name_error: Option<&'static str>,
    /// What is wrong with the server's address, beside its field.
    pub server_error: Option<&'static str>,
}

/// A server used before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// As it was typed.
    pub address: String,
    /// When it was last entered, Unix time in ms.
    pub at: u64,
}

/// A member as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its name.
    pub name: Name,
    /// Its public id.
    pub id: MemberId,
    /// Its address.
    pub addr: SocketAddr,
}

/// Where something is said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConversationId {
    /// The room, which all read.
    Room,
    /// Between oneself and that one.
    Direct(Name),
}

/// The text field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composer {
    /// What stands in it.
    pub text: String,
    /// Rises each time the program, not the person, sets `text`: only then does the view write it to the field.
    pub version: u64,
    /// Where the caret goes in it then, in bytes.
    pub caret: usize,
    /// To whom Enter would send it.
    pub mode: Mode,
    /// What is wrong with it, above the field, after a try to send it.
    pub error: Option<String>,
    /// How much room is left, near the limit of a message and beyond.
    pub limit: Option<LimitNote>,
}

/// A word beside the field about the limit of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitNote {
    /// The word.
    pub text: String,
    /// Whether the text is too long to be sent.
    pub is_over: bool,
}

/// To whom the text in the field would go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// To all.
    #[default]
    Public,
    /// To that one alone.
    Private(Name),
    /// `@` and the beginning of these names, which Tab completes: it cannot be sent yet.
    Naming(Vec<Name>),
    /// `@nome` of oneself: it will not be sent.
    Oneself,
    /// `@nome` of somebody who is not there: it will not be sent.
    Nobody(String),
}

impl Mode {
    /// Whether there is somebody to whom the text would go.
    pub fn has_addressee(&self) -> bool {
        matches!(self, Mode::Public | Mode::Private(_))
    }
}

#[cfg(test)]
mod tests;

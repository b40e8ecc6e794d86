//! What is known: the phase, the people, the conversations. Pure: no display, no sockets, no clock.

mod composer;
mod conversation;
mod entering;
mod heard;
mod model;
mod reconnecting;
mod talking;
pub mod transcript;

use std::collections::VecDeque;
use std::net::SocketAddr;

use papo_common::{MemberId, Name, Number, Text};
use serde::{Deserialize, Serialize};

pub use model::{Effect, Model};

/// All that the window shows. The view reads it and never changes it.
#[derive(Debug)]
pub struct State {
    /// Which window is up, and how the connection stands.
    pub phase: Phase,
    /// The light or the dark look.
    pub theme: Theme,
    /// Fields of the entering window; kept while talking, for the way back.
    pub entering: Entering,
    /// Oneself, once the server has said so.
    pub me: Option<Person>,
    /// Who is there, oneself included, in order of joining.
    pub people: Vec<Person>,
    /// Rises whenever `people` changes.
    pub people_version: u64,
    /// The room first, then private conversations, the one with the newest message first.
    pub conversations: Vec<Conversation>,
    /// The place whose conversation is shown.
    pub place: Place,
    /// The text field.
    pub composer: Composer,
    /// The size of the talking window the last time, in pixels.
    pub window: Option<(i32, i32)>,
}

impl Default for State {
    fn default() -> State {
        State {
            phase: Phase::Entering,
            theme: Theme::default(),
            entering: Entering::default(),
            me: None,
            people: Vec::new(),
            people_version: 0,
            conversations: vec![Conversation::new(Place::Room)],
            place: Place::Room,
            composer: Composer::default(),
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
        /// Seconds until the next; `None` while one is under way or none will be made.
        retry_in: Option<u32>,
    },
}

/// The look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Dark text on light ground.
    #[default]
    Light,
    /// Light text on dark ground.
    Dark,
}

/// The fields of the entering window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entering {
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
pub enum Place {
    /// The room, which all read.
    Room,
    /// Between oneself and that one.
    Private(Name),
}

/// The text field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composer {
    /// What stands in it.
    pub text: String,
    /// Rises each time the program, not the person, sets `text`: only then does the view write it to the field.
    pub version: u64,
    /// To whom Enter would send it.
    pub mode: Mode,
    /// What is wrong with it, above the field, after a try to send it.
    pub error: Option<String>,
}

/// To whom the text in the field would go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// To all.
    #[default]
    Public,
    /// To that one alone.
    Private(Name),
    /// `@nome` of somebody who is not there (or oneself): it will not be sent.
    Nobody(String),
}

/// What was said in one place.
#[derive(Debug)]
pub struct Conversation {
    /// Where.
    pub place: Place,
    /// What stands there, oldest first, at most [`Conversation::MAX_ITEMS`].
    pub items: VecDeque<Item>,
    /// How many items were dropped at the front: item `i` keeps the number `trimmed + i` for ever.
    pub trimmed: u64,
    /// Rises whenever an item that already stood here changes (its `revision` rises too).
    pub edits: u64,
    /// Messages that came while nobody was looking; joins and leaves never count.
    pub unread: usize,
    /// The number of the first item that came while nobody was looking: the line goes above it.
    pub new_from: Option<u64>,
    /// The text kept for this place while another one is shown.
    pub draft: String,
}

impl Conversation {
    /// Older items are dropped.
    pub const MAX_ITEMS: usize = 10_000;
    /// Past that many private conversations, the one longest without a message goes.
    pub const MAX_PRIVATE: usize = 200;
    /// The most people in one [`Content::Came`] or [`Content::Went`]; after that a new item begins.
    pub const MAX_RUN: usize = 1_000;
}

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
    Said(Said),
    /// Members came, all of them in a row: up to three are shown in full, more condensed.
    Came(Vec<Person>),
    /// Members went, likewise.
    Went(Vec<Person>),
    /// The operator's word.
    Notice(Text),
    /// A word of the program itself, in this conversation only.
    Hint(String),
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who said it.
    pub from: Name,
    /// Whether oneself did.
    pub mine: bool,
    /// What was said.
    pub text: Text,
    /// The addressee of a private message.
    pub private_to: Option<Name>,
    /// Whether it arrived.
    pub delivery: Delivery,
}

/// Whether one's own message arrived. Others' are always `Done`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Sent, not yet confirmed.
    Pending(Number),
    /// Confirmed by the server.
    Done,
    /// Not sent: the connection ended, or the server refused it for this reason.
    Failed(String),
}

#[cfg(test)]
mod tests;

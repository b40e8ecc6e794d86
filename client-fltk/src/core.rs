//! What is known: the phase, the people, the conversations. Pure: no display, no sockets, no clock.

mod alerts;
pub(crate) mod chat;
mod composer;
mod connect_failure;
pub(crate) mod connect_form;
mod conversation;
mod effect;
mod find;
mod history;
pub(crate) mod ids;
pub mod message;
mod model;
mod notices;
mod outstanding;
mod phase;
pub mod preferences;
pub(crate) mod recently_left;
pub(crate) mod roster;
mod server_clock;
pub(crate) mod session;
mod summary;
pub(crate) mod timeline;

use papo_common::Name;

use crate::net::AddressError;

pub use alerts::{Alert, Notification};
pub use composer::problem::{ComposerError, LimitNote};
pub use connect_failure::{ConnectFailure, Ending, NameProblem};
pub use conversation::Conversation;
pub use effect::Effect;
pub use find::{Find, FindSummary, Hit};
pub use history::backfill::OlderHistory;
pub use history::gap::Gap;
pub use ids::{ConversationId, ItemId};
pub use model::{Model, Prefill};
pub use notices::{Failure, LocalNotice, NoticeText};
pub use phase::{Phase, SessionEnd};
pub use preferences::{Recent, TextStep, Theme};
pub use roster::Person;
pub use summary::{Preview, Severity, Speaker};
pub use timeline::Timeline;
pub use timeline::item::{ChatMessage, Content, Delivery, Item, PresenceChange};
pub use timeline::splices::{Revision, Splice};

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
    pub name_error: Option<NameProblem>,
    /// What is wrong with the server's address, beside its field.
    pub server_error: Option<AddressError>,
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
    pub error: Option<ComposerError>,
    /// How much room is left, near the limit of a message and beyond.
    pub limit: Option<LimitNote>,
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

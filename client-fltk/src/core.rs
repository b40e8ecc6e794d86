//! State and rules: phase, members, conversations. Pure: no display, no sockets, no clock, no sentences.

mod alerts;
mod chat;
mod clock;
mod composer;
mod connect_failure;
mod connect_form;
mod conversation;
mod conversations;
pub mod dialogs;
mod effect;
mod find;
mod history;
pub(crate) mod ids;
pub mod message;
mod model;
mod notices;
mod outstanding;
mod person;
mod phase;
pub mod preferences;
mod preview;
mod roster;
mod sending;
mod session;
mod state;
pub(crate) mod timeline;

pub use chat::Chat;
pub use composer::problem::{ComposerError, LimitNote};
pub use composer::{Composer, Mode};
pub use connect_failure::{ConnectFailure, Ending, NameProblem};
pub use connect_form::ConnectForm;
pub use conversation::Conversation;
pub use conversations::Conversations;
pub use dialogs::{Dialog, Dialogs};
pub use effect::{Alert, Effect, Notification, Transcript};
pub use find::Find;
pub use find::index::Hit;
pub use find::summary::FindSummary;
pub use history::gap::{Gap, OlderHistory};
pub use ids::{ConversationId, ItemId};
pub use model::{Model, Prefill};
pub use notices::{Failure, LocalNotice, NoticeText};
pub use person::Person;
pub use phase::{Phase, SessionEnd, Severity};
pub use preferences::{Recent, TextStep, Theme};
pub use preview::{Preview, Speaker};
pub use roster::Roster;
pub use session::Session;
pub use state::State;
pub use timeline::Timeline;
pub use timeline::item::{ChatMessage, Content, Delivery, Item, PresenceChange};
pub use timeline::splices::{Revision, Splice};

#[cfg(test)]
mod tests;

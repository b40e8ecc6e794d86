//! State and rules: phase, members, conversations. Pure: no display, no sockets, no clock, no sentences.

mod alerts;
pub(crate) mod chat;
mod composer;
mod connect_failure;
mod connect_form;
mod conversation;
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
pub(crate) mod roster;
mod server_clock;
mod session;
mod state;
mod summary;
pub(crate) mod timeline;

pub use alerts::{Alert, Notification};
pub use composer::field::{Composer, Mode};
pub use composer::problem::{ComposerError, LimitNote};
pub use connect_failure::{ConnectFailure, Ending, NameProblem};
pub use connect_form::ConnectForm;
pub use conversation::Conversation;
pub use dialogs::{Dialog, Dialogs, Transcript};
pub use effect::Effect;
pub use find::index::Hit;
pub use find::{Find, FindSummary};
pub use history::gap::Gap;
pub use history::older::OlderHistory;
pub use ids::{ConversationId, ItemId};
pub use model::{Model, Prefill};
pub use notices::{Failure, LocalNotice, NoticeText};
pub use person::Person;
pub use phase::{Phase, SessionEnd};
pub use preferences::{Recent, TextStep, Theme};
pub use state::State;
pub use summary::{Preview, Severity, Speaker};
pub use timeline::Timeline;
pub use timeline::item::{ChatMessage, Content, Delivery, Item, PresenceChange};
pub use timeline::splices::{Revision, Splice};

#[cfg(test)]
mod tests;

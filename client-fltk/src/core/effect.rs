//! What the model wants done.

use papo_common::Request;

use crate::core::ConversationId;
use crate::core::alerts::Notification;
use crate::core::connect_failure::{ConnectFailure, Ending};
use crate::core::preferences::Preferences;
use crate::net::Address;

/// What is to be done, in order. An alert is always the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Connect to `address`; its news comes under that number. An earlier connection ends.
    Connect {
        /// The number.
        connection: u64,
        /// Where.
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
    /// Raise the alert that the chat is over, offer to save the conversation, then say [`crate::core::Model::end_chat`].
    ChatEnded(Ending),
    /// Show a desktop notification, in place of the one before.
    Notify {
        /// What it tells.
        notification: Notification,
        /// Whether it may be heard.
        sound: bool,
    },
    /// Set or take back the urgency hint of the talking window.
    SetUrgency(bool),
    /// Tab completed nothing: the focus goes on.
    FocusNext,
    /// Open this link, http or https, with the program that the desktop has for it.
    OpenLink(String),
    /// Ask for a file and write that conversation to it.
    SaveConversation(ConversationId),
    /// End the connection in good order, see that done, and end the program.
    Quit,
}

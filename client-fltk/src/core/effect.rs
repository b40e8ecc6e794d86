//! Effects: what the model wants done outside of it.

use std::path::PathBuf;

use papo_common::Request;

use crate::core::alerts::Notification;
use crate::core::connect_failure::ConnectFailure;
use crate::core::dialogs::Transcript;
use crate::core::preferences::Preferences;
use crate::net::Address;

/// One thing to be done. They are done in order; an alert is always the last.
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
    /// Ask, by the desktop's own dialog, to which file this goes; the answer is
    /// [`crate::core::message::Message::PathAnswered`].
    AskSavePath(Transcript),
    /// Write it; the answer is [`crate::core::message::Message::Written`].
    Write {
        /// What.
        what: Transcript,
        /// To which file; `~` is the home folder.
        path: PathBuf,
        /// Whether a file that stands there goes.
        replaces: bool,
    },
    /// End the connection in good order, see that done, and end the program.
    Quit,
}

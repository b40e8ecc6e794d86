//! Effects: what the model wants done outside of it.

use std::path::PathBuf;

use papo_common::Request;

use crate::core::alerts::Notification;
use crate::core::connect_failure::ConnectFailure;
use crate::core::dialogs::Transcript;
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

//! All that the window shows.

use crate::core::chat::Chat;
use crate::core::dialogs::Dialogs;
use crate::core::preferences::Preferences;
use crate::core::session::Session;
use crate::core::{ConnectForm, Theme};

/// All that the window shows. The view reads it and never changes it.
#[derive(Debug, Default)]
pub struct State {
    /// The phase, and the connection under it.
    pub session: Session,
    /// The choices of the person.
    pub preferences: Preferences,
    /// The look that the desktop prefers: it counts until the person has chosen one.
    pub desktop_theme: Theme,
    /// Fields of the entering window; kept while talking, for the way back.
    pub entering: ConnectForm,
    /// The chat: members, conversations, the text field and the find bar.
    pub chat: Chat,
    /// The open dialogs.
    pub dialogs: Dialogs,
}

impl State {
    /// The look.
    pub fn theme(&self) -> Theme {
        self.preferences.theme.unwrap_or(self.desktop_theme)
    }
}

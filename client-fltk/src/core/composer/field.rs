//! The text field, and the addressee of its text.

use papo_common::Name;

use crate::core::composer::problem::{ComposerError, LimitNote};

/// The text field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composer {
    /// The text in the field.
    pub text: String,
    /// Rises each time the program, not the person, sets `text`: only then does the view write it to the field.
    pub version: u64,
    /// The position of the caret in `text`, in bytes, when the program sets both.
    pub caret: usize,
    /// The addressee of the text, if it is sent now.
    pub mode: Mode,
    /// The error of the last attempt to send the text, shown above the field.
    pub error: Option<ComposerError>,
    /// The use of the limits of a message, for a text near a limit or beyond.
    pub limit: Option<LimitNote>,
}

/// The addressee of the text in the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everybody in the room.
    #[default]
    Public,
    /// The member of that name alone.
    Private(Name),
    /// `@` and the beginning of these names, which Tab completes: it cannot be sent yet.
    Naming(Vec<Name>),
    /// `@nome` of this user: it will not be sent.
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

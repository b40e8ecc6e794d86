//! The text field, and to whom its text would go.

use papo_common::Name;

use crate::core::composer::problem::{ComposerError, LimitNote};

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

//! The sizes of the parts of a conversation, in pixels.

/// The greatest width of text: longer lines are hard to read.
const TEXT_WIDTH: i32 = 640;

/// The space above a message with a head (`HEAD_GAP`), above one without and below a note (`NEXT_GAP`), and around the
/// content of a card (`CARD_PADDING`).
pub(super) const HEAD_GAP: i32 = 8;
pub(super) const NEXT_GAP: i32 = 4;
pub(super) const CARD_PADDING: i32 = 8;
/// The height of a day separator and of the line above new messages.
pub(super) const DAY_HEIGHT: i32 = 44;
pub(super) const NEW_HEIGHT: i32 = 32;
/// The height of the line between the messages from before the user entered and those after.
pub(super) const ENTERED_HEIGHT: i32 = 36;
/// The height of the strip above the first row.
pub(super) const HEAD_HEIGHT: i32 = 40;
/// The free space right of cards and of the line of the new messages.
pub(super) const RIGHT_MARGIN: i32 = 20;

/// The horizontal layout of a conversation of a given width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The width of the conversation.
    pub(super) width: i32,
    /// Whether avatars are left out.
    pub(super) is_narrow: bool,
}

impl Columns {
    /// The left edge of avatars and of the content of cards.
    pub(super) fn avatar(self) -> i32 {
        if self.is_narrow { 12 } else { 16 }
    }

    /// The left edge of text.
    pub(super) fn text(self) -> i32 {
        if self.is_narrow { 12 } else { 60 }
    }

    /// The width at which text is broken into lines.
    pub(super) fn text_width(self) -> i32 {
        TEXT_WIDTH.min(self.width - self.text() - 20).max(40)
    }
}

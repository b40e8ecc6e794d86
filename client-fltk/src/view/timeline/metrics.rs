//! The sizes of what stands in a conversation, in pixels.

/// The widest text: longer lines are hard to read.
const TEXT_WIDTH: i32 = 640;

/// The room above a head, above what follows under it, below a note, and around the content of a card.
pub(super) const HEAD_GAP: i32 = 8;
pub(super) const NEXT_GAP: i32 = 4;
pub(super) const CARD_PADDING: i32 = 8;
/// The height of a day separator and of the line above new messages.
pub(super) const DAY_HEIGHT: i32 = 44;
pub(super) const NEW_HEIGHT: i32 = 32;
/// The height of the line between what was said before the user entered and after.
pub(super) const ENTERED_HEIGHT: i32 = 36;
/// The height of what stands above the first row.
pub(super) const HEAD_HEIGHT: i32 = 40;
/// The free space right of cards and of the line of the new messages.
pub(super) const RIGHT_MARGIN: i32 = 20;

/// Where things stand across a conversation of a given width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The width of the whole.
    pub(super) width: i32,
    /// Without avatars.
    pub(super) is_narrow: bool,
}

impl Columns {
    /// Where avatars and cards' content begin.
    pub(super) fn avatar(self) -> i32 {
        if self.is_narrow { 12 } else { 16 }
    }

    /// Where text begins.
    pub(super) fn text(self) -> i32 {
        if self.is_narrow { 12 } else { 60 }
    }

    /// The widest text.
    pub(super) fn text_width(self) -> i32 {
        TEXT_WIDTH.min(self.width - self.text() - 20).max(40)
    }
}

//! Receipts of own messages.

use papo_common::Text;

use crate::core::{Content, Delivery, Item};

/// A receipt: the server's confirmation of an own message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt<'a> {
    /// The number of the message in the room, if it is public.
    pub(crate) seq: Option<u64>,
    pub(crate) text: &'a Text,
    pub(crate) at: u64,
    /// Whether the addressee is away and will read the message on coming back.
    pub(crate) is_kept: bool,
}

impl Receipt<'_> {
    /// Gives the message the server's text, number and time.
    pub(crate) fn sign(self, item: &mut Item) {
        let Content::Message(said) = &mut item.content else { return };
        (said.text, said.seq, said.reference) = (self.text.clone(), self.seq, None);
        said.delivery = if self.is_kept { Delivery::Kept } else { Delivery::Done };
        item.at = self.at;
    }
}

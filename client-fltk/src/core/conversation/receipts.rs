//! What became of one's own messages.

use papo_common::{MemberId, Number, Text};

use crate::core::conversation::{Conversation, Move};
use crate::core::history::backfill::seq;
use crate::core::notices::Failure;
use crate::core::{ChatMessage, Content, Delivery, Item};

/// What the server says about one's own message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt<'a> {
    /// Its number in the room, if it is public.
    pub(crate) seq: Option<u64>,
    pub(crate) text: &'a Text,
    pub(crate) at: u64,
    /// Whether its addressee is away and will read it on coming back.
    pub(crate) is_kept: bool,
}

impl Conversation {
    /// One's own message has its receipt: it takes the server's text, time and place in the order, which is after
    /// everything that came before the receipt; an old receipt leaves it where it stands. False if no such message waits
    /// here.
    pub(crate) fn confirm(&mut self, reference: Number, receipt: Receipt<'_>) -> bool {
        let newest = || self.items.iter().rev().find_map(seq);
        if receipt.seq.is_some_and(|seq| newest() > Some(seq)) {
            return self.confirm_in_place(reference, receipt);
        }
        let Some(index) = self.waiting(reference) else { return false };
        self.move_to_end(index);
        let last = self.items.len().saturating_sub(1);
        self.take_receipt(last, receipt);
        self.last_said = Some(self.first + last as u64);
        true
    }

    /// The same where the receipt is an old one: the message stays where it stands.
    pub(crate) fn confirm_in_place(&mut self, reference: Number, receipt: Receipt<'_>) -> bool {
        let index = self.waiting(reference);
        index.inspect(|&index| self.take_receipt(index, receipt)).is_some()
    }

    fn take_receipt(&mut self, index: usize, receipt: Receipt<'_>) {
        self.deliver(index, if receipt.is_kept { Delivery::Kept } else { Delivery::Done }, None);
        if let Some(Item { at: sent, content: Content::Message(said), .. }) = self.items.get_mut(index) {
            *sent = receipt.at;
            said.text = receipt.text.clone();
            said.seq = receipt.seq;
        }
    }

    /// The addressee is back: what the server kept has been handed over.
    pub(crate) fn hand_over_kept(&mut self) {
        self.deliver_kept(&Delivery::Done);
    }

    fn deliver_kept(&mut self, delivery: &Delivery) {
        let is_kept = |item: &Item| matches!(&item.content, Content::Message(said) if said.delivery == Delivery::Kept);
        let kept: Vec<usize> =
            (0..self.items.len()).filter(|&index| self.items.get(index).is_some_and(is_kept)).collect();
        for index in kept {
            self.deliver(index, delivery.clone(), None);
        }
    }

    /// What the server kept for the addressee is lost.
    pub(crate) fn fail_kept(&mut self, failure: Failure) {
        self.deliver_kept(&Delivery::Failed(failure));
    }

    /// Marks the message with that number as failed. False if no such message waits here.
    pub(crate) fn fail(&mut self, reference: Number, failure: Failure) -> bool {
        let Some(index) = self.waiting(reference) else { return false };
        self.deliver(index, Delivery::Failed(failure), None);
        true
    }

    /// What was sent and is neither confirmed nor refused.
    pub(crate) fn pending(&self) -> impl Iterator<Item = (Number, &ChatMessage)> {
        let items = self.items.iter().take(if self.unsent == 0 { 0 } else { usize::MAX });
        items.filter_map(|item| match &item.content {
            Content::Message(said) => said.pending().map(|reference| (reference, said)),
            _ => None,
        })
    }

    /// Of what is pending, that which is `lost` will have no receipt. The server may know it all the same.
    pub(crate) fn fail_pending(&mut self, failure: &Failure, lost: impl Fn(&ChatMessage) -> bool) {
        if self.unsent == 0 {
            return;
        }
        for index in 0..self.items.len() {
            if let Some(Content::Message(said)) = self.items.get(index).map(|item| &item.content)
                && let Some(reference) = said.pending().filter(|_| lost(said))
            {
                self.deliver(index, Delivery::Failed(failure.clone()), Some(reference));
            }
        }
    }

    /// A failed message was sent again at `at`, to that one if it is private.
    pub(crate) fn send_again(&mut self, number: u64, reference: Number, to: Option<MemberId>, at: u64) {
        let Some(index) = self.index_of(number) else { return };
        self.deliver(index, Delivery::Pending(reference), Some(reference));
        if let Some(item) = self.items.get_mut(index) {
            item.at = at;
            if let Some(said) = said_mut(item) {
                said.meant_for = to;
            }
        }
    }

    /// A failed message could not be sent again.
    pub(crate) fn fail_again(&mut self, number: u64, failure: Failure) {
        let reference = match self.item(number).map(|item| &item.content) {
            Some(Content::Message(said)) => said.reference,
            _ => return,
        };
        if let Some(index) = self.index_of(number) {
            self.deliver(index, Delivery::Failed(failure), reference);
        }
    }

    fn deliver(&mut self, index: usize, delivery: Delivery, reference: Option<Number>) {
        let Some(said) = self.items.get_mut(index).and_then(said_mut) else { return };
        let was_unsent = std::mem::replace(&mut said.delivery, delivery).is_unsent();
        let is_unsent = said.delivery.is_unsent();
        said.reference = reference;
        self.unsent = self.unsent + usize::from(is_unsent) - usize::from(was_unsent);
        self.touch(index);
    }

    /// Newest first: what waits was sent a moment ago. One that failed for want of a receipt waits too, for a server
    /// that tells of it after all.
    fn waiting(&self, reference: Number) -> Option<usize> {
        let is_it = |item: &Item| matches!(&item.content, Content::Message(said) if said.reference == Some(reference));
        (self.unsent > 0).then(|| self.items.iter().rposition(is_it)).flatten()
    }

    /// The items between take the numbers before their own, so each of those numbers counts as changed.
    pub(crate) fn move_to_end(&mut self, index: usize) {
        let last = self.items.len().saturating_sub(1);
        if index >= last {
            return;
        }
        for i in index..last {
            self.items.swap(i, i + 1);
            self.exchange_revisions(i);
        }
        let moved = Move { from: self.first + index as u64, to: self.first + last as u64 };
        self.moves.add(moved);
        self.new_from = self.new_from.map(|number| if number > moved.from { number - 1 } else { number });
    }

    /// After a swap of item `i` with its successor: a revision belongs to the number, not to what stands there.
    fn exchange_revisions(&mut self, i: usize) {
        let (Some(one), Some(two)) = (self.items.get(i), self.items.get(i + 1)) else { return };
        let (left, right) = (two.revision, one.revision);
        if let Some(item) = self.items.get_mut(i) {
            item.revision = left;
        }
        if let Some(item) = self.items.get_mut(i + 1) {
            item.revision = right;
        }
        self.touch(i);
    }
}

fn said_mut(item: &mut Item) -> Option<&mut ChatMessage> {
    match &mut item.content {
        Content::Message(said) => Some(said),
        _ => None,
    }
}

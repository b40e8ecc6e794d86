//! Delivery of own messages: the outbox, receipts, and sending again.

use std::collections::HashSet;

use papo_common::{MemberId, Request, SafeInteger, Text, Welcome};

use crate::core::history::resume::ResumePoint;
use crate::core::model::Model;
use crate::core::notices::{Failure, LocalNotice};
use crate::core::{ChatMessage, Content, Delivery, Effect, Item, ItemId, Phase, Timeline};

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
    fn sign(self, item: &mut Item) {
        let Content::Message(said) = &mut item.content else { return };
        (said.text, said.seq, said.reference) = (self.text.clone(), self.seq, None);
        said.delivery = if self.is_kept { Delivery::Kept } else { Delivery::Done };
        item.at = self.at;
    }
}

impl Timeline {
    /// Confirms the message with that reference: it leaves the outbox for its place in the order, unless it is kept for
    /// an addressee who is away. False if no such message waits here.
    pub(crate) fn confirm(&mut self, reference: SafeInteger, receipt: Receipt<'_>) -> bool {
        let Some(index) = self.waiting(reference) else { return false };
        if receipt.is_kept {
            self.edit_outbox(index, |item| receipt.sign(item));
        } else {
            let place = receipt.seq.map_or(self.confirmed.len(), |seq| self.place_of(seq));
            self.settle(index, place, |item| receipt.sign(item));
        }
        true
    }

    /// Confirms a message likewise, and takes it out of the timeline: its place is known already.
    pub(crate) fn take_confirmed_by(&mut self, reference: SafeInteger, receipt: Receipt<'_>) -> Option<Item> {
        let index = self.waiting(reference)?;
        let mut item = self.outbox.remove(index)?;
        self.journal.record(self.confirmed.len() + index, 1, 0);
        receipt.sign(&mut item);
        Some(item)
    }

    /// Marks the message with that reference as refused. False if no such message waits here.
    pub(crate) fn fail(&mut self, reference: SafeInteger, failure: Failure) -> bool {
        let index = self.waiting(reference);
        index.map(|index| self.deliver(index, Delivery::Failed(failure), None)).is_some()
    }

    /// The messages that were sent and are neither confirmed nor refused.
    pub(crate) fn pending(&self) -> impl Iterator<Item = (SafeInteger, &ChatMessage)> {
        self.outbox.iter().filter_map(Item::message).filter_map(|said| Some((said.pending()?, said)))
    }

    /// Fails the pending messages that are `lost`: they will have no receipt. The server may know them all the same.
    pub(crate) fn fail_pending(&mut self, failure: &Failure, lost: impl Fn(&ChatMessage) -> bool) {
        for index in 0..self.outbox.len() {
            let said = self.outbox.get(index).and_then(Item::message).filter(|said| lost(said));
            if let Some(reference) = said.and_then(ChatMessage::pending) {
                self.deliver(index, Delivery::Failed(failure.clone()), Some(reference));
            }
        }
    }

    /// Confirms the kept messages: the addressee is back, and the server has handed them over.
    pub(crate) fn hand_over_kept(&mut self) {
        for (settled, index) in self.kept().into_iter().enumerate() {
            let deliver = |said: &mut ChatMessage| said.delivery = Delivery::Done;
            self.settle(index - settled, self.confirmed.len(), |item| item.edit_message(deliver));
        }
    }

    /// Fails the kept messages: their addressee will never get them.
    pub(crate) fn fail_kept(&mut self, failure: &Failure) {
        for index in self.kept() {
            self.deliver(index, Delivery::Failed(failure.clone()), None);
        }
    }

    /// Whether anything waits here for a receipt, for its reader, or for the user's decision.
    pub(crate) fn has_unsent(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// The message of that item, if it failed.
    fn failed(&self, id: ItemId) -> Option<&ChatMessage> {
        let is_failed = |said: &&ChatMessage| matches!(said.delivery, Delivery::Failed(_));
        self.outbox.get(self.index_in_outbox(id)?)?.message().filter(is_failed)
    }

    /// Marks a failed message as sent again at `at`, to that person if it is private.
    fn send_again(&mut self, id: ItemId, reference: SafeInteger, to: Option<MemberId>, at: u64) {
        let Some(index) = self.index_in_outbox(id) else { return };
        self.edit_outbox(index, |item| {
            item.at = at;
            item.edit_message(|said| {
                (said.delivery, said.reference) = (Delivery::Pending(reference), Some(reference));
                said.meant_for = to;
            });
        });
    }

    /// Sets the new failure of a failed message that could not be sent again.
    fn fail_again(&mut self, id: ItemId, failure: Failure) {
        let Some(index) = self.index_in_outbox(id) else { return };
        let reference = self.outbox.get(index).and_then(Item::message).and_then(|said| said.reference);
        self.deliver(index, Delivery::Failed(failure), reference);
    }

    /// Gives a failed message up: it becomes a notice with that time.
    fn discard(&mut self, id: ItemId, at: u64) {
        let Some(index) = self.index_in_outbox(id) else { return };
        self.settle(index, self.confirmed.len(), |item| {
            (item.at, item.content) = (at, Content::LocalNotice(LocalNotice::Discarded));
        });
    }

    fn index_in_outbox(&self, id: ItemId) -> Option<usize> {
        self.outbox.iter().position(|item| item.id == id)
    }

    fn kept(&self) -> Vec<usize> {
        let is_kept = |item: &Item| item.message().is_some_and(|said| said.delivery == Delivery::Kept);
        self.outbox.iter().enumerate().filter(|(_, item)| is_kept(item)).map(|(index, _)| index).collect()
    }

    /// The index in the outbox of the message with that reference. One that failed for want of a receipt counts too:
    /// the server may tell of it after all.
    fn waiting(&self, reference: SafeInteger) -> Option<usize> {
        let is_it = |item: &Item| item.message().is_some_and(|said| said.reference == Some(reference));
        self.outbox.iter().rposition(is_it)
    }

    fn deliver(&mut self, index: usize, delivery: Delivery, reference: Option<SafeInteger>) {
        let change = |said: &mut ChatMessage| (said.delivery, said.reference) = (delivery, reference);
        self.edit_outbox(index, |item| item.edit_message(change));
    }

    fn edit_outbox(&mut self, index: usize, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.outbox.get_mut(index) {
            change(item);
            self.journal.record(self.confirmed.len() + index, 1, 1);
        }
    }

    /// Moves an item of the outbox to the confirmed ones, changed.
    fn settle(&mut self, index: usize, place: usize, change: impl FnOnce(&mut Item)) {
        let Some(mut item) = self.outbox.remove(index) else { return };
        change(&mut item);
        let before = self.confirmed.len() + index;
        self.confirmed.insert(place, item);
        if place == before {
            self.journal.record(place, 1, 1);
        } else {
            self.journal.record(before, 1, 0);
            self.journal.record(place, 0, 1);
        }
    }

    /// The index for the message with that number of the room: below everything that came before its receipt, above
    /// items with a higher number. A gap that contains the number is divided.
    fn place_of(&mut self, seq: u64) -> usize {
        let mut place = self.confirmed.len();
        for (index, item) in self.confirmed.iter().enumerate().rev() {
            match &item.content {
                Content::Gap(gap) if gap.contains(seq) => {
                    let (at, (above, below)) = (item.at, gap.divided_at(seq));
                    return self.divide_gap(index, at, above.map(Content::Gap), below.map(Content::Gap));
                }
                Content::Gap(gap) if gap.is_after(seq) => place = index,
                Content::Message(said) if said.seq.is_some_and(|other| other > seq) => place = index,
                Content::Message(said) if said.seq.is_some() => break,
                _ => {}
            }
        }
        place
    }

    /// Replaces a gap by its two parts; the index between them.
    fn divide_gap(&mut self, index: usize, at: u64, above: Option<Content>, below: Option<Content>) -> usize {
        match below {
            Some(below) => self.edit(index, |item| item.content = below),
            None => drop(self.take_confirmed(index)),
        }
        let Some(above) = above else { return index };
        self.insert_confirmed(index, Item::new(at, above));
        index + 1
    }
}

/// The server's memory of this session, as a welcome tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Remembered {
    /// Whether the server knows the references of the public messages.
    public: bool,
    /// Whether it knows those of the private messages too, because it was not started anew since.
    private: bool,
}

impl Remembered {
    /// Public messages and their references outlive the server's run where it keeps history; private ones and theirs do
    /// not. It is unknown which of those arrived in another run, so that none may be sent again: it may have been read.
    pub(crate) fn by(heard: &ResumePoint, welcome: &Welcome) -> Remembered {
        let public = welcome.resumed;
        Remembered { public, private: public && welcome.run.is_some() && welcome.run == heard.run }
    }

    fn knows(self, said: &ChatMessage) -> bool {
        if said.private_to.is_some() { self.private } else { self.public }
    }
}

impl Model {
    /// The most messages that are sent again by themselves on coming back; the user is asked about the others.
    const MAX_RESENT: usize = 128;

    /// Settles the pending messages after coming back, once the missed events have been handled. They are sent again
    /// under their own references, so that the server says nothing twice. Messages that the server does not know any
    /// more are given up, and so are those that would reach another person than they were written to.
    pub(crate) fn settle_pending(&mut self, remembered: Remembered) {
        let misled = self.pending().filter(|(_, said)| self.would_reach_another(said));
        let misled: HashSet<SafeInteger> = misled.map(|(reference, _)| reference).collect();
        self.fail_pending(&Failure::NotConfirmed, |said| !remembered.knows(said));
        self.fail_pending(&Failure::AnotherAddressee, |said| said.reference.is_some_and(|it| misled.contains(&it)));
        let mut again: Vec<(SafeInteger, Request)> =
            self.pending().map(|(reference, said)| (reference, said.request(reference))).collect();
        again.sort_by_key(|(reference, _)| *reference);
        if let Some(&(surplus, _)) = again.get(Model::MAX_RESENT) {
            again.truncate(Model::MAX_RESENT);
            self.fail_pending(&Failure::NotConfirmed, |said| said.reference >= Some(surplus));
        }
        for (_, request) in again {
            self.request(Effect::Send(request));
        }
    }

    /// Fails all pending messages: the session is over, and there will be no receipts.
    pub(crate) fn give_up_pending(&mut self) {
        self.fail_pending(&Failure::NotConfirmed, |_| true);
    }

    /// Sends that failed message of the conversation shown again.
    pub(crate) fn retry(&mut self, id: ItemId) {
        let Some(said) = self.shown_timeline().and_then(|it| it.failed(id)).cloned() else { return };
        let (again, at) = (self.request_again(&said), self.clock.time(self.now));
        // The message goes to the member who has that name now: the conversation says above if that may be another
        // person.
        let meant_for = said.private_to.as_ref().and_then(|name| self.roster.partner(name));
        let Some(conversation) = self.state.shown_mut() else { return };
        match again {
            Ok((reference, request)) => {
                conversation.timeline.send_again(id, reference, meant_for, at);
                self.request(Effect::Send(request));
            }
            Err(failure) => conversation.timeline.fail_again(id, failure),
        }
    }

    /// Gives that failed message of the conversation shown up.
    pub(crate) fn discard(&mut self, id: ItemId) {
        let is_failed = self.shown_timeline().is_some_and(|it| it.failed(id).is_some());
        let at = self.clock.time(self.now);
        if let Some(conversation) = self.state.shown_mut().filter(|_| is_failed) {
            conversation.timeline.discard(id, at);
        }
    }

    fn shown_timeline(&self) -> Option<&Timeline> {
        self.state.shown().map(|it| &it.timeline)
    }

    pub(crate) fn pending(&self) -> impl Iterator<Item = (SafeInteger, &ChatMessage)> {
        self.state.conversations.iter().flat_map(|it| it.timeline.pending())
    }

    pub(crate) fn fail_pending(&mut self, failure: &Failure, lost: impl Fn(&ChatMessage) -> bool) {
        self.state.conversations.iter_mut().for_each(|it| it.timeline.fail_pending(failure, &lost));
    }

    /// Whether the message would reach another member: the server is told only a name, which may have changed hands.
    fn would_reach_another(&self, said: &ChatMessage) -> bool {
        let there = said.private_to.as_ref().and_then(|name| self.person(name));
        there.zip(said.meant_for).is_some_and(|(there, meant)| there.id != meant)
    }

    fn request_again(&mut self, said: &ChatMessage) -> Result<(SafeInteger, Request), Failure> {
        if self.state.phase != Phase::Talking {
            return Err(Failure::NotConnected);
        }
        // Within a session the server recognizes a reference, so that a message that did arrive is not said twice.
        let known = said.reference.filter(|reference| reference.value() > self.references_before_session);
        let reference = known.unwrap_or_else(|| self.next_reference());
        Ok((reference, said.request(reference)))
    }
}

//! Sending: own messages on their way to the server, again too.

use papo_common::{Name, Request, SafeInteger, Text};

use crate::core::clock::Clock;
use crate::core::conversations::Conversations;
use crate::core::effect::Effects;
use crate::core::notices::{Failure, LocalNotice};
use crate::core::roster::Roster;
use crate::core::{ChatMessage, Content, Conversation, Delivery, ItemId};

/// The references under which messages are sent: they rise for as long as the program runs, so that none is ever used
/// again in a session.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    /// The last reference.
    pub(crate) last: u64,
    /// The last one of an earlier session; the server knows neither it nor any lower one.
    before_session: u64,
}

impl Sending {
    /// The most messages that are sent again by themselves on coming back; the user is asked about the others.
    const MAX_RESENT: usize = 128;

    /// Another session begins, in which the server knows no reference.
    pub(crate) fn begin_session(&mut self) {
        self.before_session = self.last;
    }

    /// Says something to the room or in private, which then is the first of the private conversations.
    pub(crate) fn say(
        &mut self,
        (to, text): (Option<Name>, Text),
        conversations: &mut Conversations,
        roster: &Roster,
        clock: &Clock,
        effects: &mut Effects,
    ) {
        let Some(me) = &roster.me else { return };
        let (reference, at) = (self.next(), clock.server_time());
        let conversation = match &to {
            None => &mut conversations.room,
            Some(name) => conversations.raise(name, roster.id_of(name, clock.now)),
        };
        let said = ChatMessage {
            mine: true,
            meant_for: conversation.partner,
            private_to: to.clone(),
            delivery: Delivery::Pending(reference),
            reference: Some(reference),
            ..ChatMessage::new(me.name.clone(), text)
        };
        effects.send(said.request(reference));
        conversation.end_new();
        conversation.push(at, Content::Message(said));
        let place = conversation.place.clone();
        // The message stands in a conversation of its own; here only that it went out.
        if let Some(name) = to.filter(|_| place != conversations.place) {
            conversations.shown_mut().note(at, LocalNotice::Whispered(name));
        }
    }

    /// Sends that failed message of a conversation again, if there is a connection: to the member who has that name now,
    /// for the conversation says above if that may be another person. Within a session the server recognizes a reference,
    /// so that a message that did arrive is not said twice.
    pub(crate) fn retry(
        &mut self,
        id: ItemId,
        shown: &mut Conversation,
        at: u64,
        is_talking: bool,
        effects: &mut Effects,
    ) {
        let Some(said) = shown.timeline.failed(id) else { return };
        if !is_talking {
            let fail = |said: &mut ChatMessage| said.delivery = Delivery::Failed(Failure::NotConnected);
            return shown.timeline.edit_failed(id, |item| item.edit_message(fail));
        }
        let known = said.reference.filter(|reference| reference.value() > self.before_session);
        let reference = known.unwrap_or_else(|| self.next());
        effects.send(said.request(reference));
        let partner = shown.partner;
        shown.timeline.edit_failed(id, |item| {
            item.at = at;
            item.edit_message(|said| {
                (said.delivery, said.reference) = (Delivery::Pending(reference), Some(reference));
                said.meant_for = partner;
            });
        });
    }

    /// Settles the pending messages after coming back, once the missed events have been handled. They are sent again
    /// under their own references, so that the server says nothing twice. Messages that the server does not know any
    /// more are given up, and so are those that would reach another person than they were written to: the server is told
    /// only a name, which may have changed hands.
    pub(crate) fn settle(
        conversations: &mut Conversations,
        roster: &Roster,
        is_remembered: impl Fn(&ChatMessage) -> bool,
        effects: &mut Effects,
    ) {
        let would_reach_another = |said: &ChatMessage| {
            let there = said.private_to.as_ref().and_then(|name| roster.find(name));
            there.zip(said.meant_for).is_some_and(|(there, meant)| there.id != meant)
        };
        conversations.fail_pending(&Failure::NotConfirmed, |said| !is_remembered(said));
        conversations.fail_pending(&Failure::AnotherAddressee, would_reach_another);
        let mut again: Vec<(SafeInteger, Request)> =
            conversations.pending().map(|(reference, said)| (reference, said.request(reference))).collect();
        again.sort_by_key(|(reference, _)| *reference);
        if let Some(&(surplus, _)) = again.get(Sending::MAX_RESENT) {
            again.truncate(Sending::MAX_RESENT);
            conversations.fail_pending(&Failure::NotConfirmed, |said| said.reference >= Some(surplus));
        }
        for (_, request) in again {
            effects.send(request);
        }
    }

    fn next(&mut self) -> SafeInteger {
        self.last += 1;
        SafeInteger::new(self.last).unwrap_or(SafeInteger::MAX)
    }
}

//! A message that did not arrive: sent again, or given up.

use papo_common::{Number, Request};

use crate::core::model::Model;
use crate::core::notices::{Failure, LocalNotice};
use crate::core::{ChatMessage, Content, Delivery, Effect, Item, Phase};

impl Model {
    /// Sends the failed message with that number in the conversation shown again.
    pub(crate) fn retry(&mut self, number: u64, now: u64) {
        let Some(said) = self.failed(number).cloned() else { return };
        let again = self.request_again(&said);
        // Whoever is there by that name now: the conversation says above if that may be another person.
        let meant_for = said.private_to.as_ref().and_then(|name| self.peers.get(name).copied());
        let place = self.state.place.clone();
        let Some(conversation) = self.conversation_mut(&place) else { return };
        match again {
            Ok((reference, request)) => {
                conversation.send_again(number, reference, meant_for, now);
                self.request(Effect::Send(request));
            }
            Err(failure) => conversation.fail_again(number, failure),
        }
    }

    /// Gives the failed message with that number up. Its place stays, so that nothing else moves.
    pub(crate) fn discard(&mut self, number: u64) {
        let is_failed = self.failed(number).is_some();
        let place = self.state.place.clone();
        if let Some(conversation) = self.conversation_mut(&place).filter(|_| is_failed) {
            conversation.replace(number, Content::LocalNotice(LocalNotice::Discarded));
        }
    }

    fn failed(&self, number: u64) -> Option<&ChatMessage> {
        let shown = self.state.conversations.iter().find(|it| it.place == self.state.place)?;
        match shown.item(number)? {
            Item { content: Content::Message(said), .. } if matches!(said.delivery, Delivery::Failed(_)) => Some(said),
            _ => None,
        }
    }

    fn request_again(&mut self, said: &ChatMessage) -> Result<(Number, Request), Failure> {
        if self.state.phase != Phase::Talking {
            return Err(Failure::NotConnected);
        }
        // Within a session the server knows a number again: what did arrive is not said a second time.
        let known = said.reference.filter(|reference| reference.value() > self.references_before_session);
        let reference = known.unwrap_or_else(|| self.next_reference());
        Ok((reference, said.request(reference)))
    }
}

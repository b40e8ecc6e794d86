//! Public messages: each is sent once, however often a client repeats its request.

use papo_common::{Event, Message, Text};

use super::channel::Channel;
use super::draft::{Draft, Rejection};
use super::effects::{Effects, Record};
use super::member::Member;
use super::members::Members;
use super::session::Receipt;

/// Sends a draft to all. A draft that was sent before is shown to its sender alone, with the number that it got then.
pub(super) fn say(
    draft: &Draft<'_>,
    members: &mut Members,
    channel: &mut Channel,
    effects: &mut Effects,
) -> Result<(), Rejection> {
    let Some(sender) = members.get_mut(draft.from) else { return Ok(()) };
    match draft.receipt(sender)? {
        Some(Receipt::Public { seq, at }) => {
            let message = message(draft, sender, draft.clean(sender)?, (seq, at));
            effects.send(sender.connection, Event::Message(message));
        }
        Some(Receipt::Private { .. }) => return Err(Rejection::Malformed),
        None => {
            let (seq, at) = (channel.backlog.seq() + 1, draft.at);
            let message = message(draft, sender, draft.check(sender)?, (seq, at));
            sender.add_receipt(draft.reference, || Receipt::Public { seq, at });
            channel.backlog.push(message.clone());
            effects.record(|| Record::Message(message.clone()));
            effects.broadcast(Some(sender.connection), Event::Message(message));
        }
    }
    Ok(())
}

fn message(draft: &Draft<'_>, sender: &Member, text: Text, (seq, at): (u64, u64)) -> Message {
    Message { seq, from: sender.name.clone(), id: sender.id, text, at, reference: draft.reference }
}

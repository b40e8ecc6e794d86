//! Private messages: to a member, or to a person away whose name is reserved. Each is sent once, however often a client
//! repeats its request.

use papo_common::limits::MAX_NAME;
use papo_common::{Dialect, Event, LineBreaks, Private, Text};

use super::directory::Directory;
use super::draft::{Draft, Rejection};
use super::effects::Effects;
use super::session::Receipt;

/// Sends a draft to the person called `to`. A draft that was sent before is shown to its sender alone, as it was then.
pub(super) fn send(
    draft: &Draft<'_>,
    to: &str,
    directory: &mut Directory,
    effects: &mut Effects,
) -> Result<(), Rejection> {
    let Some(sender) = directory.members.get(draft.from) else { return Ok(()) };
    let (from, id, reference) = (sender.name.clone(), sender.id, draft.reference);
    match draft.receipt(sender)? {
        Some(Receipt::Private { pseq, to, at, away }) => {
            let text = draft.clean(sender)?;
            effects.send(sender.connection, Event::Private(Private { pseq, from, id, to, text, at, reference, away }));
        }
        Some(Receipt::Public { .. }) => return Err(Rejection::Malformed),
        None => {
            let to = directory.resolve(to).ok_or_else(|| Rejection::NoSuchUser(shown(to)))?.clone();
            if to == from {
                return Err(Rejection::ToOneself);
            }
            let (text, at) = (draft.check(sender)?, draft.at);
            let mut private = Private { pseq: 0, from, id, to, text, at, reference, away: false };
            private.away = deliver(&private, directory, effects);
            send_receipt(draft, private, directory, effects);
        }
    }
    Ok(())
}

/// Gives a private message to its addressee; true if that is away and will be given it on coming back.
fn deliver(private: &Private, directory: &mut Directory, effects: &mut Effects) -> bool {
    if let Some(reservation) = directory.reservations.find_mut(&private.to) {
        reservation.state.get_or_insert_default().store_private(private.clone());
        return true;
    }
    let key = directory.members.named(&private.to);
    if let Some(member) = key.and_then(|key| directory.members.get_mut(key)) {
        let private = member.store_private(private.clone());
        effects.send(member.connection, Event::Private(private));
    }
    false
}

/// Shows a private message to its sender, where the sender's dialect has that.
fn send_receipt(draft: &Draft<'_>, private: Private, directory: &mut Directory, effects: &mut Effects) {
    let sender = directory.members.get_mut(draft.from).filter(|sender| sender.dialect == Dialect::Json);
    let Some(sender) = sender else { return };
    let private = sender.store_private(private);
    let Private { pseq, at, away, .. } = private;
    sender.add_receipt(private.reference, || Receipt::Private { pseq, to: private.to.clone(), at, away });
    effects.send(sender.connection, Event::Private(private));
}

/// A name as typed, as far as an answer repeats it.
fn shown(typed: &str) -> String {
    let name = Text::clean(typed, LineBreaks::Space);
    name.map(|name| name.as_str().chars().take(MAX_NAME).collect()).unwrap_or_default()
}

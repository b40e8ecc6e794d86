//! The conversations as plain text, for a file.

use std::fmt::{self, Display, Write as _};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::core::{ChatMessage, Content, Conversation, ConversationId, Delivery, Item, State};
use crate::strings::{notices, transcript as strings, window};

/// All that was said, conversation by conversation, with the times of `zone`.
pub fn transcript(state: &State, zone: &TimeZone) -> String {
    let mut text = String::new();
    for conversation in state.chat.conversations.iter() {
        // Writing to memory cannot fail.
        let _ = write_conversation(conversation, zone, &mut text);
    }
    text
}

/// What was said in one conversation.
pub fn transcript_of(conversation: &Conversation, zone: &TimeZone) -> String {
    let mut text = String::new();
    // Writing to memory cannot fail.
    let _ = write_conversation(conversation, zone, &mut text);
    text
}

fn write_conversation(conversation: &Conversation, zone: &TimeZone, out: &mut String) -> fmt::Result {
    if !out.is_empty() {
        writeln!(out)?;
    }
    match &conversation.place {
        ConversationId::Room => writeln!(out, "== {} ==", window::ROOM)?,
        ConversationId::Direct(name) => writeln!(out, "== {} ==", strings::private(name))?,
    }
    if conversation.past.may_be_more() {
        writeln!(out, "{}", strings::OLDER_MISSING)?;
    } else if conversation.is_cut {
        writeln!(out, "{}", strings::OLDER_DROPPED)?;
    }
    conversation.timeline.items().try_for_each(|item| write_item(item, zone, out))
}

fn write_item(item: &Item, zone: &TimeZone, out: &mut String) -> fmt::Result {
    let at = time(item.at, zone);
    match &item.content {
        Content::Message(said) => writeln!(out, "[{at}] {}", line(said)),
        Content::Announcement(text) => writeln!(out, "[{at}] {}: {}", window::NOTICE, indented(text)),
        Content::JoinMarker => Ok(()),
        Content::Gap(_) => writeln!(out, "[{at}] {}", notices::MISSED_MESSAGES),
        Content::LocalNotice(notice) => writeln!(out, "[{at}] {}", notices::notice(notice)),
        Content::Presence(run) => {
            run.iter().try_for_each(|it| writeln!(out, "[{}] {}", time(it.at, zone), strings::passed(it)))
        }
    }
}

fn line(said: &ChatMessage) -> String {
    format!("{}: {}{}", said.from, indented(&said.text), delivery(&said.delivery))
}

/// The words behind a message about its delivery; none if it arrived.
pub fn delivery(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Done => String::new(),
        Delivery::Kept => strings::KEPT.to_owned(),
        Delivery::Pending(_) => strings::PENDING.to_owned(),
        Delivery::Failed(failure) => strings::failed(&notices::failure(failure)),
    }
}

/// Only what begins at the margin is a new entry: nobody can fake one with a line break.
pub fn indented(text: impl Display) -> String {
    text.to_string().replace('\n', "\n    ")
}

fn time(at: u64, zone: &TimeZone) -> String {
    let Ok(timestamp) = Timestamp::from_millisecond(at as i64) else { return "?".to_owned() };
    timestamp.to_zoned(zone.clone()).strftime("%d/%m/%Y %H:%M:%S").to_string()
}

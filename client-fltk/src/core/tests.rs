//! Stories and tables about the model, without a display, a socket or a clock.

mod alerting;
mod any_order;
mod dialogs;
mod entering;
mod finding;
mod foreign;
mod gap;
mod imports;
mod input;
mod leaving;
mod lesson;
mod overdue;
mod past;
mod resending;
mod retrying;
mod scale;
mod showing;
mod talking;

use std::net::SocketAddr;

use papo_common::{
    CloseReason, ErrorReason, Event, Hello, Limits, LogId, MemberId, Message as Spoken, Name, Notice, Private, Refusal,
    Request, RunId, SafeInteger, SessionSecret, Text, User, Welcome,
};

use super::*;
use crate::core::dialogs::PathAnswer;
use crate::core::message::Message;
use crate::core::preferences::Preferences;
use crate::net::{ConnectError, Permit, Report};
use crate::strings::{self, connecting, notices};

const NOW: u64 = 1_700_000_000_000;
const ANA: u128 = 1;
const BIA: u128 = 2;
const CAIO: u128 = 3;

/// A model that a test drives, the effects it asked for, and the time.
struct Story {
    model: Model,
    effects: Vec<Effect>,
    now: u64,
}

impl Story {
    fn new() -> Story {
        let model = model_with(Preferences::default());
        let mut story = Story { model, effects: Vec::new(), now: NOW };
        story.update(Message::Front(true));
        story.update(Message::ViewingEnd(true));
        story
    }

    /// Ana is in the room with bia and caio.
    fn talking() -> Story {
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.event(welcome(&[("ana", ANA), ("bia", BIA), ("caio", CAIO)]));
        story.effects.clear();
        story
    }

    fn update(&mut self, message: Message) {
        self.model.update(message, self.now);
        self.effects.extend(std::iter::from_fn(|| self.model.next_effect()));
    }

    fn enter(&mut self, server: &str, name: &str) {
        self.update(Message::Enter { server: server.to_owned(), name: name.to_owned() });
    }

    fn report(&mut self, report: Report) {
        self.update(Message::Network { connection: self.state().session.connection(), report });
    }

    /// Delivers an event. A welcome without a last number gets that of a server that has lost nothing.
    fn event(&mut self, mut event: Event) {
        if let Event::Welcome(welcome) = &mut event
            && welcome.seq == 0
        {
            let told = welcome.history.iter().filter_map(|event| match event {
                Event::Message(message) => Some(message.seq),
                _ => None,
            });
            welcome.seq = told.chain([self.state().chat.history.resume.seq]).max().unwrap_or_default();
        }
        self.report(event.into());
    }

    fn send(&mut self, text: &str) {
        self.type_text(text);
        self.update(Message::Send);
    }

    fn tick(&mut self, seconds: usize) {
        (0..seconds).for_each(|_| self.update(Message::Tick));
    }

    fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The requests among the effects since last asked.
    fn requests(&mut self) -> Vec<Request> {
        let requests = self.effects().into_iter().filter_map(|effect| match effect {
            Effect::Send(request) => Some(request),
            _ => None,
        });
        requests.collect()
    }

    /// A second passes.
    fn second(&mut self) {
        self.now += 1_000;
        self.update(Message::Tick);
    }

    /// The field as a person sees it, `|` for the caret where the program has set it.
    fn field(&self) -> String {
        let composer = &self.state().chat.composer;
        let mut text = composer.text.clone();
        text.insert(composer.caret, '|');
        text
    }

    fn type_text(&mut self, text: &str) {
        self.update(Message::TextEdited(text.to_owned()));
    }

    /// The sentences shown in an alert, or in a dialog about the end of the chat.
    fn alerts(&mut self) -> Vec<String> {
        let failures = self.effects().into_iter().filter_map(|effect| match effect {
            Effect::ConnectionFailed(failure) => Some(strings::connecting::failure(&failure)),
            _ => None,
        });
        let ending = self.state().dialogs.shown().and_then(|dialog| match dialog {
            Dialog::ChatEnded { ending, .. } => Some(strings::connecting::ending(&ending)),
            _ => None,
        });
        failures.chain(ending).collect()
    }

    /// Saves the conversation shown.
    fn save(&mut self, path: &str) {
        self.update(Message::SaveConversation);
        let number = self.number();
        self.update(Message::PathAnswered { number, answer: PathAnswer::Chosen(path.into()) });
        self.update(Message::Written { number, path: path.into(), problem: None });
    }

    /// The number of what was asked to be saved last.
    fn number(&self) -> u64 {
        self.state().dialogs.last
    }

    fn state(&self) -> &State {
        self.model.state()
    }

    fn phase(&self) -> &Phase {
        &self.state().session.phase
    }

    fn items(&self, place: &ConversationId) -> Vec<&Content> {
        let conversation = self.state().chat.conversations.get(place);
        conversation.into_iter().flat_map(|it| it.timeline.items()).map(|item| &item.content).collect()
    }

    /// The texts in a place, each with `…` while pending and `!` if failed; `+2-1` for two who came and one who went.
    fn lines(&self, place: &ConversationId) -> Vec<String> {
        let line = |content: &Content| match content {
            Content::Message(said) => {
                let mark = match said.delivery {
                    Delivery::Pending(_) => "…",
                    Delivery::Done => "",
                    Delivery::Kept => "~",
                    Delivery::Failed(_) => "!",
                };
                format!("{}: {}{mark}", said.from, said.text)
            }
            Content::Presence(run) => {
                let parts = run.chunk_by(|one, next| one.came == next.came);
                let counted =
                    |part: &[PresenceChange]| format!("{}{}", if part[0].came { '+' } else { '-' }, part.len());
                parts.map(counted).collect::<Vec<_>>().concat()
            }
            Content::Announcement(text) => format!("* {text}"),
            Content::Gap(_) => "?".to_owned(),
            Content::LocalNotice(notice) => format!("({})", notices::notice(notice)),
            Content::JoinMarker => "---".to_owned(),
        };
        self.items(place).into_iter().map(line).collect()
    }

    /// The message with that text.
    fn said(&self, place: &ConversationId, said: &str) -> ItemId {
        let is_it = |content: &&Content| matches!(content, Content::Message(it) if it.text.as_str() == said);
        let index = self.items(place).iter().position(is_it).expect("said");
        self.nth(place, index)
    }

    /// The item at that index; an identity that no item has if there is none.
    fn nth(&self, place: &ConversationId, index: usize) -> ItemId {
        let conversation = self.state().chat.conversations.get(place).expect("a place");
        conversation.timeline.get(index).map_or_else(ItemId::fresh, |item| item.id)
    }

    /// The index of the item below the line for new messages in the room.
    fn line_of_new(&self) -> Option<usize> {
        let room = &self.state().chat.conversations.room;
        room.timeline.position(room.new_from?)
    }

    fn error(&self) -> String {
        self.state().chat.composer.error.as_ref().map(strings::composer::error).unwrap_or_default()
    }

    fn unread(&self) -> Vec<(String, usize)> {
        let name = |place: &ConversationId| match place {
            ConversationId::Room => "sala".to_owned(),
            ConversationId::Direct(name) => name.to_string(),
        };
        self.state().chat.conversations.iter().map(|it| (name(&it.place), it.unread)).collect()
    }
}

fn model_with(preferences: Preferences) -> Model {
    Model::new(preferences, Prefill::default(), notices::notice)
}

/// The note about the limits at the text field, if there is one, and whether it says that the text is too long.
fn limit_note(story: &Story) -> Option<(String, bool)> {
    let note = story.state().chat.composer.limit.as_ref();
    note.map(|note| (strings::composer::limit_note(note), note.is_over()))
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn with(text: &str) -> ConversationId {
    ConversationId::Direct(name(text))
}

fn text(raw: &str) -> Text {
    Text::clean(raw, papo_common::LineBreaks::Keep).expect("a text")
}

fn addr(id: u128) -> SocketAddr {
    SocketAddr::from(([192, 168, 0, id as u8], 50_000))
}

fn welcome(users: &[(&str, u128)]) -> Event {
    let user = |&(name_, id): &(&str, u128)| User { name: name(name_), id: MemberId::from_random(id), addr: addr(id) };
    let (run, log, session) = (RunId::from_random(7), LogId::from_random(7), SessionSecret::from_random(7));
    let welcome = Welcome::first(user(&users[0]), run, log, session, users.iter().map(user).collect());
    Event::Welcome(Box::new(Welcome { limits: Limits { text: 100, lines: 5, ..Limits::default() }, ..welcome }))
}

fn joined(who: &str, id: u128) -> Event {
    Event::Joined { name: name(who), id: MemberId::from_random(id), addr: addr(id), at: NOW }
}

fn left(who: &str, id: u128) -> Event {
    Event::Left { name: name(who), id: MemberId::from_random(id), at: NOW }
}

/// A notice of the operator, given after that message.
fn notice(raw: &str, after: u64) -> Event {
    Event::Notice(Notice { text: text(raw), at: NOW + after, after: Some(after), log: None })
}

fn said(who: &str, id: u128, raw: &str, reference: Option<u64>) -> Event {
    Event::Message(Spoken {
        seq: 1,
        from: name(who),
        id: MemberId::from_random(id),
        text: text(raw),
        at: NOW,
        reference: reference.and_then(SafeInteger::new),
    })
}

fn whispered(who: &str, id: u128, to: &str, raw: &str, reference: Option<u64>) -> Event {
    Event::Private(Private {
        pseq: 1,
        from: name(who),
        id: MemberId::from_random(id),
        to: name(to),
        text: text(raw),
        at: NOW,
        reference: reference.and_then(SafeInteger::new),
        away: false,
    })
}

fn say(reference: u64, text: &str) -> Request {
    Request::Say { reference: SafeInteger::new(reference), text: text.to_owned() }
}

fn private(reference: u64, to: &str, text: &str) -> Request {
    Request::Private { reference: SafeInteger::new(reference), to: to.to_owned(), text: text.to_owned() }
}

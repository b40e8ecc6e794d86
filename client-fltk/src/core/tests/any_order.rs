//! Whatever happens, in whatever order: no panic, and what holds goes on holding.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;

const NAMES: [&str; 4] = ["ana", "bia", "Bia", "caio"];

fn a_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

fn an_id() -> impl Strategy<Value = u128> {
    1..6_u128
}

fn a_reference() -> impl Strategy<Value = Option<u64>> {
    prop::option::of(1..12_u64)
}

/// Of an item: a little before the first ever, and after it.
fn a_number() -> impl Strategy<Value = u64> {
    Conversation::FIRST - 9..Conversation::FIRST + 20
}

fn some_history() -> impl Strategy<Value = Vec<Event>> {
    let events = prop_oneof![3 => (0..40_u64).prop_map(|seq| past::messages([seq]).remove(0)), 1 => a_notice()];
    prop::collection::vec(events, 0..5)
}

fn a_notice() -> impl Strategy<Value = Event> {
    let log = prop::option::weighted(0.1, (7..9_u128).prop_map(|log| LogId::from_random(log).into()));
    (0..40_u64, log).prop_map(|(after, log)| match notice("aviso", after) {
        Event::Notice(notice) => Event::Notice(Notice { log, ..notice }),
        other => other,
    })
}

fn a_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c@ \n]{1,8}",
        "@(ana|bia|caio|x) ?[a-z]{0,3}",
        "//?(limpar|ajuda|o)",
        Just("a".repeat(101)),
        any::<String>()
    ]
}

fn an_event() -> impl Strategy<Value = Event> {
    let reason = prop::sample::select(&[Refusal::NameInUse, Refusal::RoomFull, Refusal::Banned, Refusal::Unknown][..]);
    let closing = prop::sample::select(&[Closing::Kicked, Closing::Idle, Closing::Replaced, Closing::Unknown][..]);
    prop_oneof![
        4 => (prop::collection::vec((a_name(), an_id()), 1..4), some_history(), any::<bool>(), 7..9_u128)
            .prop_map(|(users, history, resumed, log)| a_welcome(&users, history, resumed, log)),
        4 => (a_name(), an_id()).prop_map(|(name, id)| joined(name, id)),
        4 => (a_name(), an_id()).prop_map(|(name, id)| left(name, id)),
        4 => (a_name(), an_id(), a_reference()).prop_map(|(name, id, reference)| said(name, id, "oi", reference)),
        4 => (a_name(), an_id(), a_name(), a_reference())
            .prop_map(|(name, id, to, reference)| whispered(name, id, to, "psiu", reference)),
        2 => a_reference().prop_map(|it| Event::problem(Problem::Muted, it.and_then(Number::new), "")),
        1 => Just(Event::problem(Problem::NothingToFind, None, "")),
        1 => Just(Event::problem(Problem::Unavailable, None, "")),
        2 => a_notice(),
        2 => (0..40_u64).prop_map(|seq| Event::Removed { seq }),
        6 => (some_history(), any::<bool>()).prop_map(|(messages, more)| Event::History { messages, more, reference: None }),
        2 => (some_history(), any::<bool>()).prop_map(|(messages, more)| Event::Found { messages, more, reference: None }),
        1 => reason.prop_map(Event::refused),
        1 => closing.prop_map(Event::closed),
        1 => Just(Event::ServerClosed),
        1 => Just(Event::Unknown),
    ]
}

fn a_welcome(users: &[(&str, u128)], history: Vec<Event>, resumed: bool, log: u128) -> Event {
    let Event::Welcome(mut event) = welcome(users) else { return Event::Unknown };
    // Of some that were told nobody knows, and some that are known were lost.
    event.seq = 10 * history.len() as u64;
    (event.history, event.resumed, event.log) = (history, resumed, LogId::from_random(log).into());
    Event::Welcome(event)
}

/// What keys, menus and the find bar say.
fn a_key() -> impl Strategy<Value = Message> {
    prop_oneof![
        Just(Message::Older),
        Just(Message::Newer),
        (0..9_usize).prop_map(Message::Complete),
        Just(Message::ShowNext),
        Just(Message::ShowPrevious),
        a_name().prop_map(|text| Message::Mention(name(text))),
        a_number().prop_map(Message::Retry),
        a_number().prop_map(Message::Discard),
        Just(Message::LookBack),
        any::<bool>().prop_map(Message::Find),
        prop::sample::select(&["", "o", "oi", "i", "a"][..]).prop_map(|it| Message::FindEdited(it.to_owned())),
        Just(Message::FindNext),
        Just(Message::FindPrevious),
        any::<bool>().prop_map(Message::Front),
    ]
}

fn a_message() -> impl Strategy<Value = Message> {
    let network = |report| Message::Network { connection: 0, report };
    prop_oneof![
        3 => a_name().prop_map(|name| Message::Enter { server: "sala".to_owned(), name: name.to_owned() }),
        1 => Just(Message::CancelEntering),
        4 => a_text().prop_map(Message::TextEdited),
        4 => Just(Message::Send),
        2 => a_name().prop_map(|text| Message::Show(with(text))),
        1 => Just(Message::Show(ConversationId::Room)),
        2 => a_name().prop_map(|text| Message::Whisper(name(text))),
        2 => any::<bool>().prop_map(Message::ViewingEnd),
        1 => Just(Message::RetryNow),
        3 => Just(Message::Tick),
        8 => a_key(),
        4 => Just(network(Report::Connected)),
        1 => Just(network(Report::Failed(ConnectError::Refused))),
        1 => Just(network(Report::Ended)),
        20 => an_event().prop_map(move |event| network(event.into())),
    ]
}

/// What the view has seen of each item, by place and number: a change without a new revision would stay unseen.
type Drawn = HashMap<(ConversationId, u64), Item>;

fn check_drawn(state: &State, drawn: &mut Drawn) {
    let mut now = Drawn::new();
    for conversation in &state.conversations {
        for (i, item) in conversation.items.iter().enumerate() {
            let key = (conversation.place.clone(), conversation.first + i as u64);
            if let Some(before) = drawn.get(&key).filter(|before| before.revision == item.revision) {
                assert_eq!(before, item, "changed without a new revision");
            }
            now.insert(key, item.clone());
        }
    }
    *drawn = now;
}

fn check(story: &Story) {
    let state = story.state();
    let (names, ids): (HashSet<_>, HashSet<_>) = state.people.iter().map(|it| (&it.name, it.id)).unzip();
    assert_eq!((names.len(), ids.len()), (state.people.len(), state.people.len()), "nobody is there twice");

    let is_lost = matches!(story.phase(), Phase::Lost { .. });
    let places: HashSet<_> = state.conversations.iter().map(|it| &it.place).collect();
    assert_eq!(places.len(), state.conversations.len());
    assert!(places.contains(&state.place), "what is shown exists");
    assert_eq!(state.conversations[0].place, ConversationId::Room);
    for it in &state.conversations {
        let end = it.first + it.items.len() as u64;
        assert!(it.new_from.is_none_or(|number| (it.first..end).contains(&number)));
        assert!(it.unread <= it.items.len());
        let is_looked_at = it.place == state.place && story.model.is_seen;
        assert!(!is_looked_at || it.unread == 0);
        let is_pending = |item: &Item| matches!(&item.content, Content::Message(said) if matches!(said.delivery, Delivery::Pending(_)));
        let may_come = *story.phase() == Phase::Talking || is_lost;
        assert!(may_come || !it.items.iter().any(is_pending), "nothing waits for nobody");
    }
    let is_notice = |item: &&Item| matches!(item.content, Content::Notice(_));
    let notices: Vec<u64> = state.conversations[0].items.iter().filter(is_notice).map(|item| item.at).collect();
    assert_eq!(notices.iter().collect::<HashSet<_>>().len(), notices.len(), "each notice stands there once");
    let me = state.me.as_ref().map(|me| &me.name);
    assert!(!matches!(&state.composer.mode, Mode::Private(to) if Some(to) == me), "nobody writes to oneself");
    assert!(state.composer.mode == story.model.mode_of_composer(), "the mode is that of what stands in the field");
}

/// What is on its way on one connection.
#[derive(Default)]
struct OnItsWay {
    sent: HashSet<Number>,
    is_asked: bool,
    is_searched: bool,
}

impl OnItsWay {
    /// Follows what the model wants sent: no number goes out twice on one connection, and one look back at a time.
    fn follow(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Connect { .. } | Effect::Disconnect => *self = OnItsWay::default(),
                Effect::Send(Request::Say { reference, .. } | Request::Private { reference, .. }) => {
                    assert!(reference.is_some_and(|it| self.sent.insert(it)), "{reference:?} is sent twice");
                }
                Effect::Send(Request::History { .. }) => {
                    assert!(!std::mem::replace(&mut self.is_asked, true), "asked before the answer");
                }
                Effect::Send(Request::Search { .. }) => {
                    assert!(!std::mem::replace(&mut self.is_searched, true), "searched before the answer");
                }
                _ => {}
            }
        }
    }

    /// Its answers are no longer on their way.
    fn hear(&mut self, message: &Message) {
        let Message::Network { report: Report::Events(events, _), .. } = message else { return };
        for event in events {
            match event {
                Event::History { .. } => self.is_asked = false,
                Event::Found { .. } | Event::Problem { reason: Problem::NothingToFind, .. } => self.is_searched = false,
                Event::Problem { reason: Problem::Unavailable, .. } => {
                    (self.is_asked, self.is_searched) = (false, false);
                }
                _ => {}
            }
        }
    }

    /// Who waits for a receipt has said so on this connection.
    fn check(&self, state: &State) {
        let pending = state.conversations.iter().flat_map(Conversation::pending).map(|(reference, _)| reference);
        let pending: Vec<Number> = pending.collect();
        assert_eq!(pending.iter().collect::<HashSet<_>>().len(), pending.len(), "one number for two");
        assert!(state.phase != Phase::Talking || pending.iter().all(|it| self.sent.contains(it)));
    }
}

/// What is kept so that it need not be counted is right.
fn check_counts(story: &Story) {
    let state = story.state();
    for (index, person) in state.people.iter().enumerate() {
        let roll = &story.model.roll;
        assert_eq!((roll.with_id(person.id), roll.with_name(&person.name)), (Some(index), Some(index)));
    }
    for it in &state.conversations {
        let newest =
            it.items.iter().rev().find(|item| matches!(item.content, Content::Message(_) | Content::Notice(_)));
        assert_eq!(it.last_said(), newest);
        let unsent = |item: &&Item| matches!(&item.content, Content::Message(said) if said.delivery.is_unsent());
        assert_eq!(it.unsent, it.items.iter().filter(unsent).count());
        for item in &it.items {
            let Content::Message(said) = &item.content else { continue };
            match &said.delivery {
                Delivery::Pending(reference) => assert_eq!(said.reference, Some(*reference)),
                Delivery::Done | Delivery::Kept => assert_eq!(said.reference, None),
                Delivery::Failed(_) => {}
            }
        }
    }
    assert!(state.composer.text.is_char_boundary(state.composer.caret));
}

/// What was found bit by bit is what a search of the whole finds.
fn check_find(story: &Story) {
    let Some(find) = &story.state().find else { return };
    assert_eq!(find.current.is_none(), find.hits.is_empty());
    assert!(find.current.is_none_or(|current| current < find.hits.len()));
    let shown = story.state().conversations.iter().find(|it| it.place == story.state().place);
    let mut again = Find::new(notices::notice);
    again.look_for(find.query.clone(), shown.expect("it exists"));
    assert_eq!(again.hits, find.hits);
    assert!(find.quest.is_none() || *story.phase() == Phase::Talking && story.state().place == ConversationId::Room);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_breaks(is_talking in any::<bool>(), messages in prop::collection::vec(a_message(), 0..60)) {
        let mut story = if is_talking { Story::talking() } else { Story::new() };
        let (mut drawn, mut net) = (Drawn::new(), OnItsWay::default());
        for message in messages {
            net.hear(&message);
            match message {
                Message::Network { report, .. } => story.report(report),
                message => story.update(message),
            }
            let effects = story.effects();
            net.follow(&effects);
            net.check(story.state());
            let alerts = effects.iter().filter(|it| matches!(it, Effect::ConnectionFailed(_) | Effect::ChatEnded(_)));
            prop_assert!(alerts.count() <= 1);
            if matches!(effects.last(), Some(Effect::ChatEnded(_))) {
                story.model.end_chat();
            }
            check(&story);
            check_counts(&story);
            check_find(&story);
            if effects.iter().any(|effect| matches!(effect, Effect::Save(_))) {
                drawn.clear(); // a welcome: another chat may have begun
            }
            check_drawn(story.state(), &mut drawn);
        }
    }
}

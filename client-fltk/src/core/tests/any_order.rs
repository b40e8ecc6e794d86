//! Property test: messages in any order cause no panic, and the invariants hold.

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
    let closing = prop::sample::select(
        &[CloseReason::Kicked, CloseReason::Idle, CloseReason::Replaced, CloseReason::Unknown][..],
    );
    prop_oneof![
        4 => (prop::collection::vec((a_name(), an_id()), 1..4), some_history(), any::<bool>(), 7..9_u128)
            .prop_map(|(users, history, resumed, log)| a_welcome(&users, history, resumed, log)),
        4 => (a_name(), an_id()).prop_map(|(name, id)| joined(name, id)),
        4 => (a_name(), an_id()).prop_map(|(name, id)| left(name, id)),
        4 => (a_name(), an_id(), a_reference(), 1..40_u64)
            .prop_map(|(name, id, reference, seq)| numbered(seq, said(name, id, "oi", reference))),
        4 => (a_name(), an_id(), a_name(), a_reference())
            .prop_map(|(name, id, to, reference)| whispered(name, id, to, "psiu", reference)),
        2 => a_reference().prop_map(|it| Event::problem(ErrorReason::Muted, it.and_then(SafeInteger::new), "")),
        1 => Just(Event::problem(ErrorReason::NothingToFind, None, "")),
        1 => Just(Event::problem(ErrorReason::Unavailable, None, "")),
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

fn numbered(seq: u64, event: Event) -> Event {
    match event {
        Event::Message(message) => Event::Message(Spoken { seq, ..message }),
        other => other,
    }
}

fn a_welcome(users: &[(&str, u128)], history: Vec<Event>, resumed: bool, log: u128) -> Event {
    let Event::Welcome(mut event) = welcome(users) else { return Event::Unknown };
    // The last number need not fit the history: messages up to it may not be told, and known ones above it are lost.
    event.seq = 10 * history.len() as u64;
    (event.history, event.resumed, event.log) = (history, resumed, LogId::from_random(log).into());
    Event::Welcome(event)
}

/// Messages from keys, menus and the find bar.
fn a_key() -> impl Strategy<Value = Message> {
    prop_oneof![
        Just(Message::Older),
        Just(Message::Newer),
        (0..9_usize).prop_map(Message::Complete),
        Just(Message::ShowNext),
        Just(Message::ShowPrevious),
        a_name().prop_map(|text| Message::Mention(name(text))),
        Just(Message::LookBack),
        any::<bool>().prop_map(Message::Find),
        prop::sample::select(&["", "o", "oi", "i", "a"][..]).prop_map(|it| Message::FindEdited(it.to_owned())),
        Just(Message::FindNext),
        Just(Message::FindPrevious),
        any::<bool>().prop_map(Message::Front),
    ]
}

fn a_message() -> impl Strategy<Value = Message> {
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
        4 => Just(reported(Report::Connected)),
        1 => Just(reported(Report::Failed(ConnectError::Refused))),
        1 => Just(reported(Report::Ended)),
        20 => an_event().prop_map(reported),
    ]
}

/// A step of the test.
#[derive(Clone, Debug)]
enum Step {
    Message(Message),
    /// The user presses `Tentar de novo` at the item of that index in the conversation shown.
    Retry(usize),
    /// The user presses `Descartar` at the item of that index.
    Discard(usize),
    /// The server answers the request for history with so many messages, and says whether there are more.
    Answer(u64, bool),
    /// The server confirms the first message that waits in the room, with that number.
    Receipt(u64),
    /// The connection is lost and made again; the welcome tells the message with that number.
    ComeBack(u64),
    /// A viewer catches up, and reads the item of that index in each conversation.
    Look(usize),
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => a_message().prop_map(Step::Message),
        1 => (0..20_usize).prop_map(Step::Retry),
        1 => (0..20_usize).prop_map(Step::Discard),
        5 => (0..9_u64, any::<bool>()).prop_map(|(count, more)| Step::Answer(count, more)),
        2 => (1..80_u64).prop_map(Step::Receipt),
        2 => (1..80_u64).prop_map(Step::ComeBack),
        5 => (0..20_usize).prop_map(Step::Look),
    ]
}

fn reported(report: impl Into<Report>) -> Message {
    Message::Network { connection: 0, report: report.into() }
}

/// The server's receipt for the first message that waits in the room.
fn receipt(state: &State, seq: u64) -> Option<Message> {
    let (me, pending) = (state.chat.roster.me.clone()?, state.chat.conversations.room.timeline.pending().next());
    let (id, from, (reference, said)) = (me.id, me.name, pending?);
    let text = said.text.clone();
    Some(reported(Event::Message(Spoken { seq, from, id, text, at: NOW, reference: Some(reference) })))
}

fn coming_back(seq: u64) -> Vec<Message> {
    let Event::Welcome(mut event) = a_welcome(&[("ana", ANA), ("bia", BIA)], past::messages([seq]), true, 7) else {
        return Vec::new();
    };
    event.seq = seq;
    let welcome = reported(Event::Welcome(event));
    vec![reported(Report::Ended), Message::RetryNow, reported(Report::Connected), welcome]
}

/// A viewer of a conversation, which knows of changes only by splices.
struct Viewer {
    revision: Revision,
    items: Vec<Item>,
    /// The item that is being read.
    anchor: Option<ItemId>,
}

/// The item as it is shown: without the room's number.
fn shown(item: &Item) -> Item {
    let mut item = item.clone();
    item.edit_message(|said| said.seq = None);
    item
}

impl Viewer {
    fn of(timeline: &Timeline, index: usize) -> Viewer {
        let items: Vec<Item> = timeline.items().map(shown).collect();
        Viewer { revision: timeline.revision(), anchor: items.get(index).map(|item| item.id), items }
    }

    /// Applies the splices, then checks that the viewer shows all items and still reads the same one.
    fn look(&mut self, timeline: &Timeline) {
        let from = self.items.iter().position(|item| Some(item.id) == self.anchor).unwrap_or(self.items.len());
        let below: Vec<ItemId> = self.items[from..].iter().map(|item| item.id).collect();
        let Some(changes) = timeline.changes_since(self.revision) else {
            assert!(!self.revision.is_of_same_timeline(timeline.revision()), "so much never happens between two looks");
            *self = Viewer::of(timeline, from);
            return;
        };
        for Splice { at, removed, added } in changes {
            self.items.splice(at..at + removed, timeline.items().skip(at).take(added).map(shown));
        }
        self.revision = timeline.revision();
        let now: Vec<Item> = timeline.items().map(shown).collect();
        assert_eq!(self.items, now);
        let is_there = |id: &&ItemId| now.iter().any(|item| item.id == **id);
        assert_eq!(timeline.first_standing(below.iter().copied()), below.iter().find(is_there).copied());
        assert!(self.anchor.is_none_or(|id| timeline.position(id).is_none() || below[0] == id));
        self.anchor = timeline.first_standing(below);
    }
}

fn check_order(state: &State) {
    for it in state.chat.conversations.iter() {
        let unsent: Vec<bool> = it.timeline.items().map(Item::is_unsent).collect();
        assert!(unsent.is_sorted(), "what waits stands at the end");
        let ids: HashSet<ItemId> = it.timeline.items().map(|item| item.id).collect();
        assert_eq!(ids.len(), it.timeline.len());
        for (index, item) in it.timeline.items().enumerate() {
            assert_eq!((it.timeline.position(item.id), it.timeline.get(index)), (Some(index), Some(item)));
        }
    }
}

fn check(story: &Story) {
    let state = story.state();
    let (names, ids): (HashSet<_>, HashSet<_>) = state.chat.roster.people.values().map(|it| (&it.name, it.id)).unzip();
    assert_eq!(
        (names.len(), ids.len()),
        (state.chat.roster.people.len(), state.chat.roster.people.len()),
        "nobody is there twice"
    );

    let is_lost = matches!(story.phase(), Phase::Lost { .. });
    let places: HashSet<_> = state.chat.conversations.iter().map(|it| &it.place).collect();
    assert_eq!(places.len(), state.chat.conversations.iter().count());
    assert!(places.contains(&state.chat.conversations.place), "what is shown exists");
    assert_eq!(state.chat.conversations.room.place, ConversationId::Room);
    for it in state.chat.conversations.iter() {
        assert!(it.new_from.is_none_or(|id| it.timeline.position(id).is_some()));
        assert!(it.unread <= it.timeline.len());
        let is_looked_at = it.place == state.chat.conversations.place && state.chat.conversations.is_seen;
        assert!(!is_looked_at || it.unread == 0);
        let may_come = *story.phase() == Phase::Talking || is_lost;
        assert!(may_come || it.timeline.pending().next().is_none(), "nothing waits for nobody");
    }
    let is_notice = |item: &&Item| matches!(item.content, Content::Announcement(_));
    let notices: Vec<u64> =
        state.chat.conversations.room.timeline.items().filter(is_notice).map(|item| item.at).collect();
    assert_eq!(notices.iter().collect::<HashSet<_>>().len(), notices.len(), "each notice stands there once");
    let me = state.chat.roster.me.as_ref().map(|me| &me.name);
    assert!(!matches!(&state.chat.composer.mode, Mode::Private(to) if Some(to) == me), "nobody writes to oneself");
    let (mut again, Chat { roster, conversations, composer, .. }) = (Composer::default(), &state.chat);
    again.edit(composer.text.clone());
    again.keep_up(&conversations.place, roster, &Limits::default(), story.now);
    assert_eq!(composer.mode, again.mode, "the mode is that of what stands in the field");
}

/// The references sent, and the requests under way, on one connection.
#[derive(Default)]
struct OnItsWay {
    sent: HashSet<SafeInteger>,
    /// The arguments `before` and `count` of the request for history.
    asked: Option<(u64, u64)>,
    is_searched: bool,
}

impl OnItsWay {
    /// Follows the requests sent: no reference goes out twice on one connection, and one request for history at a time.
    fn follow(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Connect { .. } | Effect::Disconnect => *self = OnItsWay::default(),
                Effect::Send(Request::Say { reference, .. } | Request::Private { reference, .. }) => {
                    assert!(reference.is_some_and(|it| self.sent.insert(it)), "{reference:?} is sent twice");
                }
                Effect::Send(Request::History { before, count, .. }) => {
                    let before = self.asked.replace((before.value(), count.value()));
                    assert_eq!(before, None, "asked before the answer");
                }
                Effect::Send(Request::Search { .. }) => {
                    assert!(!std::mem::replace(&mut self.is_searched, true), "searched before the answer");
                }
                _ => {}
            }
        }
    }

    /// Notes answers in a message: their requests are no longer under way.
    fn hear(&mut self, message: &Message) {
        let Message::Network { report: Report::Events(events, _), .. } = message else { return };
        for event in events {
            match event {
                Event::History { .. } => self.asked = None,
                Event::Found { .. } | Event::Problem { reason: ErrorReason::NothingToFind, .. } => {
                    self.is_searched = false;
                }
                Event::Problem { reason: ErrorReason::Unavailable, .. } => {
                    (self.asked, self.is_searched) = (None, false);
                }
                _ => {}
            }
        }
    }

    /// The answer to the request for history, if one is under way: at most `count` messages.
    fn answer(&self, count: u64, more: bool) -> Option<Message> {
        let (before, asked) = self.asked?;
        let messages = past::messages(before.saturating_sub(asked.min(count)).max(1)..before);
        Some(reported(Event::History { messages, more, reference: None }))
    }

    /// Checks that each message that waits for a receipt was sent on this connection, under a reference of its own.
    fn check(&self, state: &State) {
        let pending =
            state.chat.conversations.iter().flat_map(|it| it.timeline.pending()).map(|(reference, _)| reference);
        let pending: Vec<SafeInteger> = pending.collect();
        assert_eq!(pending.iter().collect::<HashSet<_>>().len(), pending.len(), "one number for two");
        assert!(state.session.phase != Phase::Talking || pending.iter().all(|it| self.sent.contains(it)));
    }
}

/// Checks indexes and shortcuts against a walk through all members and items.
fn check_counts(story: &Story) {
    let state = story.state();
    let roster = &state.chat.roster;
    assert!(roster.people.iter().all(|(id, person)| *id == person.id && roster.find(&person.name) == Some(person)));
    for it in state.chat.conversations.iter() {
        let last = |is_unsent| it.timeline.items().rfind(|item| item.is_said() && item.is_unsent() == is_unsent);
        let newest = [last(true), last(false)].into_iter().flatten().max_by_key(|item| item.at);
        assert_eq!(it.last_said(), newest);
        for item in it.timeline.items() {
            let Content::Message(said) = &item.content else { continue };
            match &said.delivery {
                Delivery::Pending(reference) => assert_eq!(said.reference, Some(*reference)),
                Delivery::Done | Delivery::Kept => assert_eq!(said.reference, None),
                Delivery::Failed(_) => {}
            }
        }
    }
    assert!(state.chat.composer.text.is_char_boundary(state.chat.composer.caret));
}

/// Checks that the hits found bit by bit are those that a search of the whole finds.
fn check_find(story: &Story) {
    let Some(find) = &story.state().chat.find else { return };
    assert_eq!(find.current.is_none(), find.hits.is_empty());
    assert!(find.current.is_none_or(|current| current < find.hits.len()));
    let mut again = Find::default();
    again.edit(&find.query);
    again.keep_up(story.state().chat.conversations.shown(), notices::notice);
    assert_eq!(again.hits, find.hits);
    assert!(
        find.server_search.is_none()
            || *story.phase() == Phase::Talking && story.state().chat.conversations.place == ConversationId::Room
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_breaks(is_talking in any::<bool>(), steps in prop::collection::vec(a_step(), 0..60)) {
        let mut story = if is_talking { Story::talking() } else { Story::new() };
        let (mut viewers, mut net) = (HashMap::<ConversationId, Viewer>::new(), OnItsWay::default());
        for step in steps {
            let messages = match step {
                Step::Message(message) => vec![message],
                Step::Retry(index) => vec![Message::Retry(story.nth(&story.state().chat.conversations.place, index))],
                Step::Discard(index) => vec![Message::Discard(story.nth(&story.state().chat.conversations.place, index))],
                Step::Answer(count, more) => net.answer(count, more).into_iter().collect(),
                Step::Receipt(seq) => receipt(story.state(), seq).into_iter().collect(),
                Step::ComeBack(seq) => coming_back(seq),
                Step::Look(index) => {
                    for it in story.state().chat.conversations.iter() {
                        let viewer = viewers.entry(it.place.clone());
                        viewer.or_insert_with(|| Viewer::of(&it.timeline, index)).look(&it.timeline);
                    }
                    Vec::new()
                }
            };
            for message in messages {
                net.hear(&message);
                match message {
                    Message::Network { report, .. } => story.report(report),
                    message => story.update(message),
                }
                let effects = story.effects();
                net.follow(&effects);
                net.check(story.state());
                let alerts = effects.iter().filter(|it| matches!(it, Effect::ConnectionFailed(_)));
                prop_assert!(alerts.count() <= 1);
                if matches!(story.state().dialogs.shown(), Some(Dialog::ChatEnded { .. })) {
                    story.update(Message::DialogCancelled);
                }
                check(&story);
                check_order(story.state());
                check_counts(&story);
                check_find(&story);
            }
        }
    }
}

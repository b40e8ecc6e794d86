//! Any request and any event, for the property tests.

use std::net::SocketAddr;

use papo_common::limits::MAX_COUNT;
use papo_common::{
    CloseReason, ErrorReason, Event, Hello, Limits, LineBreaks, LogId, LogToken, MemberId, Message, Name, Notice,
    Private, Refusal, Request, RunId, SafeInteger, SessionSecret, SessionToken, Text, User, UserList, Welcome,
};
use proptest::prelude::*;

pub(crate) fn number() -> impl Strategy<Value = SafeInteger> + Clone {
    (1..=SafeInteger::MAX.value()).prop_map(|n| SafeInteger::new(n).unwrap())
}

pub(crate) fn name() -> impl Strategy<Value = Name> + Clone {
    "[\\p{L}\\p{Nd}._:{}-]{1,20}".prop_filter_map("not a name", |text| Name::parse(&text).ok())
}

pub(crate) fn text() -> impl Strategy<Value = Text> + Clone {
    let raw = prop_oneof!["\\PC{1,40}", "(\\PC{0,10}\n){0,4}\\PC{1,10}", "\\PC{0,5} \\(privado\\)", ": .{0,9}"];
    raw.prop_filter_map("blank", |raw| Text::clean(&raw, LineBreaks::Keep))
}

fn addr() -> impl Strategy<Value = SocketAddr> + Clone {
    (any::<[u16; 8]>(), any::<[u8; 4]>(), any::<u16>(), any::<bool>())
        .prop_map(|(six, four, port, is_six)| if is_six { (six, port).into() } else { (four, port).into() })
}

fn id() -> impl Strategy<Value = MemberId> + Clone {
    any::<u128>().prop_map(MemberId::from_random)
}

/// A log token of any server, ours or another.
fn log() -> impl Strategy<Value = LogToken> + Clone {
    let ours = any::<u128>().prop_map(|bits| LogId::from_random(bits).into());
    prop_oneof![ours, "\\PC{0,40}".prop_map(|text| LogToken::new(&text).unwrap())]
}

fn run() -> impl Strategy<Value = RunId> + Clone {
    any::<u128>().prop_map(RunId::from_random)
}

fn session() -> impl Strategy<Value = SessionToken> + Clone {
    let ours = any::<u128>().prop_map(|bits| SessionSecret::from_random(bits).into());
    prop_oneof![ours, "\\PC{0,40}".prop_map(|text| SessionToken::new(&text).unwrap())]
}

fn hello() -> impl Strategy<Value = Hello> + Clone {
    let knows =
        (prop::option::of(session()), prop::option::of(log()), prop::option::of(number()), prop::option::of(number()));
    ("\\PC{0,40}", number(), knows).prop_map(|(name, version, (session, log, since, private_since))| Hello {
        name,
        version,
        session,
        log,
        since,
        private_since,
    })
}

pub(crate) fn request() -> impl Strategy<Value = Request> + Clone {
    let count = (1..=MAX_COUNT).prop_map(|n| SafeInteger::new(n).unwrap());
    let raw = ".{0,40}";
    prop_oneof![
        hello().prop_map(Request::Hello),
        (number(), raw).prop_map(|(n, text)| Request::Say { reference: Some(n), text }),
        (number(), raw, raw).prop_map(|(n, to, text)| Request::Private { reference: Some(n), to, text }),
        (prop::option::of(number()), number(), count.clone()).prop_map(|(reference, before, count)| Request::History {
            reference,
            before,
            count
        }),
        (prop::option::of(number()), raw, prop::option::of(number()), count)
            .prop_map(|(reference, text, before, count)| Request::Search { reference, text, before, count }),
        Just(Request::Leave),
        Just(Request::Pong),
    ]
}

pub(crate) fn message() -> impl Strategy<Value = Event> + Clone {
    (any::<u32>(), name(), id(), text(), any::<u32>(), prop::option::of(number())).prop_map(
        |(seq, from, id, text, at, reference)| {
            Event::Message(Message { seq: seq.into(), from, id, text, at: at.into(), reference })
        },
    )
}

fn private() -> impl Strategy<Value = Event> + Clone {
    (any::<u32>(), name(), id(), name(), text(), prop::option::of(number()), any::<bool>()).prop_map(
        |(pseq, from, id, to, text, reference, away)| {
            Event::Private(Private { pseq: pseq.into(), from, id, to, text, at: 7, reference, away })
        },
    )
}

fn welcome() -> impl Strategy<Value = Event> + Clone {
    let user = (name(), id(), addr()).prop_map(|(name, id, addr)| User { name, id, addr });
    let users = prop::collection::vec(user.clone(), 1..4).prop_map(UserList::from_iter);
    let history = prop::collection::vec(prop_oneof![message(), private(), notice()], 0..4);
    let heard = (history, prop::collection::vec(any::<u32>().prop_map(u64::from), 0..3));
    (user, session(), prop::option::of(run()), log(), any::<(u32, u32, bool, bool)>(), users, heard).prop_map(
        |(me, session, run, log, (seq, pseq, resumed, gap), users, (history, removed))| {
            Event::Welcome(Box::new(Welcome {
                name: me.name,
                id: me.id,
                addr: me.addr,
                session,
                resumed,
                run,
                log,
                seq: seq.into(),
                pseq: pseq.into(),
                gap,
                users,
                history,
                removed,
                limits: Limits { keep: 7_000, ..Limits::default() },
            }))
        },
    )
}

fn notice() -> impl Strategy<Value = Event> + Clone {
    (text(), any::<u32>(), prop::option::of(any::<u32>()), prop::option::of(log())).prop_map(
        |(text, at, after, log)| Event::Notice(Notice { text, at: at.into(), after: after.map(u64::from), log }),
    )
}

fn refusal() -> impl Strategy<Value = Refusal> + Clone {
    use Refusal::*;
    prop::sample::select(vec![NameInUse, NameInvalid, Version, Malformed, RoomFull, Banned])
}

fn problem() -> impl Strategy<Value = ErrorReason> + Clone {
    use ErrorReason::*;
    prop::sample::select(vec![NoSuchUser, ToOneself, Malformed, TooLong, Muted, NothingToFind, Unavailable, RefOld])
}

fn closing() -> impl Strategy<Value = CloseReason> + Clone {
    use CloseReason::*;
    prop::sample::select(vec![Kicked, Banned, Slow, Idle, Replaced])
}

/// Any event that the JSON dialect has a word for.
pub(crate) fn event() -> impl Strategy<Value = Event> + Clone {
    let at = any::<u32>().prop_map(u64::from);
    let messages = prop::collection::vec(message(), 0..4);
    prop_oneof![
        welcome(),
        refusal().prop_map(Event::refused),
        (name(), id(), addr(), at.clone()).prop_map(|(name, id, addr, at)| Event::Joined { name, id, addr, at }),
        (name(), id(), at.clone()).prop_map(|(name, id, at)| Event::Left { name, id, at }),
        message(),
        private(),
        (problem(), prop::option::of(number()), "\\PC{0,20}").prop_map(|(reason, n, s)| Event::problem(reason, n, s)),
        notice(),
        any::<u32>().prop_map(|seq| Event::Removed { seq: seq.into() }),
        (messages.clone(), any::<bool>(), prop::option::of(number()))
            .prop_map(|(messages, more, reference)| Event::History { messages, more, reference }),
        (messages, any::<bool>(), prop::option::of(number())).prop_map(|(messages, more, reference)| Event::Found {
            messages,
            more,
            reference
        }),
        closing().prop_map(Event::closed),
        Just(Event::Ping),
        Just(Event::ServerClosed),
    ]
}

/// The classic dialect's own event.
pub(crate) fn users() -> impl Strategy<Value = Event> + Clone {
    (prop::collection::vec(name(), 1..5), 0..3_usize).prop_map(|(names, more)| Event::Users { names, more })
}

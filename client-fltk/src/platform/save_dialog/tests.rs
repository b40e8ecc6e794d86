//! The dialog with a portal of the test's own, on a bus of its own.

use std::collections::HashMap;
use std::thread;

use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::zvariant::{ObjectPath, OwnedValue, Value};

use super::{Answer, portal};

#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the window's tests use all of it"
)]
#[path = "../../../tests/desktop/bus.rs"]
mod bus;

const REQUEST: &str = "/org/freedesktop/portal/desktop/request/1_7/papo";

/// The behaviour of the test's portal when it is asked.
#[derive(Clone, Copy, Debug)]
enum Portal {
    /// Answers for the person, with this code and this file.
    Answers(u32, Option<&'static str>),
    /// The same before the question's call has returned.
    AnswersAtOnce(u32, Option<&'static str>),
    /// Opens the dialog and ends.
    Vanishes,
    /// Knows no such dialog.
    Refuses,
}

impl Portal {
    fn serve(self, bus: &Connection, messages: MessageIterator) {
        for message in messages {
            let Ok(message) = message else { return };
            let header = message.header();
            if header.message_type() != Type::MethodCall {
                continue;
            }
            let (_parent, title, options): (String, String, HashMap<String, OwnedValue>) =
                message.body().deserialize().expect("a question");
            assert_eq!((title.as_str(), &*options["current_name"]), ("Salvar", &Value::from("a.txt")));
            let reply = || bus.reply(&header, &ObjectPath::from_static_str_unchecked(REQUEST)).expect("replied");
            match self {
                Portal::Answers(code, uri) => {
                    reply();
                    // A response to another dialog, which has to be ignored.
                    tell(bus, "/org/freedesktop/portal/desktop/request/1_8/papo", 1, None);
                    tell(bus, REQUEST, code, uri);
                }
                Portal::AnswersAtOnce(code, uri) => {
                    tell(bus, REQUEST, code, uri);
                    reply();
                }
                Portal::Vanishes => reply(),
                Portal::Refuses => {
                    let name = "org.freedesktop.DBus.Error.UnknownMethod";
                    bus.reply_error(&header, name, &"").expect("replied");
                }
            }
            return;
        }
    }
}

fn tell(bus: &Connection, request: &str, code: u32, uri: Option<&str>) {
    let results: HashMap<&str, Value<'_>> = uri.map(|uri| ("uris", Value::from(vec![uri]))).into_iter().collect();
    bus.emit_signal(None::<&str>, request, portal::REQUEST, "Response", &(code, results)).expect("told");
}

fn asked(portal: Portal) -> Answer {
    let session = bus::SessionBus::start(&[]);
    let connection = Builder::address(session.address.as_str()).expect("an address").build().expect("a bus");
    connection.request_name(portal::SERVICE).expect("the portal's name");
    // The portal listens from here on, so that it misses no question.
    let messages = MessageIterator::from(&connection);
    let server = thread::spawn(move || portal.serve(&connection, messages));
    let answer = portal::ask(Some(&session.address), "a.txt", "Salvar");
    server.join().expect("no failure in the portal");
    answer
}

#[test]
fn what_the_person_answers_is_told() {
    let file = Some("file:///tmp/Conversa%20%C3%A9+1.txt");
    let chosen = Answer::Chosen("/tmp/Conversa é+1.txt".into());
    for (portal, expected) in [
        (Portal::Answers(0, file), &chosen),
        (Portal::AnswersAtOnce(0, file), &chosen),
        (Portal::Answers(1, None), &Answer::Cancelled),
    ] {
        assert_eq!(asked(portal), *expected, "{portal:?}");
    }
}

#[test]
fn what_is_no_answer_is_told_as_none() {
    for portal in [
        Portal::Answers(2, None),
        Portal::Answers(0, None),
        Portal::Answers(0, Some("sftp://sala/tmp/a.txt")),
        Portal::Vanishes,
        Portal::Refuses,
    ] {
        assert_eq!(asked(portal), Answer::Unavailable, "{portal:?}");
    }
    assert_eq!(portal::ask(Some("unix:path=/nowhere"), "a.txt", "Salvar"), Answer::Unavailable, "no bus");
}

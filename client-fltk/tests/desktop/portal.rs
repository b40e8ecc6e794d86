//! The desktop's portal, played by the test: it opens no dialog, and answers when the test says so.

use std::collections::HashMap;
use std::path::Path;

use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::zvariant::{ObjectPath, Value};

const SERVICE: &str = "org.freedesktop.portal.Desktop";
const REQUEST: (&str, &str) = ("/org/freedesktop/portal/desktop/request/1_7/papo", "org.freedesktop.portal.Request");

/// The portal.
pub struct Portal {
    bus: Connection,
    messages: MessageIterator,
}

impl Portal {
    /// Starts it on the bus at `address`.
    pub fn on(address: &str) -> Portal {
        let bus = Builder::address(address).unwrap().build().unwrap();
        bus.request_name(SERVICE).unwrap();
        let messages = MessageIterator::from(&bus);
        Portal { bus, messages }
    }

    /// Waits until it is asked where to save a file.
    pub fn expect_question(&mut self) {
        let is_question = |message: &zbus::Message| {
            let header = message.header();
            header.message_type() == Type::MethodCall && header.member().is_some_and(|it| it == "SaveFile")
        };
        let question = self.messages.by_ref().map(Result::unwrap).find(is_question).unwrap();
        self.bus.reply(&question.header(), &ObjectPath::from_static_str_unchecked(REQUEST.0)).unwrap();
    }

    /// Answers: with that file, or that the person wants none.
    pub fn answer(&self, path: Option<&Path>) {
        let uris = path.map(|path| ("uris", Value::from(vec![format!("file://{}", path.display())])));
        let results: HashMap<&str, Value<'_>> = uris.into_iter().collect();
        let body = (u32::from(path.is_none()), results);
        self.bus.emit_signal(None::<&str>, REQUEST.0, REQUEST.1, "Response", &body).unwrap();
    }
}

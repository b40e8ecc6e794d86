//! A screen reader of a test's own: it reads what the real window tells over the desktop's accessibility bus, and so
//! finds its parts by role and name wherever they stand.

use std::collections::HashMap;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

pub use atspi_common::Role;
use atspi_common::{State, StateSet};
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type, Value};

use super::bus::SessionBus;
use super::eventually;
use super::part::Part;

/// The variable by which programs know their session bus.
pub(super) const SESSION: &str = "DBUS_SESSION_BUS_ADDRESS";
const ROOT: (&str, &str) = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root");

/// A name on the bus with an object of it.
pub(super) type Object = (String, OwnedObjectPath);

/// A screen reader on a session bus.
pub struct ScreenReader {
    /// The session bus if the screen reader started it, `None` if it was there already.
    session: Option<SessionBus>,
    bus: Connection,
}

impl ScreenReader {
    /// Starts a screen reader on the screen `display`, with a session bus of its own. Call it before any window is
    /// opened.
    pub fn start(display: &str) -> ScreenReader {
        let session = SessionBus::start(&[("DISPLAY", display)]);
        ScreenReader { bus: ScreenReader::on(&session.address).bus, session: Some(session) }
    }

    /// Starts a screen reader on a session bus that is there already.
    pub fn on(address: &str) -> ScreenReader {
        let bus = Builder::address(address).unwrap().build().unwrap();
        for property in ["IsEnabled", "ScreenReaderEnabled"] {
            let value = ("org.a11y.Status", property, Value::from(true));
            let at = Some("org.freedesktop.DBus.Properties");
            let set = bus.call_method(Some("org.a11y.Bus"), "/org/a11y/bus", at, "Set", &value);
            set.expect("at-spi2-core is not installed: run scripts/setup test");
        }
        let at = ("org.a11y.Bus", "/org/a11y/bus");
        let answer = bus.call_method(Some(at.0), at.1, Some("org.a11y.Bus"), "GetAddress", &()).unwrap();
        let address: String = answer.body().deserialize().unwrap();
        let bus = Builder::address(address.as_str()).unwrap().method_timeout(Duration::from_secs(5)).build().unwrap();
        ScreenReader { session: None, bus }
    }

    /// The environment variables that a window needs so that this screen reader finds it.
    pub fn environment(&self) -> Vec<(&str, &str)> {
        self.session.iter().map(|session| (SESSION, session.address.as_str())).collect()
    }

    /// The address of the session bus that it started.
    pub fn session(&self) -> &str {
        &self.session.as_ref().unwrap().address
    }

    /// Every part of every window there is, depth first.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        self.collect(&(ROOT.0.to_owned(), OwnedObjectPath::try_from(ROOT.1).unwrap()), &mut parts);
        parts
    }

    /// The part of that role and name, once it is there. A name that ends with `…` is the beginning of one.
    #[track_caller]
    pub fn find(&self, role: Role, name: &str) -> Part {
        let mut found = None;
        let mut seen = Vec::new();
        let looked = || {
            seen = self.parts();
            found = seen.iter().find(|part| part.is(role, name)).cloned();
            found.is_some()
        };
        eventually(&format!("{role:?} '{name}'"), looked);
        found.unwrap()
    }

    /// The field of the composer, in any conversation, once it is there.
    #[track_caller]
    pub fn field(&self) -> Part {
        let mut found = None;
        eventually("a field of several lines", || {
            found = self.parts().into_iter().find(|part| part.states.contains(State::MultiLine));
            found.is_some()
        });
        found.unwrap()
    }

    /// Whether there is such a part now.
    pub fn has(&self, role: Role, name: &str) -> bool {
        self.parts().iter().any(|part| part.is(role, name))
    }

    /// Presses a part, as a screen reader does it for the person.
    #[track_caller]
    pub fn press(&self, role: Role, name: &str) {
        let part = self.find(role, name);
        self.call::<bool>(&part.object, "Action", "DoAction", &0_i32).expect("it can be pressed");
    }

    /// Gives the keyboard focus to a part.
    #[track_caller]
    pub fn take_focus(&self, role: Role, name: &str) {
        let part = self.find(role, name);
        self.call::<bool>(&part.object, "Component", "GrabFocus", &()).expect("it can take the keys");
    }

    /// The part that has the keyboard focus.
    pub fn focused(&self) -> Option<Part> {
        self.parts().into_iter().rfind(|part| part.states.contains(State::Focused))
    }

    /// The text of a field, and the position of its caret in code points: -1 if it has none.
    pub fn text(&self, part: &Part) -> (String, i32) {
        let text = self.call(&part.object, "Text", "GetText", &(0_i32, -1_i32)).unwrap_or_default();
        (text, self.property(&part.object, "Text", "CaretOffset").and_then(|it| it.try_into().ok()).unwrap_or(-1))
    }

    /// Puts the caret of a field behind so many code points of its text.
    #[track_caller]
    pub fn put_caret(&self, part: &Part, offset: i32) {
        self.call::<bool>(&part.object, "Text", "SetCaretOffset", &offset).expect("the caret can be put");
    }

    /// Selects the text of a field from one code point to another.
    #[track_caller]
    pub fn select(&self, part: &Part, from: i32, to: i32) {
        self.call::<bool>(&part.object, "Text", "SetSelection", &(0_i32, from, to)).expect("it can be selected");
    }

    /// Scrolls a part into sight.
    #[track_caller]
    pub fn scroll_to(&self, part: &Part) {
        // Anywhere.
        self.call::<bool>(&part.object, "Component", "ScrollTo", &6_u32).expect("it can be scrolled to");
    }

    /// Hears from now on what is announced. Call it before what is to be heard.
    pub fn announcements(&self) -> Receiver<String> {
        let rule = "type='signal',interface='org.a11y.atspi.Event.Object',member='Announcement'";
        let heard = MessageIterator::for_match_rule(rule, &self.bus, None).unwrap();
        let (tell, told) = mpsc::channel();
        // Ends with the bus.
        thread::spawn(move || {
            for message in heard.flatten() {
                type Body = (String, i32, i32, OwnedValue, HashMap<String, OwnedValue>);
                let Ok((_, _, _, text, _)) = message.body().deserialize::<Body>() else { continue };
                let _ = tell.send(text.try_into().unwrap_or_default());
            }
        });
        told
    }

    fn collect(&self, object: &Object, parts: &mut Vec<Part>) {
        // An object that has gone meanwhile answers with an error: it counts as one without children.
        let children: Vec<Object> = self.call(object, "Accessible", "GetChildren", &()).unwrap_or_default();
        for object in children {
            parts.extend(self.part(&object));
            self.collect(&object, parts);
        }
    }

    fn part(&self, object: &Object) -> Option<Part> {
        let name: String = self.property(object, "Accessible", "Name")?.try_into().ok()?;
        let role = Role::try_from(self.call::<u32>(object, "Accessible", "GetRole", &())?).ok()?;
        let states: StateSet = self.call(object, "Accessible", "GetState", &()).unwrap_or_default();
        // In the window's own coordinates.
        let bounds = self.call(object, "Component", "GetExtents", &1_u32);
        Some(Part { object: object.clone(), role, name, states, bounds })
    }

    fn call<T>(
        &self,
        (service, path): &Object,
        interface: &str,
        method: &str,
        body: &(impl serde::Serialize + DynamicType),
    ) -> Option<T>
    where
        T: for<'a> serde::Deserialize<'a> + Type,
    {
        let interface = format!("org.a11y.atspi.{interface}");
        let answer = self.bus.call_method(Some(service.as_str()), path, Some(interface.as_str()), method, body).ok()?;
        answer.body().deserialize().ok()
    }

    fn property(&self, (service, path): &Object, interface: &str, name: &str) -> Option<OwnedValue> {
        let body = (format!("org.a11y.atspi.{interface}"), name);
        let at = Some("org.freedesktop.DBus.Properties");
        self.bus.call_method(Some(service.as_str()), path, at, "Get", &body).ok()?.body().deserialize().ok()
    }
}

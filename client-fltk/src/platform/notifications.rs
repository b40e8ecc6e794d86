//! Desktop notifications.

use super::background::Worker;
use crate::core::ConversationId;

/// What a notification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its title.
    pub title: String,
    /// Its text: what others say, shown as it is.
    pub body: String,
    /// The conversation that opens when the notification is clicked.
    pub place: ConversationId,
}

/// How long one stands, where the desktop leaves that to the program: an alert is finite.
const SHOWN_FOR_MS: i32 = 8_000;

/// Shows notifications, each in place of the one before. Where there is no service, nothing is shown. `clicked` is told,
/// on another thread, of the conversation of a notification that was clicked.
pub fn worker(clicked: impl Fn(ConversationId) + Clone + Send + 'static) -> Worker<Notice> {
    let mut service = None;
    Worker::latest("notifications", move |notice: Notice| {
        service = service.take().or_else(|| Service::connect(clicked.clone()).ok());
        let _ = service.as_ref().map(|service| service.show(&notice));
    })
}

#[cfg(all(unix, not(target_os = "macos")))]
use dbus::Service;

/// The notification service of the session, over D-Bus. One connection asks and listens: some desktops tell of a click
/// only whoever asked, and take back what a connection asked for when it has gone.
#[cfg(all(unix, not(target_os = "macos")))]
mod dbus {
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    use zbus::blocking::{Connection, MessageIterator};
    use zbus::zvariant::{DynamicType, Value};

    use super::{Notice, SHOWN_FOR_MS};
    use crate::core::ConversationId;
    use crate::platform::background;
    use crate::strings::alerts::OPEN;

    const NAME: &str = "org.freedesktop.Notifications";
    const OBJECT: &str = "/org/freedesktop/Notifications";
    /// The action of a click on the notification itself.
    const CLICK: &str = "default";

    /// A connection to the service. A clone is another handle of the same one.
    #[derive(Clone)]
    pub(super) struct Service {
        bus: Connection,
        /// The notification that stands, as far as is known: the service's number for it, and its conversation.
        shown: Arc<Mutex<Option<(u32, ConversationId)>>>,
    }

    impl Service {
        /// Connects, and tells `clicked` from then on. An error if there is no session bus.
        pub(super) fn connect(clicked: impl Fn(ConversationId) + Send + 'static) -> zbus::Result<Service> {
            let service = Service { bus: Connection::session()?, shown: Arc::default() };
            let rule = format!("type='signal',interface='{NAME}',member='ActionInvoked'");
            let clicks = MessageIterator::for_match_rule(rule.as_str(), &service.bus, None)?;
            let listening = service.clone();
            background::run("notification-clicks", move || {
                for click in clicks.map_while(Result::ok) {
                    let Ok((number, _)) = click.body().deserialize::<(u32, String)>() else { continue };
                    let shown = listening.shown().take_if(|(shown, _)| *shown == number);
                    if let Some((_, place)) = shown {
                        // Some services let it stand.
                        let _ = listening.call("CloseNotification", &number);
                        clicked(place);
                    }
                }
            });
            Ok(service)
        }

        /// Shows `notice` in place of the one before. An error if there is no service.
        pub(super) fn show(&self, notice: &Notice) -> zbus::Result<()> {
            let abilities: Vec<String> = self.call("GetCapabilities", &())?.body().deserialize()?;
            let reads_markup = abilities.iter().any(|it| it == "body-markup");
            let body = if reads_markup { escaped(&notice.body) } else { notice.body.clone() };
            let hints = HashMap::from([
                // The sound is the window's own, so that its switch holds everywhere.
                ("suppress-sound", Value::from(true)),
                ("desktop-entry", Value::from("papo")),
                ("category", Value::from("im.received")),
            ]);
            let before = self.shown().as_ref().map_or(0, |(number, _)| *number);
            let notify = ("Papo", before, "papo", &notice.title, body, [CLICK, OPEN].as_slice(), hints, SHOWN_FOR_MS);
            let number = self.call("Notify", &notify)?.body().deserialize()?;
            *self.shown() = Some((number, notice.place.clone()));
            Ok(())
        }

        fn shown(&self) -> MutexGuard<'_, Option<(u32, ConversationId)>> {
            self.shown.lock().unwrap_or_else(PoisonError::into_inner)
        }

        fn call(&self, method: &str, arguments: &(impl serde::Serialize + DynamicType)) -> zbus::Result<zbus::Message> {
            self.bus.call_method(Some(NAME), OBJECT, Some(NAME), method, arguments)
        }
    }

    /// Text from others is never interpreted, where the service would read it as markup.
    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn markup_of_others_is_text() {
            assert_eq!(escaped("<b>a & b</b> &lt;"), "&lt;b&gt;a &amp; b&lt;/b&gt; &amp;lt;");
            assert_eq!(escaped("olá, ana"), "olá, ana");
        }
    }
}

/// The service of another system, where clicks are not told yet.
#[cfg(not(all(unix, not(target_os = "macos"))))]
struct Service;

#[cfg(not(all(unix, not(target_os = "macos"))))]
impl Service {
    fn connect(_clicked: impl Fn(ConversationId)) -> notify_rust::error::Result<Service> {
        Ok(Service)
    }

    fn show(&self, notice: &Notice) -> notify_rust::error::Result<()> {
        let mut notification = notify_rust::Notification::new();
        notification.appname("Papo").summary(&notice.title).body(&notice.body).timeout(SHOWN_FOR_MS).show().map(drop)
    }
}

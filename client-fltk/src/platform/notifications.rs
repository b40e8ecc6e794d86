//! Desktop notifications.

use notify_rust::Notification;

use super::background::Worker;

/// What a notification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its title.
    pub title: String,
    /// Its text: what others say, shown as it is.
    pub body: String,
}

/// How long one stands, where the desktop leaves that to the program: an alert is finite.
const SHOWN_FOR_MS: i32 = 8_000;

/// Shows notifications, each in place of the one before. Where there is no service, nothing is shown.
#[derive(Debug)]
pub struct Notifications(Worker<Notice>);

impl Notifications {
    /// No thread starts before the first [`show`](Notifications::show).
    pub fn new() -> Notifications {
        let mut last = None;
        Notifications(Worker::latest("notifications", move |notice| {
            last = show(&notice, last).unwrap_or(None);
        }))
    }

    /// Shows `notice`.
    pub fn show(&mut self, notice: Notice) {
        self.0.hand(notice);
    }
}

impl Default for Notifications {
    fn default() -> Notifications {
        Notifications::new()
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn show(notice: &Notice, last: Option<u32>) -> notify_rust::error::Result<Option<u32>> {
    use notify_rust::Hint;

    let reads_markup = notify_rust::get_capabilities()?.iter().any(|it| it == "body-markup");
    let body = if reads_markup { escaped(&notice.body) } else { notice.body.clone() };
    let mut notification = Notification::new();
    notification.appname("Papo").icon("papo").summary(&notice.title).body(&body).timeout(SHOWN_FOR_MS);
    // The sound is the window's own, so that its switch holds everywhere.
    notification.hint(Hint::SuppressSound(true)).hint(Hint::DesktopEntry("papo".to_owned()));
    notification.hint(Hint::Category("im.received".to_owned()));
    if let Some(id) = last {
        notification.id(id);
    }
    notification.show().map(|handle| Some(handle.id()))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn show(notice: &Notice, _last: Option<u32>) -> notify_rust::error::Result<Option<u32>> {
    Notification::new().appname("Papo").summary(&notice.title).body(&notice.body).timeout(SHOWN_FOR_MS).show()?;
    Ok(None)
}

/// Text from others is never interpreted, where the service would read it as markup.
#[cfg(all(unix, not(target_os = "macos")))]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn markup_of_others_is_text() {
        assert_eq!(escaped("<b>a & b</b> &lt;"), "&lt;b&gt;a &amp; b&lt;/b&gt; &amp;lt;");
        assert_eq!(escaped("olá, ana"), "olá, ana");
    }
}

//! The desktop's own dialog for saving a file. It runs in a process of the desktop's, so that nothing here waits for
//! it.

use std::path::PathBuf;

use super::background;

/// The outcome of the dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The file to write. If it exists already, the dialog has asked whether it may be replaced.
    Chosen(PathBuf),
    /// The person chose no file.
    Cancelled,
    /// The desktop has no such dialog, or it ended without an answer: the person has to be asked in another way.
    Unavailable,
}

/// Asks where to save a file, with `suggested_name` filled in, and calls `tell` with the answer from another thread.
pub fn ask(suggested_name: String, title: String, tell: impl FnOnce(Answer) + Send + 'static) {
    let ask = move || portal::ask(None, &suggested_name, &title);
    background::answer_later("save-dialog", ask, || Answer::Unavailable, tell);
}

/// The XDG desktop portal, over D-Bus.
#[cfg(all(unix, not(target_os = "macos")))]
mod portal {
    use std::collections::HashMap;
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    use std::path::PathBuf;
    use std::time::Duration;

    use zbus::blocking::connection::Builder;
    use zbus::blocking::{Connection, MessageIterator};
    use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

    use super::Answer;

    /// Limit for the portal to open the dialog; the person may take any time.
    const PATIENCE: Duration = Duration::from_secs(10);
    pub(super) const SERVICE: &str = "org.freedesktop.portal.Desktop";
    pub(super) const REQUEST: &str = "org.freedesktop.portal.Request";
    const BUS: &str = "org.freedesktop.DBus";

    /// Asks on the session's bus, or on the bus at `address`.
    pub(super) fn ask(address: Option<&str>, suggested_name: &str, title: &str) -> Answer {
        connect(address).and_then(|bus| converse(&bus, suggested_name, title)).unwrap_or(Answer::Unavailable)
    }

    fn connect(address: Option<&str>) -> zbus::Result<Connection> {
        address.map_or_else(Builder::session, Builder::address)?.method_timeout(PATIENCE).build()
    }

    fn converse(bus: &Connection, suggested_name: &str, title: &str) -> zbus::Result<Answer> {
        // Subscribe before the question: the answer may be there before the call returns.
        let messages = MessageIterator::from(bus);
        watch(bus, &format!("type='signal',sender='{SERVICE}',interface='{REQUEST}',member='Response'"))?;
        watch(bus, &format!("type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{SERVICE}'"))?;
        let options = HashMap::from([("current_name", Value::from(suggested_name)), ("modal", Value::from(true))]);
        let chooser = "org.freedesktop.portal.FileChooser";
        let path = "/org/freedesktop/portal/desktop";
        let reply = bus.call_method(Some(SERVICE), path, Some(chooser), "SaveFile", &("", title, options))?;
        let request: OwnedObjectPath = reply.body().deserialize()?;
        for message in messages {
            let message = message?;
            let header = message.header();
            match header.member().map(zbus::names::MemberName::as_str) {
                Some("Response") if header.path() == Some(&*request) => {
                    return Ok(answer(message.body().deserialize()?));
                }
                Some("NameOwnerChanged") => {
                    let (_name, _before, owner): (String, String, String) = message.body().deserialize()?;
                    if owner.is_empty() {
                        break;
                    }
                }
                _ => {}
            }
        }
        Ok(Answer::Unavailable)
    }

    fn watch(bus: &Connection, rule: &str) -> zbus::Result<()> {
        bus.call_method(Some(BUS), "/org/freedesktop/DBus", Some(BUS), "AddMatch", &rule).map(drop)
    }

    fn answer((response, mut results): (u32, HashMap<String, OwnedValue>)) -> Answer {
        match response {
            0 => {
                let uris = results.remove("uris").and_then(|uris| Vec::<String>::try_from(uris).ok());
                let path = uris.as_ref().and_then(|uris| uris.first()).and_then(|uri| path(uri));
                path.map_or(Answer::Unavailable, Answer::Chosen)
            }
            1 => Answer::Cancelled,
            _ => Answer::Unavailable,
        }
    }

    /// The file that `uri` names on this machine.
    fn path(uri: &str) -> Option<PathBuf> {
        let path = uri.strip_prefix("file://").filter(|path| path.starts_with('/'))?;
        let bytes: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
        Some(OsString::from_vec(bytes).into())
    }
}

/// Other systems, on which there is no such dialog yet.
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod portal {
    use super::Answer;

    pub(super) fn ask(_address: Option<&str>, _suggested_name: &str, _title: &str) -> Answer {
        Answer::Unavailable
    }
}

#[cfg(test)]
#[cfg(all(unix, not(target_os = "macos")))]
mod tests;

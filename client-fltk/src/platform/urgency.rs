//! Requests to the window manager: attention to the window, by the urgency hint, and its place in front. Only X11
//! has it.

use fltk::prelude::WindowExt;

use super::background::{self, Worker};

/// Sets the hint of the window with that X11 id, or takes it back.
pub fn worker() -> Worker<(u64, bool)> {
    // A window may be gone by now, and so may the screen.
    Worker::latest("urgency", |(window, is_urgent)| drop(set(window, is_urgent)))
}

/// The X11 id of a window that is shown; `None` on systems that have no urgency hint.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn handle_of(window: &impl WindowExt) -> Option<u64> {
    Some(window.raw_handle())
}

/// The X11 id of a window that is shown; `None` on systems that have no urgency hint.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn handle_of(_window: &impl WindowExt) -> Option<u64> {
    None
}

/// Asks the window manager to bring that window to the front, with the keyboard focus.
pub fn raise(window: u64) {
    background::run("raise", move || {
        let _ = activate(window);
    });
}

#[cfg(all(unix, not(target_os = "macos")))]
fn activate(window: u64) -> Result<(), Box<dyn std::error::Error>> {
    use x11rb::connection::Connection as _;
    use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

    /// Source of the request: the person, by a program other than the window, whose requests window managers grant.
    const BY_THE_PERSON: u32 = 2;

    let (connection, screen) = x11rb::connect(None)?;
    let root = connection.setup().roots.get(screen).ok_or("no such screen")?.root;
    let request = connection.intern_atom(false, b"_NET_ACTIVE_WINDOW")?.reply()?.atom;
    let event = ClientMessageEvent::new(32, u32::try_from(window)?, request, [BY_THE_PERSON, 0, 0, 0, 0]);
    let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
    connection.send_event(false, root, mask, event)?.check()?;
    Ok(())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn activate(_window: u64) -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

#[cfg(all(unix, not(target_os = "macos")))]
fn set(window: u64, is_urgent: bool) -> Result<(), Box<dyn std::error::Error>> {
    use x11rb::connection::Connection as _;
    use x11rb::properties::WmHints;

    let window = u32::try_from(window)?;
    let (connection, _screen) = x11rb::connect(None)?;
    let mut hints = WmHints::get(&connection, window)?.reply()?.unwrap_or_default();
    hints.urgent = is_urgent;
    hints.set(&connection, window)?.check()?;
    connection.flush()?;
    Ok(())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn set(_window: u64, _is_urgent: bool) -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_is_not_there_is_an_error() {
        // Without a screen there is one, too.
        assert!(set(0, true).is_err());
    }
}

//! The urgency hint: the window's entry in the task bar asks for attention. Only X11 has it.

use fltk::prelude::WindowExt;

use super::background::Worker;

/// Sets the hint.
#[derive(Debug)]
pub struct Urgency(Worker<(u64, bool)>);

impl Urgency {
    /// No thread starts before the first [`set`](Urgency::set).
    pub fn new() -> Urgency {
        // A window may be gone by now, and so may the screen.
        Urgency(Worker::latest("urgency", |(window, is_urgent)| {
            let _ = set(window, is_urgent);
        }))
    }

    /// Sets or takes back the hint of the window with that X11 id.
    pub fn set(&mut self, window: u64, is_urgent: bool) {
        self.0.hand((window, is_urgent));
    }
}

impl Default for Urgency {
    fn default() -> Urgency {
        Urgency::new()
    }
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

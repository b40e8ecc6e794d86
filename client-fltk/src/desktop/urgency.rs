//! The urgency hint: the window's entry in the task bar asks for attention. X11 alone knows it.

use std::sync::mpsc::Receiver;

/// Sets or takes back the hint of each window.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn set_all(windows: Receiver<(u64, bool)>) {
    for (window, is_urgent) in windows {
        // A window may be gone by now, and so may the screen.
        let _ = set(window as u32, is_urgent);
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn set(window: u32, is_urgent: bool) -> Result<(), Box<dyn std::error::Error>> {
    use x11rb::connection::Connection as _;
    use x11rb::properties::WmHints;

    let (connection, _screen) = x11rb::connect(None)?;
    let mut hints = WmHints::get(&connection, window)?.reply()?.unwrap_or_default();
    hints.urgent = is_urgent;
    hints.set(&connection, window)?.check()?;
    connection.flush()?;
    Ok(())
}

/// Elsewhere there is none; whatever is asked is done.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn set_all(windows: Receiver<(u64, bool)>) {
    windows.into_iter().for_each(drop);
}

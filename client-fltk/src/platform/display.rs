//! Whether there is a screen to open a window on.
//!
//! FLTK ends the program with a line in English where it cannot open the display, so it is tried before.

/// Tries to open the display that `DISPLAY` names. An error is one sentence for people.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn check() -> Result<(), String> {
    let display = std::env::var("DISPLAY").unwrap_or_default();
    if display.is_empty() {
        return Err(crate::strings::NO_DISPLAY.to_owned());
    }
    if x11::opens(&display) { Ok(()) } else { Err(crate::strings::display_unreachable(&display)) }
}

/// Tries to open the display. An error is one sentence for people.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn check() -> Result<(), String> {
    Ok(())
}

#[cfg(all(unix, not(target_os = "macos")))]
mod x11 {
    use std::sync::mpsc;
    use std::time::Duration;

    use crate::platform::background;

    /// The longest wait for a display on another machine.
    const PATIENCE: Duration = Duration::from_secs(5);

    /// Whether the X server of that name answers and lets this program in.
    pub(super) fn opens(display: &str) -> bool {
        let (tell, answer) = mpsc::sync_channel(1);
        let display = display.to_owned();
        background::run("display", move || {
            let _ = tell.send(x11rb::connect(Some(&display)).is_ok());
        });
        answer.recv_timeout(PATIENCE).unwrap_or(false)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_names_no_x_server_does_not_open() {
            for display in [":65123", "localhost:65123", "0", ":", ":x", ":70000"] {
                assert!(!opens(display), "{display}");
            }
        }

        /// An X server that takes the connection and refuses the authorisation, as another user's does.
        #[test]
        fn a_display_that_refuses_this_program_does_not_open() {
            use std::io::{Read as _, Write as _};
            let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let port = listener.local_addr().expect("an address").port();
            let Some(number) = port.checked_sub(6000) else { return };
            let server = background::run("test", move || {
                let (mut client, _) = listener.accept().expect("a client");
                client.read_exact(&mut [0; 12]).expect("its hello");
                // Failed, 4 bytes of reason, X11, 1 word follows: the reason.
                client.write_all(b"\0\x04\x0b\0\0\0\x01\0nope").expect("answered");
                let _ = client.read_to_end(&mut Vec::new());
            });
            assert!(!opens(&format!("127.0.0.1:{number}")));
            server.wait();
        }
    }
}

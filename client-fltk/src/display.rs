//! Whether there is a screen to open a window on.
//!
//! FLTK ends the program by itself, with a line in English, where it cannot open the display: so it is tried before.

/// An error is one sentence for people.
#[cfg(any(not(unix), target_os = "macos"))]
pub fn check() -> Result<(), String> {
    Ok(())
}

/// An error is one sentence for people.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn check() -> Result<(), String> {
    let display = std::env::var("DISPLAY").unwrap_or_default();
    if display.is_empty() {
        return Err(crate::strings::NO_DISPLAY.to_owned());
    }
    if x11::answers(&display) { Ok(()) } else { Err(crate::strings::display_unreachable(&display)) }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod x11 {
    use std::net::{TcpStream, ToSocketAddrs as _};
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    const FIRST_PORT: u16 = 6000;
    const PATIENCE: Duration = Duration::from_secs(5);

    /// Whether an X server takes connections under that name: `:0`, `unix:0.0`, `host:10.0`.
    pub(super) fn answers(display: &str) -> bool {
        let Some((host, number)) = parse(display) else { return false };
        match host {
            "" | "unix" => answers_locally(number),
            host => answers_at(host, number),
        }
    }

    fn parse(display: &str) -> Option<(&str, u16)> {
        let (host, rest) = display.rsplit_once(':')?;
        let number = rest.split_once('.').map_or(rest, |(number, _screen)| number);
        Some((host, number.parse().ok()?))
    }

    fn answers_locally(number: u16) -> bool {
        let path = format!("/tmp/.X11-unix/X{number}");
        UnixStream::connect(&path).is_ok() || answers_abstractly(&path)
    }

    /// Linux knows sockets that have a name and no file.
    #[cfg(target_os = "linux")]
    fn answers_abstractly(path: &str) -> bool {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::net::SocketAddr;
        SocketAddr::from_abstract_name(path).is_ok_and(|address| UnixStream::connect_addr(&address).is_ok())
    }

    #[cfg(not(target_os = "linux"))]
    fn answers_abstractly(_path: &str) -> bool {
        false
    }

    fn answers_at(host: &str, number: u16) -> bool {
        let Some(port) = FIRST_PORT.checked_add(number) else { return false };
        let mut addresses = (host, port).to_socket_addrs().into_iter().flatten();
        addresses.any(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn names_of_displays() {
            for (name, display) in [
                (":0", Some(("", 0))),
                (":99.0", Some(("", 99))),
                ("unix:1", Some(("unix", 1))),
                ("localhost:10.0", Some(("localhost", 10))),
                ("", None),
                ("0", None),
                (":", None),
                (":x", None),
                (":70000", None),
            ] {
                assert_eq!(parse(name), display, "{name}");
            }
        }

        #[test]
        fn nobody_answers_at_a_display_that_does_not_exist() {
            assert!(!answers(":65123"));
            assert!(!answers("localhost:65123"), "a port that cannot be");
        }
    }
}

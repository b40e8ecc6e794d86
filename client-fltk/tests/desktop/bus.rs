//! A session bus of a test's own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Ends with the test, and with it whatever was started over it.
pub struct SessionBus {
    daemon: Child,
    pub address: String,
}

impl SessionBus {
    /// Starts it, with these variables for the services that it starts.
    pub fn start(variables: &[(&str, &str)]) -> SessionBus {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is not installed: run scripts/setup test");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        SessionBus { daemon, address: address.trim().to_owned() }
    }
}

impl Drop for SessionBus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Calls a method on the bus at `address` and gives back the answer as text, empty if there is none.
pub fn call(address: &str, (service, object): (&str, &str), method: &str, arguments: &[&str]) -> String {
    let answer = Command::new("dbus-send")
        .args([&format!("--bus={address}"), "--print-reply", &format!("--dest={service}"), object, method])
        .args(arguments)
        .output()
        .expect("dbus-send is not installed: run scripts/setup test");
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

//! The wish of the system that the server end: SIGINT, SIGTERM, and SIGHUP, when its terminal is closed. Unix alone.

use std::{fmt, fs, io};

use mio::{Interest, Registry, Token, event};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook_mio::v1_0::Signals;

/// Becomes readable when the process is asked to end.
pub struct Signal(Signals);

/// What came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// That the server end; a second one, that it do so at once.
    End,
    /// The terminal is gone: that it end, however often that is told.
    HangUp,
}

impl Signal {
    /// From now on the signals no longer end the process by themselves. Whoever starts it by `nohup` wants it to outlive
    /// its terminal. An error where the system has no room for it.
    pub fn new() -> io::Result<Signal> {
        let hangup = (!is_ignored(SIGHUP)).then_some(SIGHUP);
        Signals::new([SIGINT, SIGTERM].into_iter().chain(hangup)).map(Signal)
    }

    /// What has come since the last time.
    pub fn take(&mut self) -> Vec<Wish> {
        self.0.pending().map(|signal| if signal == SIGHUP { Wish::HangUp } else { Wish::End }).collect()
    }
}

/// Whether the process was started with that signal ignored. Only Linux tells without unsafe.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or_default();
    ignored >> (signal - 1) & 1 == 1
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signal")
    }
}

impl event::Source for Signal {
    fn register(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        self.0.register(registry, token, interest)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        self.0.reregister(registry, token, interest)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        self.0.deregister(registry)
    }
}

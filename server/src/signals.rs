//! The wish of the system that the server end: SIGINT and SIGTERM. Unix alone.

use std::{fmt, io};

use mio::{Interest, Registry, Token, event};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook_mio::v1_0::Signals;

/// Becomes readable when the process is asked to end.
pub struct Signal(Signals);

impl Signal {
    /// From now on the two signals no longer end the process by themselves.
    pub fn new() -> io::Result<Signal> {
        Signals::new([SIGINT, SIGTERM]).map(Signal)
    }

    /// How many have come since the last time.
    pub fn take(&mut self) -> usize {
        self.0.pending().count()
    }
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

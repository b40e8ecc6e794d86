//! The other end of one of the server's connections.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use papo_common::{CloseReason, Dialect, Event, Telnet, json, words};
use papo_server::connection::stall::STALL_TIMEOUT;

/// A client that checks what it reads.
pub(super) struct Client {
    stream: TcpStream,
    dialect: Option<Dialect>,
    telnet: Telnet,
    said: Vec<u8>,
    unread: Vec<u8>,
    /// The story's time when it last read all there was.
    heard_at: Duration,
}

impl Client {
    pub(super) fn new(stream: TcpStream, now: Duration) -> Client {
        stream.set_nonblocking(true).unwrap();
        stream.set_nodelay(true).unwrap();
        // A close is a reset: it leaves no port behind that could not be used again for a minute.
        socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
        let (telnet, said, unread) = Default::default();
        Client { stream, dialect: None, telnet, said, unread, heard_at: now }
    }

    /// Whether the server still reads it is not known.
    pub(super) fn send(&mut self, bytes: &[u8], now: Duration) {
        if self.dialect.is_none() {
            // Who is sent away before it has said a byte is told so as `nc` would be.
            self.hear(now);
            self.telnet.filter(bytes, &mut self.said);
            self.dialect = Dialect::of(&self.said);
        }
        let _ = self.stream.write(bytes);
    }

    pub(super) fn finish(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Reads all there is at `now`, the story's time.
    pub(super) fn hear(&mut self, now: Duration) {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = self.stream.read(&mut bytes) {
            self.unread.extend_from_slice(&bytes[..read]);
        }
        while let Some(end) = self.unread.iter().position(|&b| b == b'\n') {
            let line: Vec<u8> = self.unread.drain(..=end).take(end).collect();
            self.check(std::str::from_utf8(&line).unwrap(), now);
        }
        self.heard_at = now;
    }

    fn check(&self, line: &str, now: Duration) {
        assert!(line.chars().all(|c| c == '\t' || !c.is_control()), "{line:?}");
        if self.dialect == Some(Dialect::Json) && line != words::SERVER_CLOSED {
            let event = json::parse_event(line).unwrap_or_else(|_| panic!("{line}"));
            // Nobody can fall behind by the hard limit in so short a story.
            let is_slow = matches!(event, Event::Closed { reason: CloseReason::Slow, .. });
            assert!(!is_slow || now >= self.heard_at + STALL_TIMEOUT, "a reader that reads was closed: {line}");
        }
    }
}

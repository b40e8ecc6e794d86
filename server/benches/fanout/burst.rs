//! Members who use up all that the rate limit lets them say at once, against a reader behind a slow line.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use socket2::{Domain, Socket, Type};

use crate::crowd::{Crowd, Deaf};
use crate::interrupt;
use crate::rows::TALKERS;
use crate::servers::{Kind, Running};
use crate::text::{LENGTH, MARK, Text};
use crate::wire::Wire;

/// How many messages each says: the burst is 100.
const MESSAGES: usize = 99;
/// How long each message is, in bytes.
const SIZE: usize = 4_000;
/// How many bytes the reader takes in a second: 20 Mbit.
const SPEED: f64 = 20e6 / 8.0;
/// How many bytes may lie in its kernel unread.
const RECEIVE_BUFFER: usize = 64 * 1024;
/// How many bytes it reads at most at once.
const SIP: usize = 16 * 1024;
/// A reader to whom nothing comes for this long will hear nothing more.
const PATIENCE: Duration = Duration::from_secs(3);
/// How much of the time that it did not read it may make up for.
const SLACK: Duration = Duration::from_millis(20);
/// How long the others wait for something to come before they look whether it is done.
const TICK: Duration = Duration::from_millis(2);

/// Lets [`TALKERS`] native members say their messages at once; how many of them a reader of that kind does not hear, which
/// reads no faster than 20 Mbit/s.
pub(crate) fn missed(kind: Kind, server: &Running) -> Result<usize> {
    let mut reader = Reader::enter(server.addr, kind.wire(0))?;
    let mut talkers = Crowd::enter(Kind::PapoNative, server.addr, TALKERS)?;
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || reader.read_all().map(|()| reader.missed()));
        for talker in 0..TALKERS {
            talkers.send(talker, said(talker).as_bytes())?;
        }
        while !reading.is_finished() {
            talkers.turn(TICK, &mut Deaf)?;
        }
        reading.join().map_err(|_| anyhow!("the reader panicked"))?
    })
}

/// All that one of them says.
fn said(talker: usize) -> String {
    let line = |number: usize| {
        let text = Text { sender: talker, number: number as u32, stamp: 0 }.encode();
        let text = String::from_utf8_lossy(&text).into_owned();
        format!("{{\"type\":\"say\",\"ref\":{},\"text\":\"{text:.<SIZE$}\"}}\n", number + 1)
    };
    (0..MESSAGES).map(line).collect()
}

/// Reads at its own pace.
struct Reader {
    stream: TcpStream,
    /// Heard, but not looked at.
    heard: Vec<u8>,
    /// By talker: how many messages it has heard.
    next: [u32; TALKERS],
}

impl Reader {
    fn enter(addr: SocketAddr, wire: Wire) -> Result<Reader> {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
        // Before it connects: what is offered to the other side from the beginning.
        socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
        socket.connect(&addr.into())?;
        let mut reader = Reader { stream: socket.into(), heard: Vec::new(), next: [0; TALKERS] };
        reader.stream.set_read_timeout(Some(PATIENCE))?;
        let mut hello = Vec::new();
        wire.enter("reader", &mut hello);
        reader.stream.write_all(&hello)?;
        let is_in = |heard: &[u8]| memchr::memmem::find(heard, wire.entered()).is_some();
        while !is_in(&reader.heard) {
            ensure!(reader.sip()? > 0, "the reader is not let in");
        }
        Ok(reader)
    }

    /// Reads until it has heard everything, nothing comes any more, or the server closes it.
    fn read_all(&mut self) -> Result<()> {
        let mut due = Instant::now();
        while self.missed() > 0 {
            interrupt::check()?;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let read = self.sip()?;
            if read == 0 {
                break;
            }
            self.hear()?;
            // What it could have read while nothing came is lost, but not what it has slept too long.
            let now = Instant::now();
            due = due.max(now.checked_sub(SLACK).unwrap_or(now)) + Duration::from_secs_f64(read as f64 / SPEED);
        }
        Ok(())
    }

    /// Reads once; how many bytes, 0 at the end.
    fn sip(&mut self) -> Result<usize> {
        let mut sip = [0; SIP];
        match self.stream.read(&mut sip) {
            Ok(read) => {
                self.heard.extend(&sip[..read]);
                Ok(read)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::ConnectionReset) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Counts the messages heard whole, and checks that none is left out before another.
    fn hear(&mut self) -> Result<()> {
        let mut used = 0;
        for end in memchr::memchr_iter(b'\n', &self.heard) {
            let line = &self.heard[used..end];
            used = end + 1;
            let Some(text) = memchr::memchr(MARK, line).and_then(|start| line[start..].first_chunk::<LENGTH>()) else {
                continue;
            };
            let text = Text::parse(text)?;
            let next = self.next.get_mut(text.sender).ok_or_else(|| anyhow!("a talker that there is not"))?;
            ensure!(text.number == *next, "the reader heard message {} of {}, not {next}", text.number, text.sender);
            *next += 1;
        }
        self.heard.drain(..used);
        Ok(())
    }

    fn missed(&self) -> usize {
        self.next.iter().map(|&next| MESSAGES - next as usize).sum()
    }
}

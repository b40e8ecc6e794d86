//! Many clients on one thread: connected, in, heard. What they hear goes to a [`Listener`].

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use memchr::memmem;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::interrupt;
use crate::servers::Kind;
use crate::wire::Wire;

const SCRATCH: usize = 256 * 1024;
/// How many come before the next wait for them to be in.
const CHUNK: usize = 64;
/// A server of which nothing comes for this long has nothing more to say.
const QUIET: Duration = Duration::from_millis(60);
/// A server of which nothing comes for this long although something must is stuck.
const PATIENCE: Duration = Duration::from_secs(20);

/// Takes in what the members hear.
pub(crate) trait Listener {
    /// Takes in `bytes`, what `member` has heard; how many of them are done with. The others come again, with more.
    fn hear(&mut self, member: usize, bytes: &[u8]) -> Result<usize>;
}

/// The members of one server's room.
pub(crate) struct Crowd {
    /// What their names begin with.
    initial: char,
    poll: Poll,
    readiness: Events,
    members: Vec<Member>,
    scratch: Box<[u8]>,
}

struct Member {
    stream: TcpStream,
    wire: Wire,
    /// How many messages it has said.
    said: u64,
    /// Heard, but not done with.
    heard: Vec<u8>,
    /// Said, but not taken by the socket.
    unsaid: Vec<u8>,
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new() -> Result<Crowd> {
        Crowd::named('m')
    }

    fn named(initial: char) -> Result<Crowd> {
        let (poll, readiness) = (Poll::new()?, Events::with_capacity(1024));
        Ok(Crowd { initial, poll, readiness, members: Vec::new(), scratch: vec![0; SCRATCH].into() })
    }

    /// Connects `count` members to a server of that kind at `addr` and lets them in, a chunk at a time.
    pub(crate) fn enter(kind: Kind, addr: SocketAddr, count: usize) -> Result<Crowd> {
        Crowd::enter_as('m', kind, addr, count)
    }

    /// The same for members whose names begin with `initial`, so that they may be in a room with others.
    pub(crate) fn enter_as(initial: char, kind: Kind, addr: SocketAddr, count: usize) -> Result<Crowd> {
        let mut crowd = Crowd::named(initial)?;
        let mut entering = Entering { wires: (0..count).map(|member| kind.wire(member)).collect(), is_in: vec![] };
        // These let newcomers in once a second or so, however many there are.
        let size = if matches!(kind, Kind::Inspircd | Kind::Ngircd) { count } else { CHUNK };
        for chunk in (0..count).step_by(size) {
            for member in chunk..count.min(chunk + size) {
                crowd.connect(addr, kind.wire(member))?;
                entering.is_in.push(false);
                crowd.introduce(member)?;
            }
            crowd
                .until("somebody is not let in", &mut entering, |entering| entering.is_in.iter().all(|&is_in| is_in))?;
        }
        crowd.settle()?;
        Ok(crowd)
    }

    /// Connects `count` members that say nothing yet.
    pub(crate) fn connected(kind: Kind, addr: SocketAddr, count: usize) -> Result<Crowd> {
        let mut crowd = Crowd::new()?;
        for member in 0..count {
            crowd.connect(addr, kind.wire(member))?;
            // Some servers keep hardly anyone waiting to be accepted, and who does not fit tries again after a second.
            if member % 8 == 7 {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        crowd.settle()?;
        Ok(crowd)
    }

    /// Connects one more member.
    pub(crate) fn connect(&mut self, addr: SocketAddr, wire: Wire) -> Result<()> {
        let stream = std::net::TcpStream::connect(addr).context("not connected")?;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        let mut stream = TcpStream::from_std(stream);
        let both = Interest::READABLE | Interest::WRITABLE;
        self.poll.registry().register(&mut stream, Token(self.members.len()), both)?;
        self.members.push(Member { stream, wire, said: 0, heard: Vec::new(), unsaid: Vec::new() });
        Ok(())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// What `member` speaks.
    pub(crate) fn wire(&self, member: usize) -> Wire {
        self.members[member].wire
    }

    /// Lets `member` say who it is.
    pub(crate) fn introduce(&mut self, member: usize) -> Result<()> {
        let speaker = &mut self.members[member];
        speaker.wire.enter(&format!("{}{member:05}", self.initial), &mut speaker.unsaid);
        speaker.write()
    }

    /// Lets everyone show that it is still there, and hears what has come meanwhile: other rooms have had their turn.
    pub(crate) fn wake(&mut self) -> Result<()> {
        for member in &mut self.members {
            member.unsaid.extend(member.wire.sign_of_life());
            member.write()?;
        }
        self.settle()
    }

    /// Prepares a message of `member`.
    pub(crate) fn say(&mut self, member: usize, text: &[u8; crate::text::LENGTH]) {
        let speaker = &mut self.members[member];
        speaker.wire.say(speaker.said, text, &mut speaker.unsaid);
        speaker.said += 1;
    }

    /// Sends `bytes` as they are, or as soon as `member` can.
    pub(crate) fn send(&mut self, member: usize, bytes: &[u8]) -> Result<()> {
        self.members[member].unsaid.extend(bytes);
        self.write(member)
    }

    /// Sends what `member` has to say.
    pub(crate) fn write(&mut self, member: usize) -> Result<()> {
        self.members[member].write()
    }

    /// Hears what has come, waiting at most `timeout` for something; how many bytes.
    pub(crate) fn turn(&mut self, timeout: Duration, listener: &mut impl Listener) -> Result<usize> {
        interrupt::check()?;
        match self.poll.poll(&mut self.readiness, Some(timeout)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        let mut heard = 0;
        for ready in &self.readiness {
            let Token(key) = ready.token();
            let member = &mut self.members[key];
            heard += member.read(key, &mut self.scratch, listener)?;
            if ready.is_writable() {
                member.write()?;
            }
        }
        Ok(heard)
    }

    /// Hears until `is_done`; an error that says `otherwise` if nothing comes for too long.
    pub(crate) fn until<L: Listener>(
        &mut self,
        otherwise: &str,
        listener: &mut L,
        is_done: impl Fn(&L) -> bool,
    ) -> Result<()> {
        let mut last = Instant::now();
        while !is_done(listener) {
            if self.turn(QUIET, listener)? > 0 {
                last = Instant::now();
            }
            ensure!(last.elapsed() < PATIENCE, "{otherwise}");
        }
        Ok(())
    }

    /// Hears until nothing more comes.
    pub(crate) fn settle(&mut self) -> Result<()> {
        let start = Instant::now();
        while self.turn(QUIET, &mut Deaf)? > 0 || start.elapsed() < QUIET {}
        Ok(())
    }
}

impl Member {
    fn read(&mut self, key: usize, scratch: &mut [u8], listener: &mut impl Listener) -> Result<usize> {
        let mut sum = 0;
        loop {
            let rest = self.heard.len();
            ensure!(rest < scratch.len() / 2, "member {key} cannot make sense of what it hears");
            scratch[..rest].copy_from_slice(&self.heard);
            let read = match self.stream.read(&mut scratch[rest..]) {
                Ok(0) => bail!("the server closed member {key}: …{}", String::from_utf8_lossy(&self.heard).trim_end()),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(sum),
                Err(error) => return Err(error).with_context(|| format!("member {key}")),
            };
            let bytes = &scratch[..rest + read];
            let used = listener.hear(key, bytes)?;
            self.heard.clear();
            self.heard.extend(&bytes[used..]);
            sum += read;
            // Edge-triggered: what came after a read that was not filled makes a new edge.
            if bytes.len() < scratch.len() {
                return Ok(sum);
            }
        }
    }

    fn write(&mut self) -> Result<()> {
        let mut written = 0;
        while written < self.unsaid.len() {
            match self.stream.write(&self.unsaid[written..]) {
                Ok(more) => written += more,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        self.unsaid.drain(..written);
        Ok(())
    }
}

/// Finds every whole `token` in `bytes`; how many bytes need not be looked at again.
pub(crate) fn each_token(token: &memmem::Finder<'_>, bytes: &[u8], mut found: impl FnMut()) -> usize {
    let mut used = bytes.len().saturating_sub(token.needle().len() - 1);
    for start in token.find_iter(bytes) {
        found();
        used = used.max(start + token.needle().len());
    }
    used
}

/// Hears everything and remembers nothing.
pub(crate) struct Deaf;

impl Listener for Deaf {
    fn hear(&mut self, _: usize, bytes: &[u8]) -> Result<usize> {
        Ok(bytes.len())
    }
}

/// Waits until each is in.
struct Entering {
    wires: Vec<Wire>,
    is_in: Vec<bool>,
}

impl Listener for Entering {
    fn hear(&mut self, member: usize, bytes: &[u8]) -> Result<usize> {
        if self.is_in[member] {
            return Ok(bytes.len());
        }
        let entered = &mut self.is_in[member];
        Ok(each_token(&memmem::Finder::new(self.wires[member].entered()), bytes, || *entered = true))
    }
}

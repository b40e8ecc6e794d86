//! The bare loops: read, prefix the name, write. What the kernel costs, and nothing else; the limit for any server.

use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice, Read as _, Write as _};
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Result, bail};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use slab::Slab;

/// How what is said gets to the readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Stored once per turn, written from there to every reader.
    Shared,
    /// Stored once per message in a block that all readers share, written by `writev`.
    Blocks,
    /// Copied into a buffer per reader, each written once per turn.
    Copy,
    /// Written to every reader at once, message by message.
    Each,
}

struct Peer {
    stream: TcpStream,
    /// Empty until it is said.
    name: Vec<u8>,
    unfinished: Vec<u8>,
    waiting: Vec<u8>,
    blocks: VecDeque<Rc<[u8]>>,
    /// How much of the first block it was written.
    of_first: usize,
    /// How much of the shared text it was written.
    read_to: usize,
}

struct Bare {
    shape: Shape,
    peers: Slab<Peer>,
    shared: Vec<u8>,
}

/// The most that the kernel takes in one `writev`.
const MAX_SLICES: usize = 1024;
const LISTENER: Token = Token(usize::MAX);

/// Serves on `addr` until the process is ended.
pub(crate) fn serve(shape: Shape, addr: SocketAddr) -> Result<()> {
    let mut poll = Poll::new()?;
    let mut listener = TcpListener::from_std(papo_listener(addr)?);
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut bare = Bare { shape, peers: Slab::new(), shared: Vec::new() };
    let (mut readiness, mut scratch) = (Events::with_capacity(1024), vec![0; 64 * 1024]);
    loop {
        match poll.poll(&mut readiness, None) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        for ready in &readiness {
            match ready.token() {
                LISTENER => bare.accept(&listener, &poll),
                Token(key) => bare.read(key, &mut scratch),
            }
        }
        bare.write();
    }
}

fn papo_listener(addr: SocketAddr) -> Result<std::net::TcpListener> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    socket.bind(&addr.into())?;
    socket.listen(4096)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

impl Bare {
    fn accept(&mut self, listener: &TcpListener, poll: &Poll) {
        while let Ok((mut stream, _)) = listener.accept() {
            let entry = self.peers.vacant_entry();
            let both = Interest::READABLE | Interest::WRITABLE;
            if stream.set_nodelay(true).and(poll.registry().register(&mut stream, Token(entry.key()), both)).is_ok() {
                let read_to = self.shared.len();
                entry.insert(Peer::new(stream, read_to));
            }
        }
    }

    fn read(&mut self, key: usize, scratch: &mut [u8]) {
        while let Some(peer) = self.peers.get_mut(key) {
            match peer.stream.read(scratch) {
                Ok(read) if read > 0 => {
                    peer.unfinished.extend(&scratch[..read]);
                    self.take_lines(key);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                _ => drop(self.peers.remove(key)),
            }
        }
    }

    fn take_lines(&mut self, key: usize) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let mut read = std::mem::take(&mut peer.unfinished);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &read) {
            self.hear(key, &read[start..=end]);
            start = end + 1;
        }
        read.drain(..start);
        if let Some(peer) = self.peers.get_mut(key).filter(|_| !read.is_empty()) {
            peer.unfinished = read;
        }
    }

    fn hear(&mut self, key: usize, line: &[u8]) {
        let peer = &mut self.peers[key];
        if peer.name.is_empty() {
            peer.name = [&line[..line.len() - 1], b": "].concat();
            // The answer is three bytes into an empty socket.
            let _ = peer.stream.write(b"OK\n");
            return;
        }
        let name = peer.name.clone();
        match self.shape {
            Shape::Shared => self.shared.extend([&name, line].concat()),
            Shape::Blocks => {
                let block: Rc<[u8]> = [&name, line].concat().into();
                self.peers.iter_mut().for_each(|(_, peer)| peer.blocks.push_back(Rc::clone(&block)));
            }
            Shape::Copy => self.peers.iter_mut().for_each(|(_, peer)| peer.queue(&name, line)),
            Shape::Each => self.peers.iter_mut().for_each(|(_, peer)| {
                peer.queue(&name, line);
                peer.write_waiting();
            }),
        }
    }

    fn write(&mut self) {
        if self.shape == Shape::Blocks {
            return self.peers.iter_mut().for_each(|(_, peer)| peer.write_blocks());
        }
        if self.shape != Shape::Shared {
            return self.peers.iter_mut().for_each(|(_, peer)| peer.write_waiting());
        }
        let mut slowest = self.shared.len();
        for (_, peer) in &mut self.peers {
            while peer.read_to < self.shared.len() {
                let Ok(written) = peer.stream.write(&self.shared[peer.read_to..]) else { break };
                peer.read_to += written;
            }
            slowest = slowest.min(peer.read_to);
        }
        if slowest == self.shared.len() && slowest > 0 {
            self.shared.clear();
            self.peers.iter_mut().for_each(|(_, peer)| peer.read_to = 0);
        }
    }
}

impl Peer {
    fn new(stream: TcpStream, read_to: usize) -> Peer {
        let (name, unfinished, waiting) = Default::default();
        Peer { stream, name, unfinished, waiting, blocks: VecDeque::new(), of_first: 0, read_to }
    }

    fn write_blocks(&mut self) {
        while !self.blocks.is_empty() {
            let from = |place, block: &'_ Rc<[u8]>| if place == 0 { self.of_first } else { 0 }.min(block.len());
            let slices = self.blocks.iter().take(MAX_SLICES).enumerate();
            let slices: Vec<_> = slices.map(|(place, block)| IoSlice::new(&block[from(place, block)..])).collect();
            let Ok(written) = self.stream.write_vectored(&slices) else { break };
            self.of_first += written;
            while let Some(first) = self.blocks.front().filter(|first| first.len() <= self.of_first) {
                self.of_first -= first.len();
                self.blocks.pop_front();
            }
        }
        if self.blocks.is_empty() {
            self.blocks = VecDeque::new();
        }
    }

    fn queue(&mut self, name: &[u8], line: &[u8]) {
        self.waiting.extend(name);
        self.waiting.extend(line);
    }

    fn write_waiting(&mut self) {
        let mut written = 0;
        while written < self.waiting.len() {
            let Ok(more) = self.stream.write(&self.waiting[written..]) else { break };
            written += more;
        }
        self.waiting.drain(..written);
        if self.waiting.is_empty() {
            self.waiting = Vec::new();
        }
    }
}

impl std::str::FromStr for Shape {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> Result<Shape> {
        Ok(match word {
            "shared" => Shape::Shared,
            "blocks" => Shape::Blocks,
            "copy" => Shape::Copy,
            "each" => Shape::Each,
            _ => bail!("no such shape: {word}"),
        })
    }
}

//! A network that makes trouble: delays, small pieces, freezes, cuts at a byte, resets, half closes.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

/// What happens to the bytes in either direction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// On their way to the server.
    pub up: Faults,
    /// On their way to the client.
    pub down: Faults,
}

/// What happens to bytes in one direction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// So many bytes pass untouched by `piece` and `delay`.
    pub whole: usize,
    /// At most so many bytes pass at once.
    pub piece: Option<usize>,
    /// Each piece comes later by so much.
    pub delay: Duration,
    /// After so many bytes nothing passes for so long.
    pub freeze: Option<(usize, Duration)>,
    /// After so many bytes it ends, so.
    pub end: Option<(usize, End)>,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Both ways in good order.
    Close,
    /// Both ways at once.
    Reset,
    /// This way alone; the other stays open.
    HalfClose,
}

/// A client's end of a connection through the trouble.
pub struct Link {
    pub stream: TcpStream,
    /// Its address as the server sees it.
    pub addr: SocketAddr,
    /// Not held on to: a reset goes out when the last of those who hold the sockets is gone.
    sides: Weak<Sides>,
}

impl Link {
    /// Connects to `server` by such a network.
    pub fn new(server: SocketAddr, plan: Plan) -> Link {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (client, _) = listener.accept().unwrap();
        let server = TcpStream::connect(server).unwrap();
        for side in [&stream, &client, &server] {
            side.set_nodelay(true).unwrap();
        }
        let addr = server.local_addr().unwrap();
        let sides = Arc::new(Sides { client, server, is_over: AtomicBool::new(false) });
        let (up, weak) = (Arc::clone(&sides), Arc::downgrade(&sides));
        thread::spawn(move || up.pump(&up.client, &up.server, plan.up));
        thread::spawn(move || sides.pump(&sides.server, &sides.client, plan.down));
        Link { stream, addr, sides: weak }
    }

    /// Ends it now.
    pub fn cut(&self, end: End) {
        if let Some(sides) = self.sides.upgrade() {
            sides.end(end, &sides.server);
        }
    }
}

struct Sides {
    client: TcpStream,
    server: TcpStream,
    is_over: AtomicBool,
}

impl Sides {
    fn pump(&self, mut from: &TcpStream, mut to: &TcpStream, faults: Faults) {
        let mut bytes = vec![0; 16 * 1024];
        let mut passed = 0;
        loop {
            if let Some((_, end)) = faults.end.filter(|&(at, _)| at == passed) {
                return self.end(end, to);
            }
            if let Some((_, long)) = faults.freeze.filter(|&(at, _)| at == passed) {
                thread::sleep(long);
            }
            let most = faults.most(passed).min(bytes.len());
            match from.read(&mut bytes[..most]) {
                _ if self.is_over.load(Ordering::SeqCst) => return,
                Ok(0) => return self.end(End::HalfClose, to),
                Err(_) => return self.end(End::Reset, to),
                Ok(read) => {
                    if passed >= faults.whole {
                        thread::sleep(faults.delay);
                    }
                    if to.write_all(&bytes[..read]).is_err() {
                        return self.end(End::Reset, to);
                    }
                    passed += read;
                }
            }
        }
    }

    fn end(&self, end: End, to: &TcpStream) {
        // An error means that this side has gone already.
        match end {
            End::HalfClose => drop(to.shutdown(Shutdown::Write)),
            End::Close => {
                self.is_over.store(true, Ordering::SeqCst);
                let _ = self.client.shutdown(Shutdown::Both);
                let _ = self.server.shutdown(Shutdown::Both);
            }
            End::Reset => {
                self.is_over.store(true, Ordering::SeqCst);
                for side in [&self.client, &self.server] {
                    let _ = socket2::SockRef::from(side).set_linger(Some(Duration::ZERO));
                    // Wakes the thread that reads it without a word to the other end; the last one closes it.
                    let _ = side.shutdown(Shutdown::Read);
                }
            }
        }
    }
}

impl Faults {
    /// How many bytes may pass before something happens.
    fn most(&self, passed: usize) -> usize {
        let to = |at: usize| at.checked_sub(passed).filter(|&left| left > 0);
        let end = self.end.and_then(|(at, _)| to(at));
        let freeze = self.freeze.and_then(|(at, _)| to(at));
        let piece = to(self.whole).or(self.piece);
        [end, freeze, piece].into_iter().flatten().min().unwrap_or(usize::MAX)
    }
}

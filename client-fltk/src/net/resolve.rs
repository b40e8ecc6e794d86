//! Name resolution. The system's resolver blocks, for half a minute where a name server does not answer, and cannot be
//! interrupted; so it runs on a short-lived thread that is abandoned when the connection is closed or out of time.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::address::Address;
use super::shared::Shared;

/// The addresses of a machine, most preferred first.
pub(super) type Lookup = dyn FnOnce() -> io::Result<Vec<SocketAddr>> + Send;

/// Limit of lookups at once in the whole program, abandoned ones included; past it the next lookup fails. Otherwise
/// entering and cancelling again and again would pile up threads.
const MAX_LOOKUPS: usize = 8;
/// Limit of addresses of one machine that are tried.
const MAX_ADDRESSES: usize = 16;

/// Looks `address` up with the system's resolver, which blocks: the usual [`Lookup`] for [`start`].
pub(super) fn resolve(address: &Address) -> io::Result<Vec<SocketAddr>> {
    (address.host(), address.port()).to_socket_addrs().map(Iterator::collect)
}

/// Runs `lookup` on a thread of its own and wakes the connection's thread when it is done. The receiver disconnects
/// without a word if it failed.
pub(super) fn start(lookup: Box<Lookup>, shared: &Arc<Shared>) -> Receiver<Vec<SocketAddr>> {
    let (sender, found) = mpsc::channel();
    let shared = Arc::clone(shared);
    if let Some(slot) = Slot::take() {
        let run = move || {
            if let Ok(addresses) = lookup() {
                let _ = sender.send(interleave(addresses));
            }
            drop(sender);
            drop(slot);
            shared.wake();
        };
        // A thread that could not be started has dropped the sender, too.
        let _ = thread::Builder::new().name("lookup".to_owned()).spawn(run);
    }
    found
}

struct Slot;

impl Slot {
    fn take() -> Option<Slot> {
        let is_free = |taken| (taken < MAX_LOOKUPS).then_some(taken + 1);
        TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, is_free).is_ok().then_some(Slot)
    }
}

static TAKEN: AtomicUsize = AtomicUsize::new(0);

impl Drop for Slot {
    fn drop(&mut self) {
        TAKEN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Alternates between the address families, beginning with the one that the system prefers: where one of the two leads
/// nowhere, the second attempt is one of the other (RFC 8305, section 4).
fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let is_first_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|it| it.is_ipv6() == is_first_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let pairs = std::iter::from_fn(|| {
        let pair = [first.next(), second.next()];
        pair.iter().any(Option::is_some).then_some(pair)
    });
    pairs.flatten().flatten().take(MAX_ADDRESSES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns() {
        let addresses = |texts: &[&str]| texts.iter().map(|it| it.parse().expect("an address")).collect::<Vec<_>>();
        for (found, tried) in [
            (vec![], vec![]),
            (vec!["1.1.1.1:1", "1.1.1.2:1"], vec!["1.1.1.1:1", "1.1.1.2:1"]),
            (vec!["[::1]:1", "[::2]:1", "1.1.1.1:1"], vec!["[::1]:1", "1.1.1.1:1", "[::2]:1"]),
            (vec!["1.1.1.1:1", "[::1]:1", "[::2]:1"], vec!["1.1.1.1:1", "[::1]:1", "[::2]:1"]),
        ] {
            assert_eq!(interleave(addresses(&found)), addresses(&tried));
        }
        assert_eq!(interleave(vec![([127, 0, 0, 1], 1).into(); 100]).len(), MAX_ADDRESSES);
    }
}

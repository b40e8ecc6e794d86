//! Many come at once.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use memchr::memmem;

use crate::crowd::{Crowd, Listener, each_token};
use crate::servers::{Kind, Running};

/// Lets `count` members that are connected say who they are all at once, and waits until each has been told of all
/// who came after it; the server's processor time for that, in seconds.
pub(crate) fn arrivals(kind: Kind, server: &Running, count: usize) -> Result<f64> {
    let Some(token) = kind.wire(0).arrival() else { return Ok(f64::NAN) };
    let mut crowd = Crowd::connected(kind, server.addr, count)?;
    let told_of_itself = if kind.wire(0).hears_own_arrival() { count } else { 0 };
    let expected = count * (count - 1) / 2 + told_of_itself;
    let before = server.process.cpu_ns()?;
    for member in 0..count {
        crowd.introduce(member)?;
    }
    let mut arrivals = Arrivals { token: memmem::Finder::new(token), heard: 0 };
    crowd.until("not all were told who came", &mut arrivals, |arrivals| arrivals.heard >= expected)?;
    crowd.settle()?;
    ensure!(arrivals.heard == expected, "{} arrivals were told, not {expected}", arrivals.heard);
    Ok((server.process.cpu_ns()? - before) as f64 / 1e9)
}

struct Arrivals<'a> {
    token: memmem::Finder<'a>,
    heard: usize,
}

impl Listener for Arrivals<'_> {
    fn hear(&mut self, _: usize, bytes: &[u8]) -> Result<usize> {
        Ok(each_token(&self.token, bytes, || self.heard += 1))
    }
}

/// Lets `count` native members in, none waiting for another, until each one's list of people is whole; how long that
/// took.
pub(crate) fn native(server: &Running, count: usize) -> Result<Duration> {
    let start = Instant::now();
    let (mut crowd, mut lists) = (Crowd::new()?, Lists::new(count));
    for member in 0..count {
        crowd.connect(server.addr, Kind::PapoNative.wire(member))?;
        crowd.introduce(member)?;
        crowd.turn(Duration::ZERO, &mut lists)?;
    }
    crowd.until("not every list of people is whole", &mut lists, |lists| lists.whole == count)?;
    let took = start.elapsed();
    crowd.settle()?;
    Ok(took)
}

/// Who is there, in the eyes of every member.
struct Lists {
    count: usize,
    /// By member, a bit for everyone.
    present: Vec<Vec<u64>>,
    /// By member, how many bits are set.
    known: Vec<usize>,
    /// How many know all.
    whole: usize,
    name: memmem::Finder<'static>,
}

/// What stands before a name that means something, all of it in one line of the wire.
const CONTEXT: usize = 24;
const DIGITS: usize = 5;

impl Lists {
    fn new(count: usize) -> Lists {
        let present = vec![vec![0; count.div_ceil(64)]; count];
        let name = memmem::Finder::new(b"\"name\":\"m");
        Lists { count, present, known: vec![0; count], whole: 0, name }
    }

    fn apply(&mut self, member: usize, before: &[u8], who: usize) -> Result<()> {
        // An element of `users` begins with the name; events begin with their type.
        let comes = before.ends_with(b"{") || before.ends_with(b"\"joined\",");
        let goes = before.ends_with(b"\"left\",");
        if !comes && !goes {
            return Ok(());
        }
        ensure!(who < self.count, "member {member} was told of somebody who is not there");
        let (word, bit) = (&mut self.present[member][who / 64], 1 << (who % 64));
        ensure!((*word & bit == 0) == comes, "member {member} was told twice of {who}");
        *word ^= bit;
        let was_whole = self.known[member] == self.count;
        self.known[member] = self.known[member] + usize::from(comes) - usize::from(goes);
        self.whole = self.whole + usize::from(self.known[member] == self.count) - usize::from(was_whole);
        Ok(())
    }
}

impl Listener for Lists {
    fn hear(&mut self, member: usize, bytes: &[u8]) -> Result<usize> {
        let name = self.name.clone();
        let mut used = 0;
        for start in name.find_iter(bytes) {
            let digits = start + name.needle().len();
            let Some(number) = bytes.get(digits..digits + DIGITS) else { break };
            let who = number.iter().fold(0, |n, b| 10 * n + usize::from(b.wrapping_sub(b'0')));
            self.apply(member, &bytes[used..start], who)?;
            used = digits + DIGITS;
        }
        Ok(used.max(bytes.len().saturating_sub(CONTEXT + name.needle().len() + DIGITS)))
    }
}

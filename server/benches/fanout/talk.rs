//! Runs: some members talk, all listen, and every delivery is checked.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::crowd::{Crowd, Listener};
use crate::text::{LENGTH, MARK, Text};

/// How long what was said may take to arrive once nobody talks any more.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);
/// A room that is given a rate and is this late at the end cannot keep up with it.
const LATENESS_LIMIT: Duration = Duration::from_secs(5);
/// As exact as the system wakes us up; what is due sooner is waited for awake.
const TICK: Duration = Duration::from_millis(2);

/// Talks for `duration`, each of `senders` with `window` messages in flight; how many deliveries that made.
pub(crate) fn in_windows(crowd: &mut Crowd, senders: usize, window: u32, duration: Duration) -> Result<u64> {
    let mut tally = Tally::new(crowd, senders, window as usize);
    let talk = |crowd: &mut Crowd, tally: &mut Tally| -> Result<()> {
        for sender in 0..senders {
            while tally.sent[sender] - tally.arrived[sender] < window {
                let text = Text { sender, number: tally.send(sender), stamp: 0 };
                crowd.say(sender, &text.encode());
            }
            crowd.write(sender)?;
        }
        Ok(())
    };
    let start = Instant::now();
    while start.elapsed() < duration {
        talk(crowd, &mut tally)?;
        crowd.turn(TICK, &mut tally)?;
    }
    drain(crowd, &mut tally, DRAIN_LIMIT)?;
    Ok(tally.deliveries)
}

/// Talks for `duration` at `rate` messages a second, whoever's turn it is; the latency of every delivery from the
/// moment when its message was due, in nanoseconds, sorted.
pub(crate) fn at_rate(crowd: &mut Crowd, senders: usize, rate: u64, duration: Duration) -> Result<Vec<u64>> {
    let count = (rate as f64 * duration.as_secs_f64()) as u64;
    let mut tally = Tally::new(crowd, senders, count as usize / senders + 1);
    tally.latencies = Some(Vec::with_capacity(count as usize * crowd.len()));
    for message in 0..count {
        let due = Duration::from_nanos(message * 1_000_000_000 / rate);
        loop {
            let early = due.saturating_sub(tally.start.elapsed());
            if early.is_zero() {
                break;
            }
            crowd.turn(early.saturating_sub(TICK), &mut tally)?;
        }
        let sender = message as usize % senders;
        let text = Text { sender, number: tally.send(sender), stamp: due.as_nanos() as u64 };
        crowd.say(sender, &text.encode());
        crowd.write(sender)?;
        ensure!(tally.start.elapsed() < duration + LATENESS_LIMIT, "it cannot keep up");
    }
    drain(crowd, &mut tally, LATENESS_LIMIT)?;
    let mut latencies = tally.latencies.unwrap_or_default();
    latencies.sort_unstable();
    Ok(latencies)
}

fn drain(crowd: &mut Crowd, tally: &mut Tally, limit: Duration) -> Result<()> {
    let end = Instant::now();
    while tally.arrived != tally.sent {
        crowd.turn(TICK, tally)?;
        ensure!(end.elapsed() < limit, "{} deliveries made, the rest did not come in time", tally.deliveries);
    }
    tally.check()
}

/// What every member has heard of every sender.
struct Tally {
    start: Instant,
    members: usize,
    /// By member and sender: how many messages it has heard, which is the number of the next.
    next: Vec<u32>,
    /// By member and sender: whether it hears that sender.
    hears: Vec<bool>,
    /// By sender: how many members hear it.
    readers: Vec<u32>,
    /// By sender: how many messages it has sent, and how many of them all have heard.
    sent: Vec<u32>,
    arrived: Vec<u32>,
    /// By sender and number, of those in flight: how many have heard it.
    heard_by: Vec<Vec<u32>>,
    deliveries: u64,
    latencies: Option<Vec<u64>>,
}

impl Tally {
    fn new(crowd: &Crowd, senders: usize, in_flight: usize) -> Tally {
        let members = crowd.len();
        let hears = |at: usize| at / senders != at % senders || crowd.wire(at / senders).echoes();
        let hears: Vec<bool> = (0..members * senders).map(hears).collect();
        let readers = |sender| hears.iter().skip(sender).step_by(senders).filter(|&&hears| hears).count() as u32;
        Tally {
            start: Instant::now(),
            members,
            next: vec![0; members * senders],
            readers: (0..senders).map(readers).collect(),
            hears,
            sent: vec![0; senders],
            arrived: vec![0; senders],
            heard_by: vec![vec![0; in_flight]; senders],
            deliveries: 0,
            latencies: None,
        }
    }

    /// The number of the next message of `sender`, which is sent now.
    fn send(&mut self, sender: usize) -> u32 {
        self.sent[sender] += 1;
        self.sent[sender] - 1
    }

    fn deliver(&mut self, member: usize, text: Text, now: u64) -> Result<()> {
        let senders = self.sent.len();
        ensure!(text.sender < senders, "member {member} heard a sender that there is not");
        let at = member * senders + text.sender;
        let (next, number) = (self.next[at], text.number);
        ensure!(self.hears[at], "member {member} heard itself");
        ensure!(number == next, "member {member} heard message {number} of {}, not {next}", text.sender);
        self.next[at] += 1;
        self.deliveries += 1;
        let in_flight = self.heard_by[text.sender].len();
        let heard_by = &mut self.heard_by[text.sender][number as usize % in_flight];
        *heard_by += 1;
        if *heard_by == self.readers[text.sender] {
            *heard_by = 0;
            self.arrived[text.sender] += 1;
        }
        if let Some(latencies) = &mut self.latencies {
            latencies.push(now.saturating_sub(text.stamp));
        }
        Ok(())
    }

    /// Each has heard all of each sender that it hears, and nothing else.
    fn check(&self) -> Result<()> {
        let senders = self.sent.len();
        for member in 0..self.members {
            for (sender, &sent) in self.sent.iter().enumerate() {
                let at = member * senders + sender;
                let expected = if self.hears[at] { sent } else { 0 };
                ensure!(self.next[at] == expected, "member {member} did not hear all of {sender}");
            }
        }
        Ok(())
    }
}

impl Listener for Tally {
    fn hear(&mut self, member: usize, bytes: &[u8]) -> Result<usize> {
        let now = if self.latencies.is_some() { self.start.elapsed().as_nanos() as u64 } else { 0 };
        let mut used = 0;
        while let Some(skipped) = memchr::memchr(MARK, &bytes[used..]) {
            let Some(text) = bytes[used + skipped..].first_chunk::<LENGTH>() else { return Ok(used + skipped) };
            self.deliver(member, Text::parse(text)?, now)?;
            used += skipped + LENGTH;
        }
        Ok(bytes.len())
    }
}

//! One direction of a simulated connection: bytes in flight, bytes that have arrived, and an end behind them.

use std::collections::VecDeque;
use std::time::Duration;

/// Bytes on their way from one end to the other, in order.
#[derive(Debug)]
pub(crate) struct Pipe {
    /// Bytes under way, each part with the time of its arrival.
    flight: VecDeque<(Duration, Vec<u8>)>,
    arrived: Vec<u8>,
    /// How much of it was read.
    read: usize,
    /// When the end of the stream arrives, behind all that was sent.
    end: Option<Duration>,
    /// Whether it has arrived.
    pub(crate) has_ended: bool,
    /// How many bytes may be under way or unread: what the buffers of both systems hold.
    capacity: usize,
    held: usize,
    /// Whether the sender was told to wait.
    is_blocked: bool,
    /// Nothing arrives before.
    not_before: Duration,
}

impl Pipe {
    /// An empty one that holds as many bytes.
    pub(crate) fn new(capacity: usize) -> Pipe {
        Pipe {
            flight: VecDeque::new(),
            arrived: Vec::new(),
            read: 0,
            end: None,
            has_ended: false,
            capacity,
            held: 0,
            is_blocked: false,
            not_before: Duration::ZERO,
        }
    }

    /// How many more bytes it takes.
    pub(crate) fn room(&self) -> usize {
        self.capacity - self.held
    }

    /// Sends bytes, no more than there is room for; they arrive then, or behind what arrives later.
    pub(crate) fn send(&mut self, bytes: Vec<u8>, arrival: Duration) {
        self.held += bytes.len();
        let arrival = self.behind_all(arrival);
        self.flight.push_back((arrival, bytes));
    }

    /// Sends the end of the stream.
    pub(crate) fn finish(&mut self, arrival: Duration) {
        let arrival = self.behind_all(arrival);
        self.end.get_or_insert(arrival);
    }

    /// Lets nothing arrive before `until`.
    pub(crate) fn stall(&mut self, until: Duration) {
        self.not_before = self.not_before.max(until);
        for (arrival, _) in &mut self.flight {
            *arrival = (*arrival).max(until);
        }
        self.end = self.end.map(|end| end.max(until));
    }

    /// When something arrives next.
    pub(crate) fn next_arrival(&self) -> Option<Duration> {
        let end = self.end.filter(|_| !self.has_ended);
        self.flight.front().map(|(arrival, _)| *arrival).or(end)
    }

    /// Takes in what arrives by `now`; whether that is anything.
    pub(crate) fn arrive(&mut self, now: Duration) -> bool {
        let mut has_news = false;
        while self.flight.front().is_some_and(|(arrival, _)| *arrival <= now) {
            let Some((_, bytes)) = self.flight.pop_front() else { break };
            self.arrived.extend_from_slice(&bytes);
            has_news = true;
        }
        if self.flight.is_empty() && !self.has_ended && self.end.is_some_and(|end| end <= now) {
            self.has_ended = true;
            has_news = true;
        }
        has_news
    }

    /// Whether there is something to be read, the end of the stream included.
    pub(crate) fn is_readable(&self) -> bool {
        self.has_unread() || self.has_ended
    }

    /// Whether bytes that arrived are unread.
    pub(crate) fn has_unread(&self) -> bool {
        self.read < self.arrived.len()
    }

    /// Takes out at most so many bytes that have arrived.
    pub(crate) fn read(&mut self, most: usize) -> Vec<u8> {
        let end = self.arrived.len().min(self.read + most);
        let taken = self.arrived[self.read..end].to_vec();
        self.read = end;
        if !self.has_unread() {
            self.arrived.clear();
            self.read = 0;
        }
        self.held -= taken.len();
        taken
    }

    /// Notes that the sender waits for room.
    pub(crate) fn block(&mut self) {
        self.is_blocked = true;
    }

    /// Whether the sender may go on after it had to wait; told once. As systems do, not before a third is free.
    pub(crate) fn unblocks(&mut self) -> bool {
        let unblocks = self.is_blocked && self.room() * 3 >= self.capacity;
        self.is_blocked &= !unblocks;
        unblocks
    }

    /// Loses what is under way and, `with_arrived`, what nobody has read.
    pub(crate) fn lose(&mut self, with_arrived: bool) {
        self.flight.clear();
        if with_arrived {
            self.arrived.clear();
            self.read = 0;
        }
        self.held = self.arrived.len() - self.read;
    }

    fn behind_all(&self, arrival: Duration) -> Duration {
        let last = self.flight.back().map_or(Duration::ZERO, |(last, _)| *last);
        arrival.max(last).max(self.not_before)
    }
}

//! What the senders say: 64 bytes that tell who says it, as which of its messages, and when.

use anyhow::{Result, ensure};

/// Every text has this length.
pub(crate) const LENGTH: usize = 64;
/// Begins a text and stands nowhere else in what any server sends during a run.
pub(crate) const MARK: u8 = b'^';

const REST: &[u8; 36] = b" Bom dia, sala: vamos a mais um dia$";

/// A text, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// Which sender.
    pub(crate) sender: usize,
    /// Which of its messages, from 0.
    pub(crate) number: u32,
    /// When it was due, in nanoseconds since the run began.
    pub(crate) stamp: u64,
}

impl Text {
    /// As it is said.
    pub(crate) fn encode(self) -> [u8; LENGTH] {
        let mut bytes = [b' '; LENGTH];
        bytes[0] = MARK;
        put(&mut bytes[1..3], self.sender as u64);
        put(&mut bytes[4..12], u64::from(self.number));
        put(&mut bytes[13..28], self.stamp);
        bytes[28..].copy_from_slice(REST);
        bytes
    }

    /// As it was heard, every byte in its place.
    pub(crate) fn parse(bytes: &[u8; LENGTH]) -> Result<Text> {
        let is_whole = bytes[0] == MARK && bytes[28..] == *REST;
        ensure!(is_whole, "a text was spoilt: {}", String::from_utf8_lossy(bytes));
        let number = |from: usize, to: usize| bytes[from..to].iter().fold(0, |n, b| 10 * n + u64::from(b - b'0'));
        Ok(Text { sender: number(1, 3) as usize, number: number(4, 12) as u32, stamp: number(13, 28) })
    }
}

fn put(digits: &mut [u8], mut value: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

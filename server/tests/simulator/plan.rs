//! The plan that a seed decides before anything happens: how long it lasts, how many take part, what will go wrong.

use std::time::Duration;

use papo_server::options::Options;

use crate::dice::Dice;

/// The frame of one run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// How long it lasts.
    pub(crate) length: Duration,
    /// How many clients behave.
    pub(crate) people: usize,
    /// How many do not.
    pub(crate) rude: usize,
    /// The mean time between two things that one of them does.
    pub(crate) pause: Duration,
    /// Whether no network has trouble.
    pub(crate) is_calm: bool,
    /// The mean time between two blows to the server.
    pub(crate) blows_every: Option<Duration>,
    /// How the server serves.
    pub(crate) options: Options,
    /// Whether memory is so short that even those who read well may be closed for it.
    pub(crate) is_tight: bool,
}

impl Plan {
    /// As chance has it.
    pub(crate) fn by_chance(dice: &mut Dice) -> Plan {
        let secs = Duration::from_secs;
        // A busy minute, a quarter of an hour, an hour, a morning in which little is said.
        let (length, pause) = match dice.below(16) {
            0..=5 => (secs(60), Duration::from_millis(2_500)),
            6..=9 => (secs(300), secs(12)),
            10..=12 => (secs(900), secs(36)),
            13 | 14 => (secs(3_600), secs(180)),
            _ => (secs(14_400), secs(900)),
        };
        let is_tight = dice.once_in(6);
        let options = Options {
            keep_name: dice.pick(&[secs(60), secs(60), secs(10), secs(600)]),
            reader_buffer: dice.pick(&[64 << 10, 1 << 20]),
            total_buffer: if is_tight { 256 << 10 } else { 256 << 20 },
            rate_limit: if is_tight { 0 } else { dice.pick(&[20, 20, 5, 0]) },
            name_timeout: dice.pick(&[None, Some(secs(30))]),
            ..Options::default()
        };
        Plan {
            length,
            people: 2 + dice.below(8),
            rude: if is_tight || dice.once_in(3) { 1 + dice.below(4) } else { 0 },
            pause,
            is_calm: dice.once_in(5),
            blows_every: (!dice.once_in(3)).then(|| dice.pick(&[length / 2, length / 6, length / 20])),
            options,
            is_tight,
        }
    }
}

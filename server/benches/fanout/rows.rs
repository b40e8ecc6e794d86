//! What is measured: the rows of the table.

use std::fmt;

use crate::servers::{Kind, OURS, PAPO, PEERS};

/// A row. What stands in it says [`Row::unit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    /// Processor time per delivered line.
    Cpu(Talk),
    /// The most memory at the end of such a run, that of the members coming in included.
    Peak(Talk),
    /// What a silent member takes in memory, with so many of them.
    Idle(usize),
    /// Half of the deliveries, or all but one in a hundred, are faster than this.
    Latency(Pace, Percentile),
    /// Processor time to let [`STORM`] members in at once, each told of all who come after it.
    Storm,
    /// Until [`NATIVE`] native members are in and each one's list of people is whole.
    Native,
    /// How often the process wakes up in [`SILENCE`] seconds with [`SILENT`] members that say nothing.
    Sleeps,
    /// From its start until it listens.
    Start,
    /// All but one in a hundred deliveries are faster than this in a room of 50 while [`SEARCHERS`] native members search
    /// a history of [`HISTORY`] messages without pause, each with one question outstanding.
    Searching,
    /// The longest that one of these waits for an answer.
    Answer,
    /// How many messages a reader behind a slow line misses when [`TALKERS`] native members say at once all that the
    /// rate limit allows them.
    Burst,
}

/// Some of the members talk as fast as they are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Talk {
    /// How many members.
    pub(crate) members: usize,
    /// How many of them talk.
    pub(crate) senders: usize,
    /// How many messages each of these keeps in flight.
    pub(crate) window: u32,
}

/// Some of the members talk at a given pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pace {
    /// How many members.
    pub(crate) members: usize,
    /// How many of them talk.
    pub(crate) senders: usize,
    /// How many messages there are per second in all.
    pub(crate) rate: u64,
}

/// A part of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Percentile {
    /// The median.
    P50,
    /// 99 in 100.
    P99,
}

/// How many come at once.
pub(crate) const STORM: usize = 1_000;
/// How many native members come in.
pub(crate) const NATIVE: usize = 10_000;
/// How many are silent.
pub(crate) const SILENT: usize = 100;
/// For how many seconds they are.
pub(crate) const SILENCE: u64 = 5;
/// How many search.
pub(crate) const SEARCHERS: usize = 40;
/// How many messages they search.
pub(crate) const HISTORY: usize = 150_000;
/// How many members use up their bursts at once.
pub(crate) const TALKERS: usize = 20;

/// The run whose memory counts with 1,000 members.
pub(crate) const BUSY: Talk = talk(1_000, 10, 256);
/// The run whose memory counts with 10,000 members.
pub(crate) const CROWDED: Talk = talk(10_000, 1, 256);

/// All runs in which some talk as fast as they are heard.
pub(crate) const TALKS: [Talk; 9] = [
    talk(50, 1, 1),
    talk(50, 5, 1),
    talk(50, 5, 16),
    talk(50, 5, 256),
    talk(1_000, 10, 1),
    talk(1_000, 10, 16),
    BUSY,
    talk(10_000, 1, 16),
    CROWDED,
];

/// All runs at a given pace.
pub(crate) const PACES: [Pace; 4] = [
    Pace { members: 50, senders: 5, rate: 100 },
    Pace { members: 50, senders: 5, rate: 1_000 },
    Pace { members: 1_000, senders: 10, rate: 100 },
    Pace { members: 1_000, senders: 10, rate: 1_000 },
];

/// The rows in which history must not cost too much.
pub(crate) const KEPT: [Row; 5] = [
    Row::Cpu(talk(1_000, 10, 16)),
    Row::Latency(PACES[2], Percentile::P50),
    Row::Latency(PACES[2], Percentile::P99),
    Row::Latency(PACES[3], Percentile::P50),
    Row::Latency(PACES[3], Percentile::P99),
];

/// In a room of so many members: talk as fast as it is heard.
pub(crate) fn talks(members: usize) -> Vec<Row> {
    TALKS.into_iter().filter(|talk| talk.members == members).map(Row::Cpu).collect()
}

/// In a room of so many members: talk at a given pace, all percentiles of which are measured at once.
pub(crate) fn paces(members: usize) -> Vec<Row> {
    let paces = PACES.into_iter().filter(|pace| pace.members == members);
    paces.map(|pace| Row::Latency(pace, Percentile::P50)).collect()
}

/// All rows, as the table has them.
pub(crate) fn all() -> Vec<Row> {
    let latencies = PACES.iter().flat_map(|&pace| [Percentile::P50, Percentile::P99].map(|p| Row::Latency(pace, p)));
    let memory = [Row::Peak(BUSY), Row::Peak(CROWDED), Row::Idle(1_000), Row::Idle(10_000)];
    let once = [Row::Storm, Row::Native, Row::Sleeps, Row::Start, Row::Searching, Row::Answer, Row::Burst];
    TALKS.map(Row::Cpu).into_iter().chain(memory).chain(latencies).chain(once).collect()
}

const fn talk(members: usize, senders: usize, window: u32) -> Talk {
    Talk { members, senders, window }
}

impl Row {
    /// Who takes part.
    pub(crate) fn kinds(self) -> Vec<Kind> {
        match self {
            Row::Storm => {
                vec![Kind::PapoClassic, Kind::PapoNative, Kind::PapoKeeping, Kind::Ngircd, Kind::Inspircd]
            }
            Row::Native => vec![Kind::PapoNative],
            Row::Sleeps => [&PAPO[..], &[Kind::PapoKeeping]].concat(),
            Row::Searching | Row::Answer | Row::Burst => vec![Kind::PapoClassic, Kind::PapoNative],
            _ => OURS.into_iter().chain(PEERS).filter(|&kind| self.is_of(kind)).collect(),
        }
    }

    /// Whom this row compares where a third more is too much: papo's columns and what they are held to.
    pub(crate) fn rivals(self) -> Vec<Kind> {
        let others: &[Kind] = match self {
            Row::Cpu(Talk { window: 16.., .. }) => &[Kind::BareShared, Kind::BareLong],
            Row::Latency(pace, _) if pace == PACES[1] => &PEERS,
            Row::Latency(pace, _) if pace == PACES[3] => &[Kind::Redis],
            _ => return Vec::new(),
        };
        [&PAPO, others].concat()
    }

    /// Whether a column that is there for one question only has anything to say in this row.
    fn is_of(self, kind: Kind) -> bool {
        match kind {
            Kind::PapoKeeping => {
                !matches!(self, Row::Cpu(Talk { members: 10_000, .. }) | Row::Peak(CROWDED) | Row::Idle(10_000))
            }
            Kind::BareLong | Kind::BareBlocks => matches!(self, Row::Cpu(_) | Row::Peak(_)),
            Kind::BareCopy | Kind::BareEach => !matches!(self, Row::Latency(..)),
            _ => true,
        }
    }

    /// All rows that measuring this one fills.
    pub(crate) fn fills(self) -> Vec<Row> {
        match self {
            Row::Cpu(talk @ (BUSY | CROWDED)) => vec![self, Row::Peak(talk)],
            Row::Latency(pace, _) => [Percentile::P50, Percentile::P99].map(|p| Row::Latency(pace, p)).into(),
            Row::Searching => vec![self, Row::Answer],
            _ => vec![self],
        }
    }

    /// Whether it would take far too long: a window of ten seconds and more, or a list of names of 10,000 for each of
    /// 10,000.
    pub(crate) fn is_beyond(self, kind: Kind) -> bool {
        match self {
            Row::Cpu(BUSY | CROWDED) if matches!(kind, Kind::BareEach | Kind::Mosquitto) => true,
            Row::Cpu(Talk { members: 10_000, .. }) | Row::Idle(10_000) => {
                matches!(kind, Kind::Ngircd | Kind::Inspircd)
            }
            _ => false,
        }
    }

    /// How many digits are shown behind the point.
    pub(crate) fn decimals(self) -> usize {
        match self {
            Row::Peak(_) | Row::Start | Row::Searching => 1,
            Row::Storm | Row::Native | Row::Answer => 2,
            Row::Latency(Pace { members, .. }, _) if members >= 1_000 => 1,
            _ => 0,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Row::Cpu(talk) => write!(f, "CPU ns per delivery, {talk}"),
            Row::Peak(talk) => write!(f, "peak memory, {talk}, MiB"),
            Row::Idle(members) => write!(f, "bytes per idle member, {}", grouped(*members as f64, 0)),
            Row::Latency(pace, percentile) => {
                let unit = if pace.members >= 1_000 { "ms" } else { "µs" };
                let (members, rate) = (grouped(pace.members as f64, 0), grouped(pace.rate as f64, 0));
                write!(f, "latency {percentile}, {members} members, {rate} messages/s, {unit}")
            }
            Row::Storm => write!(f, "1,000 join at once, all told: CPU s"),
            Row::Native => write!(f, "10,000 native members in, lists whole: s"),
            Row::Sleeps => write!(f, "wake-ups in {SILENCE} s, {SILENT} silent members"),
            Row::Start => write!(f, "start to listening, ms"),
            Row::Searching => write!(f, "p99 of a message while {SEARCHERS} search, ms"),
            Row::Answer => write!(f, "longest answer to a search while {SEARCHERS} search, s"),
            Row::Burst => write!(f, "{TALKERS} members at their burst against a 20 Mbit/s reader: missed messages"),
        }
    }
}

impl fmt::Display for Talk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, {}", grouped(self.members as f64, 0), self.senders, self.window)
    }
}

impl fmt::Display for Percentile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Percentile::P50 { "p50" } else { "p99" })
    }
}

/// A number with a comma between thousands.
pub(crate) fn grouped(value: f64, decimals: usize) -> String {
    let plain = format!("{value:.decimals$}");
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

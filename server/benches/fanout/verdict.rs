//! What papo-server is held to, and whether it does it.

use crate::results::Results;
use crate::rows::{BUSY, CROWDED, KEPT, PACES, Percentile, Row, TALKS, Talk};
use crate::servers::{BARE, Kind, PAPO, PEERS};

/// One demand on one of papo's columns.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// What is demanded.
    pub(crate) demand: String,
    /// Of whom.
    pub(crate) kind: Kind,
    /// What was measured.
    pub(crate) value: f64,
    /// What it may be at most.
    pub(crate) limit: f64,
}

impl Verdict {
    /// Whether the demand is met.
    pub(crate) fn is_met(&self) -> bool {
        self.value <= self.limit
    }
}

/// All demands for which there are measurements.
pub(crate) fn all(results: &Results) -> Vec<Verdict> {
    let of_history = Judge { results, kind: Kind::PapoKeeping }.history();
    PAPO.iter().flat_map(|&kind| Judge { results, kind }.all()).chain(of_history).collect()
}

struct Judge<'a> {
    results: &'a Results,
    kind: Kind,
}

impl Judge<'_> {
    fn all(&self) -> Vec<Verdict> {
        [self.processor(), self.memory(), self.latency(), self.others()].into_iter().flatten().flatten().collect()
    }

    fn processor(&self) -> Vec<Option<Verdict>> {
        TALKS.iter().flat_map(|&talk| [self.beside_bare(talk), self.beside_peers(talk)]).collect()
    }

    /// Beside a loop that writes lines of the same length: what the kernel takes for a line it takes by the byte.
    fn beside_bare(&self, talk: Talk) -> Option<Verdict> {
        let row = Row::Cpu(talk);
        let short = self.results.best(row, &BARE).filter(|_| talk.window > 1)?;
        let long = self.results.median(row, Kind::BareLong);
        let (words, bare) = match self.kind {
            Kind::PapoNative => ("the bare loop with lines as long", long?),
            Kind::PapoHalf => ("the mean of the bare loops with lines as long", f64::midpoint(short, long?)),
            _ => ("the best bare loop", short),
        };
        self.at_most(format!("{row}: 1.3 × {words}"), row, 1.3 * bare)
    }

    fn beside_peers(&self, talk: Talk) -> Option<Verdict> {
        let row = Row::Cpu(talk);
        let (words, factor) = match (talk.members, talk.window) {
            (_, 1) => ("1.25 × the best peer", 1.25),
            (1_000, 256) => ("a fifth of the best peer", 0.2),
            (50 | 10_000, 256) | (1_000, 16) => ("half of the best peer", 0.5),
            _ => return None,
        };
        let peer = self.results.best(row, &PEERS)?;
        self.at_most(format!("{row}: {words}"), row, factor * peer)
    }

    fn memory(&self) -> Vec<Option<Verdict>> {
        [(Row::Peak(BUSY), 16.0), (Row::Peak(CROWDED), 64.0), (Row::Idle(10_000), 600.0)]
            .map(|(row, limit)| self.at_most(row.to_string(), row, limit))
            .into()
    }

    fn latency(&self) -> Vec<Option<Verdict>> {
        let [_, small, _, large] = PACES;
        // Of what differs by less nobody knows whether it does.
        let beside_best = |percentile| {
            let row = Row::Latency(small, percentile);
            let of_peers = PEERS.iter().filter_map(|&peer| self.results.quartile(row, peer));
            let (best, value) = (of_peers.min_by(f64::total_cmp)?, self.results.quartile(row, self.kind)?);
            let demand = format!("{row}, first quartile: 1.3 × the best peer's");
            Some(Verdict { demand, kind: self.kind, value, limit: 1.3 * best })
        };
        let row = Row::Latency(large, Percentile::P99);
        let redis = self.results.median(row, Kind::Redis);
        let beside_redis = redis.and_then(|redis| self.at_most(format!("{row}: redis's"), row, redis));
        vec![beside_best(Percentile::P50), beside_best(Percentile::P99), beside_redis]
    }

    fn history(&self) -> Vec<Verdict> {
        let beside_none = |row| {
            let (words, factor) = match row {
                Row::Cpu(_) => ("1.15 × without history", 1.15),
                Row::Latency(_, Percentile::P99) => ("twice that without history", 2.0),
                _ => return None,
            };
            let without = self.results.median(row, Kind::PapoClassic)?;
            self.at_most(format!("{row}: {words}"), row, factor * without)
        };
        KEPT.into_iter().filter_map(beside_none).collect()
    }

    fn others(&self) -> Vec<Option<Verdict>> {
        let inspircd = self.results.median(Row::Storm, Kind::Inspircd);
        vec![
            inspircd.and_then(|limit| self.at_most(format!("{}: InspIRCd's", Row::Storm), Row::Storm, limit)),
            self.at_most(Row::Native.to_string(), Row::Native, 30.0),
            self.at_most(Row::Sleeps.to_string(), Row::Sleeps, 0.0),
            self.at_most(Row::Start.to_string(), Row::Start, 20.0),
            self.at_most(Row::Searching.to_string(), Row::Searching, 50.0),
            self.never_over(Row::Answer, 3.0),
            self.never_over(Row::Burst, 0.0),
        ]
    }

    fn never_over(&self, row: Row, limit: f64) -> Option<Verdict> {
        let (_, value) = self.results.range(row, self.kind)?;
        Some(Verdict { demand: row.to_string(), kind: self.kind, value, limit })
    }

    fn at_most(&self, demand: String, row: Row, limit: f64) -> Option<Verdict> {
        let value = self.results.median(row, self.kind)?;
        Some(Verdict { demand, kind: self.kind, value, limit })
    }
}

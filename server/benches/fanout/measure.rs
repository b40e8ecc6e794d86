//! Repetition by repetition and room by room through all rows and servers, in turns.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::crowd::Crowd;
use crate::results::Results;
use crate::rows::{BUSY, CROWDED, NATIVE, Percentile, Row, SILENCE, SILENT, STORM, paces, talks};
use crate::servers::{Kind, Running, Setup};
use crate::{burst, interrupt, search, storm, talk};

/// How much is measured.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Who takes part.
    pub(crate) kinds: Vec<Kind>,
    /// The rows whose title contains this.
    pub(crate) only: String,
    /// How many times, in a room of fewer than 10,000 and in one of as many.
    pub(crate) repetitions: [usize; 2],
    /// How many times in a repetition what a room of fewer than 10,000 does.
    pub(crate) rounds: usize,
    /// How many times more in a repetition what must not take much longer than with a rival, among these alone.
    pub(crate) heats: usize,
    /// How long the senders talk as fast as they are heard; twice as long where one turn has millions of deliveries.
    pub(crate) talk: Duration,
    /// How long they talk at a given pace.
    pub(crate) pace: Duration,
    /// When no further repetition is begun.
    pub(crate) deadline: Instant,
    /// When nothing more is.
    pub(crate) end: Instant,
}

/// How often a server is started in a repetition.
const STARTS: usize = 3;
/// Into so many values the latencies of a small room are cut: what else the machine does for a moment spoils one of them.
const PARTS: u32 = 4;
/// Up to so many members the room of every server is full at the same time.
const SMALL: usize = 1_000;

/// A server with its room full.
struct Stage {
    server: Running,
    crowd: Crowd,
    /// Bytes per member.
    idle: f64,
}

/// Measures all that `plan` asks for.
pub(crate) fn all(plan: &Plan) -> Result<Results> {
    let mut results = Results::default();
    for repetition in 0..plan.repetitions[0] {
        if Instant::now() > plan.deadline {
            break;
        }
        let small = [talks(50), paces(50)].concat().repeat(plan.rounds);
        let large = [vec![Row::Idle(1_000)], [talks(1_000), paces(1_000)].concat().repeat(plan.rounds)].concat();
        for rows in [small, large, vec![Row::Storm], vec![Row::Start; STARTS]] {
            in_turns(plan, &rows, repetition, &mut results)?;
        }
        if repetition < plan.repetitions[1] {
            in_turns(plan, &[vec![Row::Idle(10_000)], talks(10_000)].concat(), repetition, &mut results)?;
            in_turns(plan, &[Row::Native], repetition, &mut results)?;
        }
        if repetition == 0 {
            in_turns(plan, &[Row::Sleeps, Row::Searching, Row::Burst], repetition, &mut results)?;
        }
    }
    Ok(results)
}

/// Row by row, so that the servers are compared within seconds of one another; but one server at a time through all rows
/// of a room for which there are not enough descriptors to keep that of each full.
fn in_turns(plan: &Plan, rows: &[Row], repetition: usize, results: &mut Results) -> Result<()> {
    let is_asked_for = |row: &&Row| row.fills().iter().any(|row| row.to_string().contains(&plan.only));
    let rows: Vec<Row> = rows.iter().filter(is_asked_for).copied().collect();
    let mut stages = BTreeMap::new();
    let turns: Vec<(Row, Kind)> = if rows.iter().any(|&row| members(row) > SMALL) {
        plan.kinds.iter().flat_map(|&kind| rows.iter().map(move |&row| (row, kind))).collect()
    } else {
        let turn = |(nth, &row): (usize, &Row)| in_turn(&plan.kinds, nth + repetition).map(move |kind| (row, kind));
        let once = rows.iter().enumerate().flat_map(turn);
        once.chain(heats(plan, &rows, repetition)).collect()
    };
    for (row, kind) in turns {
        if Instant::now() > plan.end {
            return Ok(());
        }
        if members(row) > SMALL {
            stages.retain(|&other, _| other == kind);
        }
        let is_done = repetition > 0 && kind.is_slow(members(row));
        if is_done || !row.kinds().contains(&kind) || row.is_beyond(kind) || results.has_failed(row, kind) {
            continue;
        }
        let _ = writeln!(std::io::stderr(), "[{}] {}: {row}", repetition + 1, kind.title());
        if let Err(error) = measure(plan, kind, row, &mut stages, results) {
            interrupt::check()?;
            let _ = writeln!(std::io::stderr(), "    {error:#}");
            results.fail(row, kind, format!("{error:#}"));
            stages.remove(&kind);
        }
    }
    Ok(())
}

/// Another one begins each time: whoever came right after a server that leaves the machine warm or cold would always do so.
fn in_turn(kinds: &[Kind], nth: usize) -> impl Iterator<Item = Kind> {
    kinds.iter().copied().cycle().skip(nth % kinds.len().max(1)).take(kinds.len())
}

/// A median of few values tells apart what differs by half, not what differs by a third.
fn heats(plan: &Plan, rows: &[Row], repetition: usize) -> Vec<(Row, Kind)> {
    let rows = BTreeSet::from_iter(rows);
    let heat = |nth: usize| {
        rows.iter().flat_map(move |&&row| {
            let rivals: Vec<Kind> = row.rivals().into_iter().filter(|kind| plan.kinds.contains(kind)).collect();
            in_turn(&rivals, nth).map(|kind| (row, kind)).collect::<Vec<_>>()
        })
    };
    (0..plan.heats).flat_map(|nth| heat(nth + repetition)).collect()
}

fn measure(plan: &Plan, kind: Kind, row: Row, stages: &mut BTreeMap<Kind, Stage>, results: &mut Results) -> Result<()> {
    if row == Row::Start {
        results.add(row, kind, kind.start_time()?.as_secs_f64() * 1e3);
        return Ok(());
    }
    if members(row) == 0 {
        return in_empty_room(plan, kind, row, results);
    }
    let stage = match stages.entry(kind) {
        Entry::Occupied(stage) => stage.into_mut(),
        Entry::Vacant(place) => place.insert(open(kind, members(row))?),
    };
    in_room(plan, kind, row, stage, results)
}

/// Each of these has a server to itself.
fn in_empty_room(plan: &Plan, kind: Kind, row: Row, results: &mut Results) -> Result<()> {
    let setup = match row {
        Row::Searching => Setup::Keeping,
        Row::Burst => Setup::Usual,
        _ => Setup::Column,
    };
    let server = kind.start(setup)?;
    match row {
        Row::Native => results.add(row, kind, storm::native(&server, NATIVE)?.as_secs_f64()),
        Row::Sleeps => results.add(row, kind, sleeps(kind, &server)?),
        Row::Searching => {
            let (talks, longest) = search::beside_talk(kind, &server, PARTS, 2 * plan.pace)?;
            for latencies in talks {
                results.add(row, kind, percentile(&latencies, 99) as f64 / 1e6);
            }
            results.add(Row::Answer, kind, longest.as_secs_f64());
        }
        Row::Burst => results.add(row, kind, burst::missed(kind, &server)? as f64),
        _ => results.add(row, kind, storm::arrivals(kind, &server, STORM)?),
    }
    Ok(())
}

fn in_room(plan: &Plan, kind: Kind, row: Row, stage: &mut Stage, results: &mut Results) -> Result<()> {
    let Stage { server, crowd, idle } = stage;
    crowd.wake()?;
    match row {
        Row::Cpu(talk) => {
            let before = server.process.cpu_ns()?;
            let is_long = talk == BUSY || talk == CROWDED;
            let duration = if is_long { 2 * plan.talk } else { plan.talk };
            let deliveries = talk::in_windows(crowd, talk.senders, talk.window, duration)?;
            results.add(row, kind, (server.process.cpu_ns()? - before) as f64 / deliveries as f64);
            if is_long {
                results.add(Row::Peak(talk), kind, server.process.peak()? / (1024.0 * 1024.0));
            }
        }
        Row::Latency(pace, _) => {
            let (parts, unit) = if pace.members < 1_000 { (PARTS, 1e3) } else { (1, 1e6) };
            for _ in 0..parts {
                let latencies = talk::at_rate(crowd, pace.senders, pace.rate, plan.pace / parts)?;
                for (percentile, part) in [(Percentile::P50, 50), (Percentile::P99, 99)] {
                    results.add(Row::Latency(pace, percentile), kind, self::percentile(&latencies, part) as f64 / unit);
                }
            }
        }
        Row::Idle(_) => results.add(row, kind, *idle),
        _ => {}
    }
    Ok(())
}

/// What so many in a hundred of these do not exceed; they are sorted, and at least one.
fn percentile(latencies: &[u64], part: usize) -> u64 {
    latencies[(latencies.len() * part / 100).min(latencies.len() - 1)]
}

/// How many are in the room before anything is measured.
fn members(row: Row) -> usize {
    match row {
        Row::Cpu(talk) | Row::Peak(talk) => talk.members,
        Row::Latency(pace, _) => pace.members,
        Row::Idle(members) => members,
        Row::Storm | Row::Native | Row::Sleeps | Row::Start | Row::Searching | Row::Answer | Row::Burst => 0,
    }
}

fn open(kind: Kind, members: usize) -> Result<Stage> {
    let server = kind.start(Setup::Column)?;
    let before = server.process.resident()?;
    let crowd = Crowd::enter(kind, server.addr, members)?;
    let idle = (server.process.resident()? - before) / members as f64;
    Ok(Stage { server, crowd, idle })
}

fn sleeps(kind: Kind, server: &Running) -> Result<f64> {
    let _crowd = Crowd::enter(kind, server.addr, SILENT)?;
    let before = server.process.sleeps()?;
    let end = Instant::now() + Duration::from_secs(SILENCE);
    while Instant::now() < end {
        interrupt::check()?;
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(server.process.sleeps()? - before)
}

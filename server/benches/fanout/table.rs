//! The results as Markdown.

use std::fmt::Write as _;

use crate::host;
use crate::results::Results;
use crate::rows::{self, Row, grouped};
use crate::servers::{BARE, Kind, OURS, PAPO, PEERS};
use crate::verdict;

/// The whole page. `stolen` is the part of the time that the machine was not given by its host.
pub(crate) fn page(results: &Results, took: std::time::Duration, stolen: f64) -> String {
    let mut page = String::from(HEAD);
    let stolen = 100.0 * stolen;
    let _ = writeln!(
        page,
        "\nThis run: {}; {} s, of which the host took {stolen:.1} % away.\n",
        host::name(),
        took.as_secs()
    );
    let rows: Vec<Row> = rows::all().into_iter().filter(|&row| results.has(row)).collect();
    table(&rows, &kinds(results), &mut page, |row, kind| median(results, row, kind));
    page += "\n## Ratios\n\nOf the medians. The best bare loop and the best peer are the best of their row.\n\n";
    ratios(results, &mut page);
    own_ratios(results, &mut page);
    page += "\n## What is wanted\n\n| | | measured | at most | |\n| --- | --- | ---: | ---: | --- |\n";
    for verdict in verdict::all(results) {
        let (mark, kind) = (if verdict.is_met() { "met" } else { "**missed**" }, verdict.kind.title());
        let [value, limit] = [verdict.value, verdict.limit].map(|value| grouped(value, decimals(value)));
        let _ = writeln!(page, "| {} | {kind} | {value} | {limit} | {mark} |", verdict.demand);
    }
    page += "\n## Ranges\n\nThe smallest and the greatest of the repetitions.\n\n";
    table(&rows, &kinds(results), &mut page, |row, kind| {
        let (least, most) = results.range(row, kind)?;
        Some(format!("{}–{}", grouped(least, row.decimals()), grouped(most, row.decimals())))
    });
    failures(results, &mut page);
    page
}

const HEAD: &str = "# papo-server beside bare loops and other servers

Made by `scripts/bench`, which measures all of it in one run, in turns; medians of the repetitions. Each server has one
core to itself and the load another, on one machine. Texts of 64 bytes; `50/5, 16` means 50 members of whom 5 talk, each
with 16 messages in flight. CPU is the time of the server's process, in the kernel too, per delivered line. Every delivery
is checked: none lost, doubled or reordered. Latency is measured from the moment at which a message was due. papo-server
runs with all its limits as they are by default, `--reader-buffer` and `--total-buffer` among them, but without rate limit:
it would hold the talkers back. The bare loops do nothing but read, prefix the name and write: what the kernel costs. Native
lines are more than twice as long as theirs, and the kernel takes its time by the byte, so that one of them reads and writes
lines of that length: native readers are held to that one. History, which is kept by default, is kept in a file in one
column, in all rooms but those of 10,000. A dash: not tried, because it would take too long or is not what the column is
there for, or not achieved (see the end). Latencies of rooms of 50 are judged by the first quartile of some sixteen values
each: where the host takes a core away for one moment in a hundred, a median of 99th percentiles tells of the host.

The last three rows have servers of their own, with history in either column. `while 40 search`: a history of 150,000
messages of 60 to 100 bytes, the same in each run; 40 native members search it without pause and without rate limit, each
with one question outstanding, for frequent words, rare ones, two at once, and some that are not there; beside them a room
of 50 of whom 5 talk, 100 messages a second, whose latency counts. Every answer is checked for whether it has found
anything. `At their burst`: all options by default, the rate limit too; 20 native members say 99 lines of 4,000 bytes each
at once, and read on. The reader is a thread with a receive buffer of 64 KiB that reads no faster than 20 Mbit/s: this needs
no root, and the server's kernel buffers more for it than it might for a slow line. The talkers come by loopback, which is
exempt from the limits per address.
";

fn median(results: &Results, row: Row, kind: Kind) -> Option<String> {
    results.median(row, kind).map(|value| grouped(value, row.decimals()))
}

fn table(rows: &[Row], kinds: &[Kind], page: &mut String, cell: impl Fn(Row, Kind) -> Option<String>) {
    let titles: Vec<&str> = kinds.iter().map(|kind| kind.title()).collect();
    let _ = writeln!(page, "| | {} |\n| --- |{}", titles.join(" | "), " ---: |".repeat(kinds.len()));
    for &row in rows {
        let cells: Vec<String> = kinds.iter().map(|&kind| cell(row, kind).unwrap_or("–".into())).collect();
        let _ = writeln!(page, "| {row} | {} |", cells.join(" | "));
    }
}

fn ratios(results: &Results, page: &mut String) {
    let of_papo = PAPO.map(|kind| format!("{} / best bare loop | best peer / {}", kind.title(), kind.title()));
    let _ = writeln!(page, "| | {} |\n| --- |{}", of_papo.join(" | "), " ---: |".repeat(2 * PAPO.len()));
    let ratio = |over: Option<f64>, under: Option<f64>| match (over, under) {
        (Some(over), Some(under)) if under > 0.0 => format!("{:.2}", over / under),
        _ => "–".into(),
    };
    for row in rows::all().into_iter().filter(|&row| results.has(row)) {
        let (bare, peer) = (results.best(row, &BARE), results.best(row, &PEERS));
        let cells = PAPO.map(|kind| {
            let papo = results.median(row, kind);
            format!("{} | {}", ratio(papo, bare), ratio(peer, papo))
        });
        let _ = writeln!(page, "| {row} | {} |", cells.join(" | "));
    }
}

/// Columns of ours beside one another: what history costs, what longer lines cost, and the shapes of a loop.
fn own_ratios(results: &Results, page: &mut String) {
    let pairs = [
        (Kind::PapoKeeping, Kind::PapoClassic),
        (Kind::PapoNative, Kind::BareLong),
        (Kind::BareLong, Kind::BareShared),
        (Kind::BareBlocks, Kind::BareShared),
        (Kind::BareCopy, Kind::BareShared),
        (Kind::BareEach, Kind::BareShared),
    ];
    let titles = pairs.map(|(over, under)| format!("{} / {}", over.title(), under.title()));
    let _ = writeln!(page, "\n| | {} |\n| --- |{}", titles.join(" | "), " ---: |".repeat(pairs.len()));
    for row in rows::all() {
        let ratio = |(over, under)| Some(results.median(row, over)? / results.median(row, under)?);
        let ratios = pairs.map(ratio);
        if ratios.iter().any(Option::is_some) {
            let cells = ratios.map(|ratio| ratio.map_or("–".into(), |ratio| format!("{ratio:.2}")));
            let _ = writeln!(page, "| {row} | {} |", cells.join(" | "));
        }
    }
}

fn failures(results: &Results, page: &mut String) {
    let mut failures = results.failures().peekable();
    if failures.peek().is_some() {
        *page += "\n## Not achieved\n\n";
    }
    for (row, kind, why) in failures {
        let _ = writeln!(page, "- {}, {row}: {why}", kind.title());
    }
}

fn kinds(results: &Results) -> Vec<Kind> {
    OURS.into_iter().chain(PEERS).filter(|&kind| results.knows(kind)).collect()
}

fn decimals(value: f64) -> usize {
    if value < 100.0 { 2 } else { 0 }
}

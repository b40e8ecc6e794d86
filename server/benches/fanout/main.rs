//! Measures papo-server's broadcast log beside bare loops and other servers. `scripts/bench` builds and runs it.

mod bare;
mod burst;
mod crowd;
mod host;
mod interrupt;
mod measure;
mod process;
mod results;
mod rows;
mod search;
mod servers;
mod storm;
mod table;
mod talk;
mod text;
mod verdict;
mod wire;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use lexopt::Arg;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_setaffinity};

use crate::host::Ticks;
use crate::measure::Plan;
use crate::process::{LOAD_CORE, Process};
use crate::servers::{OURS, PEERS};

/// Descriptors for 1,000 members of every server, or 10,000 of one, and what else there is.
const DESCRIPTORS: u64 = 16_000;
/// After this no further repetition is begun, each of which takes some six minutes.
const FULL: Duration = Duration::from_secs(8 * 60);
/// After this nothing more is begun.
const END: Duration = Duration::from_secs(14 * 60);

#[derive(Debug, Default)]
struct Options {
    /// Whether it was asked for at all: a mere run of all targets is no benchmark.
    is_wanted: bool,
    is_quick: bool,
    is_papo_only: bool,
    only: String,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare", shape, addr] => return bare::serve(shape.parse()?, addr.parse()?),
        ["spin"] => loop {
            std::hint::spin_loop();
        },
        _ => {}
    }
    let options = parse(&words)?;
    if options.is_wanted { bench(&options) } else { Ok(()) }
}

fn parse(words: &[String]) -> Result<Options> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_args(words);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("bench") => options.is_wanted = true,
            Arg::Long("quick") => options.is_quick = true,
            Arg::Long("papo-only") => options.is_papo_only = true,
            Arg::Long("only") => options.only = parser.value()?.to_string_lossy().into_owned(),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn bench(options: &Options) -> Result<()> {
    let start = Instant::now();
    interrupt::watch()?;
    raise_descriptor_limit()?;
    let mut core = CpuSet::new();
    core.set(LOAD_CORE);
    sched_setaffinity(None, &core).context("two cores are needed")?;
    let folder = tempfile::tempdir()?;
    let _awake = Process::spin(folder.path())?;
    let before = Ticks::now()?;
    let results = measure::all(&plan(options, start))?;
    let page = table::page(&results, start.elapsed(), Ticks::now()?.stolen_since(before));
    write!(std::io::stdout(), "{page}")?;
    if !options.is_quick && !options.is_papo_only && options.only.is_empty() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/RESULTS.md"), page)?;
    }
    let failed: Vec<_> = results.failures().filter(|(_, kind, _)| kind.is_papo()).collect();
    if failed.is_empty() { Ok(()) } else { bail!("papo-server failed: {failed:?}") }
}

fn plan(options: &Options, start: Instant) -> Plan {
    let mut kinds = OURS.to_vec();
    if !options.is_papo_only {
        let (there, missing): (Vec<_>, Vec<_>) = PEERS.into_iter().partition(|peer| peer.is_there());
        for peer in missing {
            let _ = writeln!(std::io::stderr(), "{} is not installed and left out", peer.title());
        }
        kinds.extend(there);
    }
    if options.is_quick {
        kinds.retain(|kind| !kind.is_slow(1_000));
    }
    let [deadline, end] = [FULL, END].map(|time| start + time);
    let only = options.only.clone();
    let [talk, pace] = if options.is_quick { [150, 300] } else { [400, 1_000] }.map(Duration::from_millis);
    let repetitions = if options.is_quick { [1, 0] } else { [5, 2] };
    let [rounds, heats] = if options.is_quick { [1, 0] } else { [2, 2] };
    Plan { kinds, only, repetitions, rounds, heats, talk, pace, deadline, end }
}

fn raise_descriptor_limit() -> Result<()> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let enough = |limit: Option<u64>| limit.is_none_or(|limit| limit >= DESCRIPTORS);
    if enough(current) {
        return Ok(());
    }
    let maximum = if enough(maximum) { maximum } else { Some(DESCRIPTORS) };
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).context("16,000 descriptors are needed")
}

//! A deterministic simulator: many clients, a network that delays, cuts and reorders connections, a disk that fails, a
//! clock that jumps and a server that is killed, all from one seed; a day of chat in a moment.
//!
//! Invariants that always hold (see [`truth`], [`native`], [`classic`], [`world`]):
//!
//! - all are told what happened in one order, and nobody is told anything twice or misses anything without being told so;
//! - what was confirmed is on the disk whenever the server is killed, and is said once however often it is sent;
//! - private messages reach their addressee alone, once, in order, and never the disk;
//! - a reader who reads stays, and whoever comes back in time is the same as before;
//! - memory is bounded, the server never spins, and nothing is left of those who went.
//!
//! `SEED=n cargo test -p papo-server --test simulator one_seed` runs one seed, with `TRACE=1` and `-- --nocapture` every
//! event of it is printed; `scripts/simulate 10000` runs many.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod classic;
#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "../../../common/tests/support/classic_client.rs"]
mod classic_client;
mod client;
#[allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]
#[path = "../support/people/dice.rs"]
mod dice;
mod disk;
mod habits;
mod machine;
mod native;
mod network;
mod pipe;
mod plan;
mod process;
mod rude;
mod run;
mod storage;
mod trace;
mod truth;
mod world;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use world::World;

/// How many seeds each run of the tests tries.
const SEEDS: u64 = 100;

/// The outcome of a seed.
struct Report {
    hash: u64,
    time: Duration,
    events: u64,
}

/// Runs one seed; panics with its last events if something does not hold.
fn run(seed: u64) -> Report {
    let folder = in_memory(seed);
    let mut world = World::new(seed, folder.path());
    world.trace.is_loud = std::env::var_os("TRACE").is_some();
    let lived = world.live();
    if let Err(wrong) = lived {
        panic!("{}SEED={seed}: {wrong}", world.trace.last_lines());
    }
    Report { hash: world.trace.hash(), time: world.now(), events: world.trace.count }
}

/// A folder in memory, where there is one: the disk's speed is not what is tested.
fn in_memory(seed: u64) -> tempfile::TempDir {
    let shared = Path::new("/dev/shm");
    let place = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix(&format!("papo-{seed}-")).tempdir_in(place).unwrap()
}

/// Runs these seeds on all processors and says what they came to.
fn run_all(seeds: std::ops::Range<u64>) {
    let (next, time, events) = (AtomicU64::new(seeds.start), AtomicU64::new(0), AtomicU64::new(0));
    let start = Instant::now();
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds.end {
            return;
        }
        let report = run(seed);
        time.fetch_add(report.time.as_secs(), Ordering::Relaxed);
        events.fetch_add(report.events, Ordering::Relaxed);
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let failed = threads.into_iter().map(std::thread::ScopedJoinHandle::join).filter(Result::is_err).count();
        assert_eq!(failed, 0, "a seed failed");
    });
    println!(
        "{} seeds, {} simulated hours, {} events in {:?}",
        seeds.end - seeds.start,
        time.into_inner() / 3_600,
        events.into_inner(),
        start.elapsed()
    );
}

#[test]
fn many_seeds() {
    run_all(0..SEEDS);
}

/// Seeds that once found a fault of the server.
#[test]
fn seeds_that_failed() {
    // When memory was short, readers that had read everything were closed along with the one for which most waited.
    run(79);
    // A second failure of the disk, while the file was to take up what it had missed, left the new lesson's numbering in it
    // without the lesson.
    run(6_261);
}

#[test]
fn a_seed_runs_the_same_twice() {
    for seed in [1, 2, 3, 4] {
        assert_eq!(run(seed).hash, run(seed).hash, "SEED={seed}");
    }
}

/// `SEED=n cargo test -p papo-server --test simulator one_seed`
#[test]
fn one_seed() {
    let seed = std::env::var("SEED").map_or(0, |seed| seed.parse().unwrap());
    let report = run(seed);
    println!("SEED={seed}: {:?}, {} events, hash {:016x}", report.time, report.events, report.hash);
}

/// `SEEDS=n` of them from `FIRST` on: started by `scripts/simulate`.
#[test]
#[ignore = "takes minutes: scripts/simulate"]
fn as_many_seeds_as_asked() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let first = number("FIRST").unwrap_or(0);
    run_all(first..first + number("SEEDS").unwrap_or(1_000));
}

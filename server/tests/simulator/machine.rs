//! The machine that the server runs on: its process, its clocks and its disk, each of which may fail.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use papo_server::clock::Now;
use papo_server::config::HistoryConfig;
use papo_server::engine::Engine;
use papo_server::history::TimeSlice;
use papo_server::keys::ConnectionKey;
use papo_server::operator::Operator;
use papo_server::operator::command::Command;
use papo_server::operator::console::Console;
use papo_server::operator::execute::execute;
use papo_server::operator::log::Log;
use papo_server::options::Options;
use papo_server::random::Random;

use crate::dice::Dice;
use crate::disk;
use crate::network::{SharedLink, SimTransport};
use crate::process::{Process, copy_database};
use crate::storage::Stored;

/// Time of the wall clock at the start, Unix ms.
const START: u64 = 1_795_000_000_000;
/// Every query is answered within a turn: how much processor time it takes is not to be repeated.
const WHOLE: TimeSlice = TimeSlice { time: Duration::from_secs(3_600), stride: usize::MAX };
/// Descriptors that the system gives.
const DESCRIPTORS: usize = 1_000;
/// Nothing is too old to be kept, whatever the clock shows.
const KEPT: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The machine, and the server while it runs.
pub(crate) struct Machine {
    options: Options,
    engine: Option<Engine<SimTransport>>,
    process: Rc<Process>,
    operator: Operator,
    /// Typed input that the server has yet to read.
    commands: Vec<Command>,
    folder: PathBuf,
    /// The database of the current run.
    pub(crate) database: PathBuf,
    dice: Dice,
    /// The moment at which simulated time began.
    epoch: Instant,
    /// By how much the wall clock is wrong, ms.
    wrong_by: i64,
    runs: u32,
    /// Whether it was told to end.
    is_ending: bool,
}

/// The outcome of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The server goes on.
    Runs,
    /// The server was killed in the middle of it; `is_safe` says whether its disk had all that it told.
    Killed { is_safe: bool },
    /// The server has ended in good order.
    Ended,
}

impl Machine {
    /// A machine whose server serves as `options` say, with its files in `folder`.
    pub(crate) fn new(mut options: Options, folder: &Path, dice: Dice) -> Machine {
        options.history = HistoryConfig { path: None, time: KEPT, size: 1 << 40 };
        Machine {
            options,
            engine: None,
            process: Rc::default(),
            operator: Operator {
                console: Console::new(Box::new(std::io::sink())),
                log: Log::new(Box::new(std::io::sink())),
                listening: None,
            },
            commands: Vec::new(),
            folder: folder.into(),
            database: folder.join("papo.db"),
            dice,
            epoch: Instant::now(),
            wrong_by: 0,
            runs: 0,
            is_ending: false,
        }
    }

    /// The content of the disk.
    pub(crate) fn stored(&self) -> Stored {
        // The file itself is left as it is: to read it would repair it.
        let copy = self.folder.join("read.db");
        copy_database(&self.database, &copy);
        Stored::read(&copy)
    }

    /// Starts the server.
    pub(crate) fn start(&mut self, now: Duration) {
        self.process = Rc::default();
        self.is_ending = false;
        self.runs += 1;
        self.options.history.path = Some(self.database.clone());
        let mut dice = Dice::new(self.dice.below(1 << 40) as u64);
        let mut half = move || dice.below(1 << 32) as u128;
        let random = Random::new(move || Ok(half() << 96 | half() << 64 | half() << 32 | half()));
        let mut engine = Engine::new(&self.options, DESCRIPTORS, (), random, self.at(now)).unwrap();
        engine.storage.query_slice = WHOLE;
        self.engine = Some(engine);
    }

    /// Whether it runs.
    pub(crate) fn is_on(&self) -> bool {
        self.engine.is_some()
    }

    /// Whether it was told to end.
    pub(crate) fn is_ending(&self) -> bool {
        self.is_ending
    }

    /// Whether newcomers can connect.
    pub(crate) fn listens(&self) -> bool {
        self.is_on() && !self.is_ending
    }

    /// One turn of the server: newcomers, then those of whom the poller reports something.
    pub(crate) fn turn(
        &mut self,
        now: Duration,
        newcomers: Vec<SharedLink>,
        ready: &[(ConnectionKey, bool)],
    ) -> Outcome {
        let (time, was_safe) = (self.at(now), self.is_safe());
        let Some(engine) = &mut self.engine else { return Outcome::Ended };
        engine.begin_turn(time);
        for link in newcomers {
            let addr = link.borrow().addr;
            engine.admit(SimTransport::new(link, Rc::clone(&self.process)), addr);
        }
        for &(key, is_writable) in ready {
            engine.on_ready(key, is_writable);
        }
        for command in self.commands.drain(..) {
            execute(engine, &mut self.operator, command);
        }
        engine.end_turn();
        engine.take_notes().for_each(drop);
        if self.process.is_dead() {
            let is_safe = was_safe && self.is_safe();
            self.bury();
            return Outcome::Killed { is_safe };
        }
        if self.is_ending && engine.has_ended() {
            self.engine = None;
            return Outcome::Ended;
        }
        Outcome::Runs
    }

    /// When the next turn is due although nothing comes.
    pub(crate) fn next_turn(&self, now: Duration) -> Option<Duration> {
        let due = self.engine.as_ref()?.next_deadline(self.at(now).instant)?;
        Some(due.saturating_duration_since(self.epoch))
    }

    /// Kills the server at its next write but so many, or, if it does not write so often, whenever [`Machine::kill`] says.
    pub(crate) fn kill_after(&mut self, writes: u32) {
        self.process.kill_after(writes, &self.database, &self.next_database());
    }

    /// Kills the server now.
    pub(crate) fn kill(&mut self) {
        self.process.kill_after(0, &self.database, &self.next_database());
        self.process.kill();
        self.bury();
    }

    /// The operator types a command.
    pub(crate) fn command(&mut self, line: &str) {
        self.commands.extend(Command::parse(line));
    }

    /// Has the server end in good order.
    pub(crate) fn end(&mut self) {
        if let Some(engine) = &mut self.engine {
            self.is_ending = true;
            engine.hub.close_all();
        }
    }

    /// Whether all that the server tells is on the disk: the history can be written, and stands where it is looked for.
    pub(crate) fn is_safe(&self) -> bool {
        self.has_history() && self.database.is_file()
    }

    /// Whether the history can be written, as far as the server knows.
    pub(crate) fn has_history(&self) -> bool {
        self.engine.as_ref().is_some_and(|engine| engine.storage.history().is_on())
    }

    /// Bytes that all connections keep in memory.
    pub(crate) fn memory(&self) -> usize {
        self.engine.as_ref().map_or(0, |engine| engine.hub.memory())
    }

    /// Whether nothing is left of anybody.
    pub(crate) fn is_idle(&self) -> bool {
        self.engine.as_ref().is_none_or(|engine| engine.hub.is_idle())
    }

    /// The wall clock is set by so many ms.
    pub(crate) fn set_clock(&mut self, by: i64) {
        // No Papo ran before 2020.
        if START as i64 + self.wrong_by + by > 1_600_000_000_000 {
            self.wrong_by += by;
        }
    }

    /// Something happens to the disk while the server has no file open; see [`disk`].
    pub(crate) fn break_disk(&mut self, seq: u64) {
        disk::fail_messages(&self.database, seq, &mut self.dice);
    }

    /// Undoes [`Machine::break_disk`], unless the server has the file open.
    pub(crate) fn mend_disk(&mut self) {
        if !self.has_history() {
            disk::mend(&self.database);
        }
    }

    /// Somebody moves the file away while the server has it open.
    pub(crate) fn take_file_away(&self) {
        disk::take_away(&self.database);
    }

    /// The process is gone: its connections end, and the disk is as it was when it was killed.
    fn bury(&mut self) {
        self.engine = None;
        self.database = self.next_database();
    }

    fn next_database(&self) -> PathBuf {
        self.folder.join(format!("papo{}.db", self.runs))
    }

    fn at(&self, now: Duration) -> Now {
        let unix_ms = START as i64 + self.wrong_by + now.as_millis() as i64;
        Now { instant: self.epoch + now, unix_ms: unix_ms.max(0) as u64 }
    }
}

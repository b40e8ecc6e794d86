//! Signals of the system to the process. Unix alone.

use std::fs::File;
use std::io::IsTerminal as _;
use std::{fmt, fs, io};

use mio::{Interest, Registry, Token, event};
use rustix::process::{getpid, kill_process};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook_mio::v1_0;

/// Becomes readable when a signal has come.
pub struct Signals {
    pending: v1_0::Signals,
    has_terminal: bool,
}

/// The meaning of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalKind {
    /// The server is to end; on a second one, at once.
    End,
    /// The terminal is gone: that it end, however often that is told.
    HangUp,
    /// Begin the log's file anew: sent to a server without a terminal.
    ReopenLog,
    /// Ctrl+Z: that the process stand still.
    Stop,
    /// The process stood still and goes on.
    GoneOn,
}

impl Signals {
    /// From now on the signals no longer end or stop the process by themselves. A server started by `nohup` is to
    /// outlive its terminal. An error where the system has no room for it.
    pub fn new() -> io::Result<Signals> {
        let hangup = (!is_ignored(SIGHUP)).then_some(SIGHUP);
        let is_typed_on = io::stdin().is_terminal() && !is_ignored(SIGTSTP);
        let job_control = [SIGTSTP, SIGCONT].into_iter().filter(|_| is_typed_on);
        let pending = v1_0::Signals::new([SIGINT, SIGTERM].into_iter().chain(hangup).chain(job_control))?;
        Ok(Signals { pending, has_terminal: has_terminal() })
    }

    /// The signals since the last call.
    pub fn take(&mut self) -> Vec<SignalKind> {
        let has_terminal = self.has_terminal;
        let wish = |signal| match signal {
            SIGHUP if has_terminal => SignalKind::HangUp,
            SIGHUP => SignalKind::ReopenLog,
            SIGTSTP => SignalKind::Stop,
            SIGCONT => SignalKind::GoneOn,
            _ => SignalKind::End,
        };
        let mut wishes: Vec<SignalKind> = self.pending.pending().map(wish).collect();
        // Both at once: the stop has been taken back already.
        if wishes.contains(&SignalKind::Stop) && (wishes.contains(&SignalKind::GoneOn) || !has_job_control()) {
            wishes.retain(|wish| *wish != SignalKind::Stop);
        }
        wishes
    }
}

/// Stands still until SIGCONT comes. SIGTSTP itself is caught, so that this takes the other one. Where the system refuses,
/// the process goes on.
pub fn stop() {
    let _ = kill_process(getpid(), rustix::process::Signal::STOP);
}

/// Whether closing a terminal can concern the process: it has one, also where its standard streams lead elsewhere.
fn has_terminal() -> bool {
    let is_connected = io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    is_connected || File::open("/dev/tty").is_ok()
}

/// Whether a shell watches the process, which lets it go on after Ctrl+Z: some process above it in the same session is
/// of another job. Without one, as in a terminal window of its own, it would stand still for ever.
fn has_job_control() -> bool {
    let Some(own) = process(std::process::id() as i32) else { return false };
    let mut above = process(own.parent);
    while let Some(process_above) = above.filter(|it| it.session == own.session) {
        if process_above.job != own.job {
            return true;
        }
        above = process(process_above.parent);
    }
    false
}

/// Where a process stands among others. In a container the numbers of processes outside of it are 0.
struct Process {
    parent: i32,
    job: i32,
    session: i32,
}

/// Looks a process up, where the system tells.
fn process(pid: i32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it, in brackets, may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut numbers = fields.split_whitespace().skip(1).map_while(|field| field.parse().ok());
    Some(Process { parent: numbers.next()?, job: numbers.next()?, session: numbers.next()? })
}

/// Whether the process was started with that signal ignored. Only Linux tells without unsafe.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or_default();
    ignored >> (signal - 1) & 1 == 1
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signal")
    }
}

impl event::Source for Signals {
    fn register(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        self.pending.register(registry, token, interest)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interest: Interest) -> io::Result<()> {
        self.pending.reregister(registry, token, interest)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        self.pending.deregister(registry)
    }
}

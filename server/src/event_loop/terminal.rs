//! The operator's side of the system: what is typed, signals, and where the output goes.

use std::io;
use std::time::{Duration, Instant};

use mio::{Interest, Registry};

use super::source::Source;
use crate::clock::Now;
use crate::operator::Operator;
use crate::os::output::NonBlockingFd;
use crate::os::signals::{self, SignalKind, Signals};
use crate::os::stdin::{self, ReadOutcome, Stdin, StdinKind};
use crate::strings;

/// The time for which input for another program in the foreground is left alone: it stays readable all the while.
const NOT_OURS_PAUSE: Duration = Duration::from_secs(1);

/// Descriptors of the operator's side.
#[derive(Debug, Default)]
pub(super) struct Terminal {
    stdin: Option<Stdin>,
    /// Whether commands come from something else than a terminal.
    is_script: bool,
    outputs: Vec<NonBlockingFd>,
    /// Outputs that are files.
    files: Vec<NonBlockingFd>,
    signals: Option<Signals>,
}

impl Terminal {
    /// Waits for `signals`. An error if the poll cannot.
    pub(super) fn attach_signals(&mut self, registry: &Registry, mut signals: Signals) -> io::Result<()> {
        registry.register(&mut signals, Source::Signals.token(), Interest::READABLE)?;
        self.signals = Some(signals);
        Ok(())
    }

    /// Takes commands from `stdin`, if that is something that can be waited for, or a file.
    pub(super) fn attach_stdin(&mut self, registry: &Registry, mut stdin: Stdin) {
        let is_file = stdin.kind() == StdinKind::File;
        if is_file || registry.register(&mut stdin, Source::Stdin.token(), Interest::READABLE).is_ok() {
            self.is_script = stdin.kind() != StdinKind::Terminal;
            self.stdin = Some(stdin);
        }
    }

    /// Console and log are written to `output`; what waits is written when that is writable again.
    pub(super) fn attach_output(&mut self, registry: &Registry, mut output: NonBlockingFd) {
        // An output that cannot be waited for never makes anybody wait.
        if output.is_file() {
            self.files.push(output);
        } else if registry.register(&mut output, Source::OperatorOutput.token(), Interest::WRITABLE).is_ok() {
            self.outputs.push(output);
        }
    }

    /// Signals that have come.
    pub(super) fn take_signals(&mut self) -> Vec<SignalKind> {
        self.signals.as_mut().map(Signals::take).unwrap_or_default()
    }

    /// Ctrl+Z: says so, and waits until the shell lets the process go on.
    pub(super) fn stop(operator: &mut Operator, now: Now) {
        operator.console.print(strings::STOPPED);
        operator.log.note(now.unix_ms, strings::STOPPED_LOG);
        operator.flush();
        signals::stop();
    }

    /// The process goes on after [`Terminal::stop`].
    pub(super) fn go_on(operator: &mut Operator) {
        operator.console.print(strings::CONTINUED);
        if stdin::is_ours() {
            operator.console.prompt();
        }
    }

    /// Begins the files anew that the log and the console go to: somebody has renamed them.
    pub(super) fn reopen_files(&self, operator: &mut Operator, now: Now) {
        for file in &self.files {
            if let Err(error) = file.reopen() {
                operator.log.note(now.unix_ms, strings::cannot_reopen(&error));
            }
        }
        operator.log.note(now.unix_ms, strings::REOPENED);
    }

    /// Whether a command has to wait for the file that the one before it writes: nobody is there to type it again.
    pub(super) fn waits_for_export(&self, is_exporting: bool) -> bool {
        self.is_script && is_exporting
    }

    /// When [`Terminal::resume`] is due; no readiness tells of the next part of a file.
    pub(super) fn deadline(&self, is_exporting: bool, now: Instant) -> Option<Instant> {
        let stdin = self.stdin.as_ref()?;
        let has_to_read = stdin.kind() == StdinKind::File && !self.waits_for_export(is_exporting);
        if has_to_read { Some(now) } else { stdin.rests_until }
    }

    /// Hands what was typed to the operator's console.
    pub(super) fn read(&mut self, registry: &Registry, operator: &mut Operator, is_exporting: bool, now: Now) {
        let waits = self.waits_for_export(is_exporting);
        let Some(stdin) = self.stdin.as_mut().filter(|_| !waits) else { return };
        match stdin.read() {
            ReadOutcome::Some(typed) => operator.console.receive(typed),
            ReadOutcome::Nothing => {}
            ReadOutcome::NotOurs => return stdin.rests_until = Some(now.instant + NOT_OURS_PAUSE),
            ReadOutcome::EndKey => {
                operator.console.print(strings::END_KEY);
                operator.console.prompt();
            }
            ReadOutcome::End => {
                // Nobody looks at it any more, whatever the kernel still tells of it.
                let _ = registry.deregister(stdin);
                self.stdin = None;
                return operator.console.finish();
            }
        }
        self.await_input(registry, operator, now);
    }

    /// Looks again at input that was for another program: the server may be in the foreground now. Reads the next part of
    /// a file.
    pub(super) fn resume(&mut self, registry: &Registry, operator: &mut Operator, is_exporting: bool, now: Now) {
        if self.stdin.as_ref().is_some_and(|stdin| stdin.kind() == StdinKind::File) {
            self.read(registry, operator, is_exporting, now);
        } else {
            self.await_input(registry, operator, now);
        }
    }

    /// Waits for more to be typed. A terminal gives one line per read, and readiness is told once for several.
    pub(super) fn await_input(&mut self, registry: &Registry, operator: &mut Operator, now: Now) {
        let Some(stdin) = self.stdin.as_mut().filter(|stdin| stdin.kind() != StdinKind::File) else { return };
        stdin.rests_until = None;
        if let Err(error) = registry.reregister(stdin, Source::Stdin.token(), Interest::READABLE) {
            self.stdin = None;
            operator.log.note(now.unix_ms, strings::console_lost(&error));
        }
    }
}

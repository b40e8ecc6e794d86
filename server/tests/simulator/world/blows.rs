//! Faults of the server: it is killed, ended, started again, its disk fails, its clock jumps.

use std::time::Duration;

use super::World;
use crate::client::{Client, Speech};
use crate::storage::Stored;

/// A day, in ms.
const DAY: i64 = 86_400_000;
/// How much later than the client the server may notice that a connection is gone, at most.
const MARGIN: Duration = Duration::from_secs(2);

impl World {
    /// Strikes once, as chance has it.
    pub(super) fn blow(&mut self) {
        let now = self.now.get();
        let every = self.plan.blows_every.unwrap_or(self.plan.length);
        self.next_blow = Some(now + every.mul_f32(0.1 + self.dice.below(100) as f32 / 50.0));
        if !self.machine.listens() || !self.clients[0].is_in() {
            return;
        }
        let blow = self.dice.below(16);
        self.trace.note(now, format_args!("blow {blow}"));
        match blow {
            0 | 1 => self.machine.kill_after(self.dice.below(40) as u32),
            2 => {
                let is_safe = self.machine.is_safe();
                self.machine.kill();
                self.buried(is_safe);
            }
            3 => {
                let is_safe = self.machine.is_safe();
                self.machine.end();
                self.truth.end_run(is_safe);
                self.forget_sessions();
                self.turns_at = Some(now);
            }
            4 => {
                self.machine.take_file_away();
                self.truth.floor = u64::MAX;
                self.disk_trouble_at = Some(now);
            }
            5..=8 => {
                let days = self.dice.pick(&[-400, -1, 1, 400]);
                self.machine.set_clock(days * DAY + self.dice.below(DAY as usize) as i64);
            }
            9 | 10 => self.command(&format!("aviso {}", now.as_millis())),
            11 | 12 => {
                let seq = self.truth.last_seq().saturating_sub(self.dice.below(30) as u64);
                self.command(&format!("apagar {seq}"));
            }
            13 => {
                self.truth.awaits_lesson = true;
                self.command("nova-aula");
            }
            _ => {
                let client = 1 + self.dice.below(self.plan.people);
                self.kick(client);
            }
        }
    }

    fn command(&mut self, line: &str) {
        self.trace.note(self.now.get(), format_args!("{line}"));
        self.machine.command(line);
        self.turns_at = Some(self.now.get());
    }

    /// The operator removes a client, who may never hear why.
    fn kick(&mut self, client: usize) {
        let client = &mut self.clients[client];
        let name = match &mut client.speech {
            Speech::Native(native) => {
                native.server_was_killed(false, None);
                native.called().map(str::to_owned)
            }
            Speech::Classic(classic) => classic.called().map(str::to_owned),
            Speech::Rude(_) => None,
        };
        client.is_excused = true;
        if let Some(name) = name {
            self.command(&format!("expulsar {name}"));
        }
    }

    /// The server was killed; `is_safe` says whether its disk had all that it told anybody.
    pub(super) fn buried(&mut self, is_safe: bool) {
        let now = self.now.get();
        self.truth.end_run(is_safe);
        let keep = self.plan.options.keep_name.saturating_sub(MARGIN);
        // A server that ends in good order ends its sessions.
        let was_ending = self.machine.is_ending();
        for client in &mut self.clients {
            let was_well = client.is_in() && client.run == self.run && !client.is_excused;
            if let Speech::Native(native) = &mut client.speech {
                native.server_was_killed(is_safe && !was_ending, was_well.then_some(now + keep));
            }
        }
        self.starts_at = Some(now + Duration::from_millis(self.dice.below(15_000) as u64));
        self.turns_at = None;
    }

    /// The server ends in good order: no session outlives that.
    fn forget_sessions(&mut self) {
        for client in &mut self.clients {
            if let Speech::Native(native) = &mut client.speech {
                native.server_was_killed(false, None);
            }
        }
    }

    /// Starts the server on what the last run left on the disk.
    pub(super) fn start(&mut self) -> Result<(), String> {
        let now = self.now.get();
        let stored = self.machine.stored();
        let is_safe = self.truth.is_safe();
        self.trace.note(now, format_args!("start after message {}, safe {is_safe}", stored.seq));
        if is_safe {
            self.truth.check_stored(&stored)?;
        }
        if !self.is_calm && self.dice.once_in(3) {
            self.machine.break_disk(stored.seq);
        }
        self.machine.start(now);
        self.had_history = self.machine.has_history();
        self.stored = if self.had_history { stored } else { Stored::default() };
        self.run = self.truth.runs();
        self.turns_at = Some(now);
        self.clients[0].wakes_at = now;
        Ok(())
    }

    /// The server has found out that the disk fails, or works again.
    pub(super) fn history_changed(&mut self, has_history: bool) {
        let now = self.now.get();
        self.trace.note(now, format_args!("history {has_history}"));
        self.had_history = has_history;
        self.disk_trouble_at = Some(now);
        self.truth.upheavals += 1;
        if !has_history {
            self.outage_from = self.truth.last_seq();
        } else if self.truth.outgrows_an_outage(self.outage_from) {
            self.truth.floor = self.truth.last_seq() + 1;
        }
        if has_history {
            // A file that was made anew begins here.
            self.truth.floor = self.truth.floor.min(self.truth.last_seq() + 1);
        } else {
            let later = Duration::from_secs(self.dice.pick(&[1, 15, 70, 300]));
            self.mends_at = Some(now + later);
        }
    }

    /// From now on nothing goes wrong.
    pub(super) fn calm_down(&mut self) {
        let now = self.now.get();
        self.is_calm = true;
        self.next_blow = None;
        self.clients.iter_mut().for_each(|client: &mut Client| client.calm_down(now));
        if self.mends_at.take().is_some() {
            self.machine.mend_disk();
        }
    }
}

//! The end of a run: all trouble ends, everyone is heard out, everyone goes, and the disk is looked at.

use std::time::Duration;

use super::World;
use crate::client::Speech;
use crate::storage::mentions;
use crate::truth::PRIVATE;

/// How long everyone may take to come back and be told everything.
const PATIENCE: Duration = Duration::from_secs(400);
/// How long it may take until nothing is left of those who went: what floods have sent is worked off at its rate.
const REST: Duration = Duration::from_secs(3 * 3_600);

impl World {
    pub(super) fn finish(&mut self) -> Result<(), String> {
        self.calm_down();
        let end = self.now.get() + PATIENCE;
        while let Some(unsettled) = self.unsettled() {
            if self.now.get() > end {
                return Err(format!("never came to rest: {unsettled}"));
            }
            self.step()?;
        }
        self.send_all_away()?;
        self.machine.end();
        self.truth.end_run(true);
        while self.machine.is_on() {
            self.turns_at = Some(self.now.get());
            self.step()?;
        }
        self.check_disk()
    }

    /// Somebody who is not in the room yet, or was not told everything.
    fn unsettled(&self) -> Option<String> {
        if !self.machine.has_history() || self.mends_at.is_some() {
            return Some("the disk".into());
        }
        let waiting = |client: &crate::client::Client| match &client.speech {
            Speech::Native(native) => {
                let is_settled = native.is_settled() && native.place().is_some_and(|place| self.is_at_end(place));
                (!is_settled).then(|| format!("{} {:?} {}", client.name, native.place(), native.waiting()))
            }
            Speech::Classic(classic) => {
                let is_heard = classic.said().iter().all(|token| client.is_excused || self.truth.is_taken(*token));
                (!classic.is_in() || !is_heard).then(|| format!("{} {:?}", client.name, classic.place()))
            }
            Speech::Rude(_) => None,
        };
        self.clients.iter().find_map(waiting).or_else(|| self.unheard())
    }

    fn is_at_end(&self, place: crate::truth::Place) -> bool {
        place.run == self.truth.current_run() && place.at == self.truth.run(place.run).length()
    }

    /// Something private that was confirmed to its sender and has not reached its addressee, who is still the same.
    fn unheard(&self) -> Option<String> {
        for client in &self.clients {
            let Speech::Native(sender) = &client.speech else { continue };
            for confirmed in &sender.confirmed {
                let (to, epoch) = confirmed.to;
                let Speech::Native(addressee) = &self.clients[to].speech else { continue };
                if addressee.epoch == epoch && !addressee.heard.contains(&confirmed.token) {
                    return Some(format!("{} never heard {:?}", self.clients[to].name, confirmed.token));
                }
            }
        }
        None
    }

    /// All go, and nothing is left of them but names for those who may come back.
    fn send_all_away(&mut self) -> Result<(), String> {
        let end = self.now.get() + self.plan.options.keep_name + REST;
        for client in self.clients.iter_mut().rev() {
            if let Some(link) = client.link.take() {
                link.borrow_mut().client_reset();
            }
            client.wakes_at = Duration::MAX;
            client.reads_at = None;
        }
        // Until a turn has seen the last of them the truth has no witness.
        self.truth.end_run(true);
        while !self.machine.is_idle() || self.turns_at.is_none_or(|at| at < self.now.get()) {
            if self.now.get() > end {
                return Err("something is left behind".into());
            }
            self.turns_at.get_or_insert(self.now.get() + Duration::from_millis(100));
            self.step()?;
        }
        Ok(())
    }

    fn check_disk(&self) -> Result<(), String> {
        let stored = self.machine.stored();
        self.truth.check_stored(&stored)?;
        if mentions(&self.machine.database, PRIVATE) {
            return Err("a private message stands on the disk".into());
        }
        Ok(())
    }
}

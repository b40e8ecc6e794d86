//! One run of a seed: clients, network and machine, moved on from one event to the next.

mod blows;
mod finish;

use std::cell::Cell;
use std::collections::VecDeque;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use crate::classic::Classic;
use crate::client::{Client, Context, Speech};
use crate::dice::Dice;
use crate::habits::{Habits, Reading};
use crate::machine::{Machine, Outcome};
use crate::native::Native;
use crate::network::SharedLink;
use crate::plan::Plan;
use crate::rude::{self, Rude, Rudeness};
use crate::storage::Stored;
use crate::trace::Trace;
use crate::truth::Truth;

/// How long an answer of the history may have been under way when the disk failed or came back.
const DISK_TROUBLE: Duration = Duration::from_secs(120);
/// Turns of one simulated second that mean that the server spins.
const MAX_TURNS: u32 = 50_000;
/// By how much the server may exceed its memory behind a turn, in bytes: by answers to be written in the next one.
const MEMORY_SLACK: usize = 512 << 10;

/// Everything there is.
pub(crate) struct World {
    plan: Plan,
    dice: Dice,
    now: Rc<Cell<Duration>>,
    machine: Machine,
    truth: Truth,
    /// The state that the current run found on the disk.
    stored: Stored,
    pub(crate) trace: Trace,
    clients: Vec<Client>,
    /// All connections that somebody still holds, and the client of each.
    links: Vec<(SharedLink, usize)>,
    newcomers: VecDeque<SharedLink>,
    /// When the server next turns.
    turns_at: Option<Duration>,
    /// When the server starts again, while it does not run.
    starts_at: Option<Duration>,
    next_blow: Option<Duration>,
    /// When the disk last failed or came back.
    disk_trouble_at: Option<Duration>,
    had_history: bool,
    mends_at: Option<Duration>,
    /// The number of the last message before the disk failed.
    outage_from: u64,
    /// The number of the run that newcomers come to.
    run: usize,
    turns: (Duration, u32),
    is_calm: bool,
}

impl World {
    /// The world of a seed, with its files in `folder`.
    pub(crate) fn new(seed: u64, folder: &Path) -> World {
        let mut dice = Dice::new(seed);
        let plan = Plan::by_chance(&mut dice);
        let machine = Machine::new(plan.options.clone(), folder, Dice::new(dice.below(1 << 40) as u64));
        let mut world = World {
            next_blow: plan.blows_every.map(|every| every.mul_f32(0.2 + dice.below(100) as f32 / 50.0)),
            plan,
            dice,
            now: Rc::default(),
            machine,
            truth: Truth::default(),
            stored: Stored::default(),
            trace: Trace::default(),
            clients: Vec::new(),
            links: Vec::new(),
            newcomers: VecDeque::new(),
            turns_at: None,
            starts_at: Some(Duration::ZERO),
            disk_trouble_at: None,
            had_history: false,
            mends_at: None,
            outage_from: 0,
            run: 0,
            turns: (Duration::ZERO, 0),
            is_calm: false,
        };
        world.populate();
        world
    }

    /// Lives through all of it; what went wrong, if something did.
    pub(crate) fn live(&mut self) -> Result<(), String> {
        while self.now.get() < self.plan.length {
            self.step()?;
        }
        self.finish()
    }

    /// How much time has passed.
    pub(crate) fn now(&self) -> Duration {
        self.now.get()
    }

    fn populate(&mut self) {
        self.add(Habits::of_the_witness(), Speech::Native(Box::default()), Duration::ZERO);
        for id in 1..=self.plan.people {
            let mut habits = Habits::by_chance(id, self.plan.pause, self.plan.is_calm, &mut self.dice);
            let speech = match self.dice.below(8) {
                0 | 1 => Speech::Classic(Box::new(Classic::new(false))),
                2 => {
                    // Its reads are its messages: they must come as they were sent.
                    habits.quality.piece = None;
                    habits.most_at_once = 1;
                    Speech::Classic(Box::new(Classic::new(true)))
                }
                _ => Speech::Native(Box::<Native>::default()),
            };
            let first = Duration::from_millis(10 + self.dice.below(5_000) as u64);
            self.add(habits, speech, first);
        }
        for id in 0..self.plan.rude {
            let mut habits = Habits::by_chance(100 + id, self.plan.pause, false, &mut self.dice);
            habits.reading = if self.dice.once_in(2) { Reading::Never } else { Reading::Prompt };
            // Short memory is nothing to those who say little.
            let rudeness = if self.plan.is_tight { Rudeness::Floods } else { self.dice.pick(&rude::ALL) };
            let first = Duration::from_millis(10 + self.dice.below(60_000) as u64);
            self.add(habits, Speech::Rude(Rude::new(rudeness)), first);
        }
    }

    fn add(&mut self, habits: Habits, speech: Speech, first: Duration) {
        let dice = Dice::new(self.dice.below(1 << 40) as u64);
        self.clients.push(Client::new(self.clients.len(), habits, speech, dice, first));
    }

    /// Goes on to the next thing that happens, and lets it happen.
    fn step(&mut self) -> Result<(), String> {
        let clients = self.clients.iter().map(Client::next_event);
        let links = self.links.iter().filter_map(|(link, _)| link.borrow().next_event());
        let own = [self.turns_at, self.starts_at, self.next_blow, self.mends_at].into_iter().flatten();
        let next = clients.chain(links).chain(own).min().unwrap_or(self.plan.length);
        self.now.set(next.max(self.now.get()));
        if self.starts_at.take_if(|at| *at <= next).is_some() {
            self.start()?;
        }
        if self.mends_at.take_if(|at| *at <= next).is_some() {
            self.machine.mend_disk();
        }
        if self.next_blow.take_if(|at| *at <= next).is_some() {
            self.blow();
        }
        self.carry();
        self.let_clients_act()?;
        self.let_server_turn()
    }

    /// The network brings what is due.
    fn carry(&mut self) {
        let now = self.now.get();
        for (link, client) in &self.links {
            let has_news = link.borrow_mut().advance();
            let client = &mut self.clients[*client];
            if has_news && client.link.as_ref().is_some_and(|own| Rc::ptr_eq(own, link)) {
                client.notice(now);
            }
        }
        self.links.retain(|(link, _)| !link.borrow().is_over());
    }

    fn let_clients_act(&mut self) -> Result<(), String> {
        for id in 0..self.clients.len() {
            let now = self.now.get();
            if self.clients[id].reads_at.is_some_and(|at| at <= now) {
                self.with_client(id, Client::read)?;
            }
            if self.clients[id].next_event() > now {
                continue;
            }
            let people = self.people();
            let is_connected = self.with_client(id, |client, cx| client.act(&people, cx))?;
            if !is_connected {
                self.connect(id);
            }
        }
        Ok(())
    }

    fn connect(&mut self, id: usize) {
        let now = self.now.get();
        // The witness is the first to enter.
        let may_connect = self.machine.listens() && (id == 0 || self.clients[0].is_in());
        if !may_connect {
            self.clients[id].wakes_at = now + Duration::from_millis(if id == 0 { 1 } else { 500 + 37 * id as u64 });
            return;
        }
        let client = &mut self.clients[id];
        client.run = self.run;
        let link = client.connect(&self.now);
        self.trace.note(now, format_args!("{} connects from {}", client.name, link.borrow().addr));
        self.links.push((Rc::clone(&link), id));
        self.newcomers.push_back(link);
    }

    /// Members that may be addressed: number, epoch and name of each.
    fn people(&self) -> Vec<(usize, u64, String)> {
        let people = self.clients.iter().skip(1).filter_map(|client| match &client.speech {
            Speech::Native(native) => Some((client.id, native.epoch, native.called()?.to_owned())),
            Speech::Classic(classic) => Some((client.id, 0, classic.called()?.to_owned())),
            Speech::Rude(_) => None,
        });
        people.collect()
    }

    fn with_client<R>(
        &mut self,
        id: usize,
        act: impl FnOnce(&mut Client, &mut Context<'_>) -> Result<R, String>,
    ) -> Result<R, String> {
        let now = self.now.get();
        let client = &mut self.clients[id];
        let name = client.name.clone();
        let has_disk_trouble =
            !self.machine.has_history() || self.disk_trouble_at.is_some_and(|at| now < at + DISK_TROUBLE);
        let mut cx = Context {
            now,
            truth: &mut self.truth,
            stored: &self.stored,
            trace: &mut self.trace,
            client: id,
            name: &name,
            run: client.run,
            is_witness: id == 0,
            has_disk_trouble,
            keep_name: self.plan.options.keep_name,
            is_tight: self.plan.is_tight,
            closed: None,
            told_the_end: false,
        };
        act(client, &mut cx)
    }

    fn let_server_turn(&mut self) -> Result<(), String> {
        let now = self.now.get();
        if !self.machine.is_on() {
            self.refuse_newcomers();
            return Ok(());
        }
        let is_ready = !self.newcomers.is_empty() || self.links.iter().any(|(link, _)| link.borrow().is_ready());
        if is_ready {
            // The poll returns a little later, and much later where the machine has other things to do.
            let late = if self.dice.once_in(2_000) { 1_500_000 } else { self.dice.pick(&[0, 0, 20, 900, 4_000]) };
            let at = now + Duration::from_micros(late);
            self.turns_at = Some(self.turns_at.map_or(at, |turns_at| turns_at.min(at)));
        }
        if self.turns_at.is_none_or(|at| at > now) {
            return Ok(());
        }
        self.turn()
    }

    fn turn(&mut self) -> Result<(), String> {
        let now = self.now.get();
        self.count_turn(now)?;
        let mut ready: Vec<_> = self.links.iter().filter_map(|(link, _)| link.borrow_mut().take_readiness()).collect();
        // A poller reports in any order.
        for place in (1..ready.len()).rev() {
            ready.swap(place, self.dice.below(place + 1));
        }
        let newcomers = self.newcomers.drain(..).collect();
        let outcome = self.machine.turn(now, newcomers, &ready);
        self.trace.note(now, format_args!("turn {ready:?} {outcome:?}"));
        match outcome {
            Outcome::Runs => self.after_turn(now)?,
            Outcome::Killed { is_safe } => self.buried(is_safe),
            Outcome::Ended => {
                let later = Duration::from_millis(self.dice.below(20_000) as u64);
                self.starts_at = Some(now + later);
                self.turns_at = None;
            }
        }
        self.clients.iter_mut().filter(|client| client.has_to_send()).for_each(Client::send);
        Ok(())
    }

    fn after_turn(&mut self, now: Duration) -> Result<(), String> {
        let has_history = self.machine.has_history();
        if has_history != self.had_history {
            self.history_changed(has_history);
        }
        let (memory, limit) = (self.machine.memory(), self.plan.options.total_buffer + MEMORY_SLACK);
        if memory > limit {
            return Err(format!("keeps {memory} bytes in memory, of {limit}"));
        }
        // A turn takes its time.
        self.turns_at = self.machine.next_turn(now).map(|at| at.max(now + Duration::from_micros(10)));
        Ok(())
    }

    fn count_turn(&mut self, now: Duration) -> Result<(), String> {
        let (since, count) = &mut self.turns;
        if now > *since + Duration::from_secs(1) {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        if *count > MAX_TURNS { Err("the server spins".into()) } else { Ok(()) }
    }

    /// Nobody listens: whoever connects is told so at once.
    fn refuse_newcomers(&mut self) {
        for link in self.newcomers.drain(..) {
            link.borrow_mut().refuse();
        }
    }
}

//! A client at its end of a connection: when it connects, speaks and reads, what trouble its network has, and whether
//! the server may end the connection for that.

use std::cell::Cell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use papo_common::{CloseReason, LineBuffer, Welcome};

use crate::classic::Classic;
use crate::dice::Dice;
use crate::habits::{Habits, Reading, Trouble, WORDS, text};
use crate::native::Native;
use crate::network::{Link, Quality, SharedLink};
use crate::rude::Rude;
use crate::storage::Stored;
use crate::trace::Trace;
use crate::truth::Truth;

/// For how long a native client waits for any byte of the server, which pings it long before.
const SILENCE: Duration = Duration::from_secs(75);
/// How much less than the server promises a client counts on when it comes back.
const MARGIN: Duration = Duration::from_secs(2);
/// Ports of each client.
const PORTS: u16 = 3_000;
/// For how long a client that is not let in yet waits for any byte.
const GREETING: Duration = Duration::from_secs(20);

/// The world as a client sees it when it hears something.
#[allow(clippy::struct_excessive_bools, reason = "facts of the world, each for itself")]
pub(crate) struct Context<'a> {
    /// The time.
    pub(crate) now: Duration,
    /// The events so far.
    pub(crate) truth: &'a mut Truth,
    /// The state that the current run found on the disk.
    pub(crate) stored: &'a Stored,
    /// The events so far, in words.
    pub(crate) trace: &'a mut Trace,
    /// The number of the client.
    pub(crate) client: usize,
    /// Its name.
    pub(crate) name: &'a str,
    /// The run that its connection belongs to.
    pub(crate) run: usize,
    /// Whether it is the witness.
    pub(crate) is_witness: bool,
    /// Whether the disk failed lately.
    pub(crate) has_disk_trouble: bool,
    /// For how long the server keeps the name of a client whose connection broke.
    pub(crate) keep_name: Duration,
    /// Whether memory is so short that anybody may be closed for it.
    pub(crate) is_tight: bool,
    /// The reason with which the server closed the connection.
    pub(crate) closed: Option<CloseReason>,
    /// Whether the server said that it ends.
    pub(crate) told_the_end: bool,
}

impl Context<'_> {
    /// The witness enters: the server's run begins for all.
    pub(crate) fn begin_run(&mut self, welcome: &Welcome) -> Result<(), String> {
        self.truth.begin_run(self.stored, welcome)
    }

    /// Whether the run has ended.
    pub(crate) fn is_over(&self) -> bool {
        self.truth.run(self.run).is_over
    }

    /// Whether a later run has begun.
    pub(crate) fn is_stale(&self) -> bool {
        self.run != self.truth.current_run()
    }

    /// Whether something to `name` is to this client.
    pub(crate) fn is_addressed_to(&self, name: &str) -> bool {
        name.trim_end_matches('x') == self.name
    }
}

/// The dialect of a client's program.
#[derive(Debug)]
pub(crate) enum Speech {
    /// JSON.
    Native(Box<Native>),
    /// Lines of text.
    Classic(Box<Classic>),
    /// Anything that makes trouble.
    Rude(Rude),
}

/// A client.
#[derive(Debug)]
pub(crate) struct Client {
    /// Its number; the witness is 0.
    pub(crate) id: usize,
    /// The name that it asks for.
    pub(crate) name: String,
    ip: IpAddr,
    habits: Habits,
    dice: Dice,
    pub(crate) speech: Speech,
    pub(crate) link: Option<SharedLink>,
    /// The run that its connection belongs to.
    pub(crate) run: usize,
    lines: LineBuffer,
    /// When it does something by itself.
    pub(crate) wakes_at: Duration,
    /// When it reads what has come.
    pub(crate) reads_at: Option<Duration>,
    /// When its network has trouble next.
    trouble_at: Duration,
    heard_at: Duration,
    connected_at: Duration,
    /// Whether the server may end this connection.
    pub(crate) is_excused: bool,
    ports: u16,
}

impl Client {
    /// A client that first connects at `wakes_at`.
    pub(crate) fn new(id: usize, habits: Habits, speech: Speech, mut dice: Dice, wakes_at: Duration) -> Client {
        let trouble_at = wakes_at + habits.next_trouble(&mut dice);
        Client {
            id,
            name: format!("p{id}"),
            ip: habits.ip,
            habits,
            dice,
            speech,
            link: None,
            run: 0,
            lines: LineBuffer::new(1 << 26),
            wakes_at,
            reads_at: None,
            trouble_at,
            heard_at: Duration::ZERO,
            connected_at: Duration::ZERO,
            is_excused: false,
            ports: 0,
        }
    }

    /// When it next does anything without being told something.
    pub(crate) fn next_event(&self) -> Duration {
        let trouble = Some(self.trouble_at).filter(|_| self.link.is_some());
        [Some(self.wakes_at), self.reads_at, trouble].into_iter().flatten().min().unwrap_or(Duration::MAX)
    }

    /// Whether it is in the room as far as it knows.
    pub(crate) fn is_in(&self) -> bool {
        match &self.speech {
            Speech::Native(native) => native.is_in(),
            Speech::Classic(classic) => classic.is_in(),
            Speech::Rude(_) => false,
        }
    }

    /// No more trouble from now on: a good network, and nothing more to say.
    pub(crate) fn calm_down(&mut self, now: Duration) {
        self.habits.calm_down();
        self.trouble_at = Duration::MAX;
        self.wakes_at = now;
        match &self.link {
            Some(link) if matches!(self.speech, Speech::Rude(_)) || self.is_excused => {
                link.borrow_mut().client_reset();
                self.lose_link(now);
            }
            Some(link) => link.borrow_mut().set_quality(Quality::PERFECT),
            None => {}
        }
    }

    /// Connects; the link is the server's to accept.
    pub(crate) fn connect(&mut self, now: &Rc<Cell<Duration>>) -> SharedLink {
        // No two clients of an address have the same port.
        self.ports = (self.ports + 1) % PORTS;
        let addr = SocketAddr::new(self.ip, 1024 + self.id as u16 * PORTS + self.ports);
        let dice = Dice::new(self.dice.below(1 << 40) as u64);
        let link = Rc::new(std::cell::RefCell::new(Link::new(addr, self.habits.quality, dice, Rc::clone(now))));
        self.link = Some(Rc::clone(&link));
        self.lines = LineBuffer::new(1 << 26);
        (self.heard_at, self.connected_at, self.is_excused) = (now.get(), now.get(), self.is_rude());
        match &mut self.speech {
            Speech::Native(native) => native.connect(&self.name),
            Speech::Classic(classic) => classic.connect(&self.name, addr),
            Speech::Rude(rude) => rude.connect(&self.name, &mut self.dice),
        }
        self.wakes_at = now.get() + self.habits.next_thought(&mut self.dice);
        self.send();
        link
    }

    /// Something has come: it is read when the client gets to it.
    pub(crate) fn notice(&mut self, now: Duration) {
        let at = match self.habits.reading {
            Reading::Prompt => now,
            Reading::Lazy(most) => now + Duration::from_micros(self.dice.below(most.as_micros() as usize) as u64),
            Reading::Never => return,
        };
        self.reads_at = Some(self.reads_at.map_or(at, |reads_at| reads_at.min(at)));
    }

    /// Reads what has come; says what is wrong with it.
    pub(crate) fn read(&mut self, cx: &mut Context<'_>) -> Result<(), String> {
        self.reads_at = None;
        let Some(link) = self.link.clone() else { return Ok(()) };
        loop {
            let read = link.borrow_mut().client_read(16 * 1024);
            if read.is_empty() {
                break;
            }
            self.heard_at = cx.now;
            self.lines.push(&read);
            while let Some(line) = self.lines.next_line().map_err(|error| error.to_string())? {
                let heard = std::str::from_utf8(line).map_err(|_| "not UTF-8".to_owned())?.to_owned();
                self.hear(&heard, link.borrow().addr, cx).map_err(|wrong| format!("{}: {wrong}", self.name))?;
            }
        }
        self.send();
        if link.borrow().has_ended_for_client() {
            return self.ended(cx);
        }
        Ok(())
    }

    /// Does what it does by itself: speaks, looks back, or gives the connection up. False if it has to connect.
    pub(crate) fn act(&mut self, people: &[(usize, u64, String)], cx: &mut Context<'_>) -> Result<bool, String> {
        if cx.now >= self.trouble_at {
            self.have_trouble(cx);
        }
        if cx.now < self.wakes_at {
            return Ok(true);
        }
        if self.link.is_none() {
            return Ok(false);
        }
        self.wakes_at = cx.now + self.habits.next_thought(&mut self.dice);
        if self.is_given_up(cx)? {
            self.hang_up(cx.now);
            return Ok(true);
        }
        if self.is_in() {
            self.speak(people, cx);
        }
        if let Speech::Rude(rude) = &mut self.speech {
            rude.act(&mut self.dice);
        }
        self.send();
        Ok(true)
    }

    /// The connection is gone for it.
    pub(crate) fn lose_link(&mut self, now: Duration) {
        self.link = None;
        self.reads_at = None;
        match &mut self.speech {
            Speech::Native(native) => native.disconnect(),
            Speech::Classic(classic) => classic.disconnect(),
            Speech::Rude(_) => {}
        }
        self.wakes_at = now + self.habits.next_return(&mut self.dice);
        self.trouble_at = self.wakes_at + self.habits.next_trouble(&mut self.dice);
    }

    /// Sends what waits, as far as its system takes it.
    pub(crate) fn send(&mut self) {
        // A name in pieces is taken for a name without an end.
        let may_split = self.is_in();
        let Some(link) = &self.link else { return };
        let out = match &mut self.speech {
            Speech::Native(native) => &mut native.out,
            Speech::Classic(classic) => &mut classic.out,
            Speech::Rude(rude) => &mut rude.out,
        };
        while !out.is_empty() {
            let taken = link.borrow_mut().client_send(out, may_split);
            if taken == 0 {
                break;
            }
            out.drain(..taken);
        }
    }

    /// Whether it waits for its system to take more.
    pub(crate) fn has_to_send(&self) -> bool {
        match &self.speech {
            Speech::Native(native) => !native.out.is_empty(),
            Speech::Classic(classic) => !classic.out.is_empty(),
            Speech::Rude(rude) => !rude.out.is_empty(),
        }
    }

    fn is_rude(&self) -> bool {
        matches!(self.speech, Speech::Rude(_)) || matches!(self.habits.reading, Reading::Never)
    }

    fn hear(&mut self, line: &str, addr: SocketAddr, cx: &mut Context<'_>) -> Result<(), String> {
        cx.trace.note(cx.now, format_args!("{} < {line}", self.name));
        match &mut self.speech {
            Speech::Native(native) => native.hear(line, addr, cx),
            Speech::Classic(classic) => classic.hear(line, cx),
            Speech::Rude(_) => Ok(()),
        }
    }

    fn speak(&mut self, people: &[(usize, u64, String)], cx: &mut Context<'_>) {
        for _ in 0..self.habits.burst(&mut self.dice) {
            let text = text(&mut self.dice);
            let others: Vec<_> = people.iter().filter(|(id, ..)| *id != self.id).collect();
            let to =
                if others.is_empty() || !self.dice.once_in(4) { None } else { Some(self.dice.pick(&others).clone()) };
            match &mut self.speech {
                Speech::Native(native) if self.dice.once_in(20) => native.look_back(&WORDS, &mut self.dice, cx),
                Speech::Native(native) => native.say(&text, to, cx),
                Speech::Classic(classic) => classic.say(&text, to, cx),
                Speech::Rude(_) => {}
            }
        }
    }

    /// Whether it gives its connection up; an error where a server that works would not have let it come so far.
    fn is_given_up(&self, cx: &Context<'_>) -> Result<bool, String> {
        let is_native = matches!(self.speech, Speech::Native(_));
        let is_silent = is_native && self.is_in() && cx.now > self.heard_at + SILENCE + self.habits.longest_nap();
        let is_left_waiting =
            !self.is_rude() && !self.is_in() && cx.now > self.connected_at.max(self.heard_at) + GREETING;
        if (is_silent || is_left_waiting) && !self.is_excused && !cx.is_tight && !cx.is_over() {
            return Err(format!("{} was told nothing: silent {is_silent}, waiting {is_left_waiting}", self.name));
        }
        Ok(is_silent || is_left_waiting)
    }

    /// The connection has come to its end; an error where nothing excuses that.
    fn ended(&mut self, cx: &mut Context<'_>) -> Result<(), String> {
        let is_in_order = self.is_excused || cx.told_the_end || cx.is_over() || cx.is_tight && !cx.is_witness;
        let is_removed = matches!(cx.closed, Some(CloseReason::Kicked | CloseReason::Banned));
        if let Some(link) = &self.link {
            link.borrow_mut().client_close();
        }
        self.lose_link(cx.now);
        if is_in_order || is_removed {
            return Ok(());
        }
        Err(format!("{} was closed, reason {:?}", self.name, cx.closed))
    }

    fn hang_up(&mut self, now: Duration) {
        if let Some(link) = &self.link {
            link.borrow_mut().client_close();
        }
        self.lose_link(now);
    }

    fn have_trouble(&mut self, cx: &mut Context<'_>) {
        let now = cx.now;
        self.trouble_at = now + self.habits.next_trouble(&mut self.dice);
        let Some(link) = self.link.clone() else { return };
        let trouble = Trouble::by_chance(&mut self.dice);
        cx.trace.note(now, format_args!("{}: {trouble:?}", self.name));
        if let Speech::Native(native) = &mut self.speech
            && native.is_in()
            && !self.is_excused
            && !cx.is_over()
            && matches!(trouble, Trouble::Move(_) | Trouble::Reset | Trouble::Close)
        {
            native.resumes_by(now + cx.keep_name.saturating_sub(MARGIN));
        }
        self.is_excused |= !matches!(trouble, Trouble::Stall(long) if long < Duration::from_secs(3));
        if let (Trouble::Leave, Speech::Native(native)) = (trouble, &mut self.speech) {
            native.leave();
            self.send();
        }
        let mut link = link.borrow_mut();
        match trouble {
            Trouble::Stall(long) => return link.stall(long),
            Trouble::Silence(long) => return link.fall_silent(long),
            Trouble::Move(long) => link.abandon(long),
            Trouble::Reset => link.client_reset(),
            Trouble::Close => link.client_close(),
            Trouble::Leave => return link.client_finish(),
        }
        drop(link);
        self.lose_link(now);
    }
}

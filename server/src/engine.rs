//! The server without sockets and console of its own: connections, room and storage, driven by readiness and time.
//!
//! A turn is [`Engine::begin_turn`], then [`Engine::admit`] and [`Engine::on_ready`] for what came, then
//! [`Engine::end_turn`], which writes to everyone once. [`Engine::next_deadline`] says when the next turn is due although
//! nothing comes. [`crate::event_loop`] drives it by a poll; a simulator drives it by transports in memory.

mod deadlines;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use papo_common::{LogId, RunId};

use self::deadlines::Stage;
use crate::clock::Now;
use crate::config::HubConfig;
use crate::connection::transport::Transport;
use crate::hub::Hub;
use crate::keys::ConnectionKey;
use crate::net::Net;
use crate::notes::Note;
use crate::options::Options;
use crate::random::Random;
use crate::room::Room;
use crate::storage::Storage;

/// By how much the wall clock has to leave the server's own count of time for the operator to be told.
pub const CLOCK_JUMP: Duration = Duration::from_secs(60);

/// Connections, room and storage.
#[derive(Debug)]
pub struct Engine<T: Transport> {
    /// Limits over all connections.
    pub net: Net,
    /// The connections, and the room that they enter.
    pub hub: Hub<T>,
    /// The state that outlives the server.
    pub storage: Storage,
    now: Now,
    turns: u64,
    notes: Vec<Note>,
}

impl<T: Transport> Engine<T> {
    /// Serves as `options` say with at most `descriptors` descriptors; sockets are watched by `poller`. An error if there
    /// is no randomness; a history that cannot be opened is only noted.
    pub fn new(
        options: &Options,
        descriptors: usize,
        poller: T::Poller,
        mut random: Random,
        now: Now,
    ) -> io::Result<Engine<T>> {
        let (run, log) = (RunId::from_random(random.draw()?), LogId::from_random(random.draw()?));
        let mut room = Room::new(run, log, options.room_config());
        let mut net = Net::new(options.connection_limits(descriptors), options.address_limits());
        let (mut storage, snapshot) = Storage::open(&options.history, log, now);
        if let Some(snapshot) = snapshot {
            room.restore(snapshot, now.unix_ms);
        } else if storage.history().error().is_some() {
            room.keep_records();
        }
        storage.sync_blocks(&mut room, &mut net.admission, now);
        let config = HubConfig {
            connection: options.connection_config(now.instant),
            reader_buffer: options.reader_buffer,
            total_buffer: options.total_buffer,
        };
        let hub = Hub::new(room, config, poller, random, now);
        Ok(Engine { net, hub, storage, now, turns: 0, notes: Vec::new() })
    }

    /// Begins a turn at `now` with the connections that the turn before left over.
    pub fn begin_turn(&mut self, now: Now) {
        let before = std::mem::replace(&mut self.now, now);
        let expected = before.unix_ms as i64 + (now.instant - before.instant).as_millis() as i64;
        if (now.unix_ms as i64).abs_diff(expected) >= CLOCK_JUMP.as_millis() as u64 {
            self.notes.push(Note::ClockJumped(expected.max(0) as u64));
        }
        self.turns += 1;
        self.hub.begin_turn(now);
        self.run_deadlines(Stage::First);
    }

    /// Lets a newcomer from `addr` in, to stay or to be told why it cannot. False if others have to be removed before the
    /// next one.
    pub fn admit(&mut self, transport: T, addr: SocketAddr) -> bool {
        self.hub.admit(&mut self.net, transport, addr)
    }

    /// Takes the readiness of a connection: there may be something to read, and it can be written to if `is_writable`.
    pub fn on_ready(&mut self, key: ConnectionKey, is_writable: bool) {
        self.hub.on_ready(&mut self.net, key, is_writable);
        self.flush_urgent();
    }

    /// Does what time demands, stores what has happened, writes to everyone and removes what has closed; true if that
    /// was anything, so that descriptors are free again.
    pub fn end_turn(&mut self) -> bool {
        self.run_deadlines(Stage::BeforeFlush);
        self.hub.send_user_list();
        self.commit();
        self.hub.flush(&mut self.net);
        let has_freed = self.hub.reap(&mut self.net);
        self.hub.release();
        // Departures found during the flush: nothing else is ever sent before it is stored.
        self.commit();
        self.run_deadlines(Stage::AfterFlush);
        has_freed
    }

    /// Stores what has happened so far.
    pub fn commit(&mut self) {
        self.storage.commit(&mut self.hub.room, &mut self.net.admission, self.now);
    }

    /// Stores the operator's blocks, which have changed.
    pub fn store_blocks(&mut self) {
        self.storage.blocks_changed();
        self.storage.sync_blocks(&mut self.hub.room, &mut self.net.admission, self.now);
    }

    /// The time of the present turn.
    pub fn now(&self) -> Now {
        self.now
    }

    /// The number of turns so far.
    pub fn turns(&self) -> u64 {
        self.turns
    }

    /// Adds something to be told to the operator.
    pub fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Takes out what the operator is to be told.
    pub fn take_notes(&mut self) -> impl Iterator<Item = Note> + use<T> {
        let own = std::mem::take(&mut self.notes);
        own.into_iter().chain(self.hub.take_notes()).chain(self.storage.take_notes())
    }

    /// Whether everyone has gone and no file is being written.
    pub fn has_ended(&self) -> bool {
        self.hub.connections().len() == 0 && !self.storage.is_exporting()
    }

    fn read_from(&mut self, key: ConnectionKey) {
        self.hub.read_from(&mut self.net, key);
        self.flush_urgent();
    }

    fn flush_urgent(&mut self) {
        if self.hub.has_urgent() {
            self.commit();
            self.hub.flush_urgent(&mut self.net);
        }
    }
}

//! The rules: what happened goes in, the state changes, what is to be done comes out.

use std::collections::{HashMap, VecDeque};

use papo_common::{Breaks, Event, Limits, MemberId, Name, Request, Session, Text};

use super::heard::Heard;
use super::{Composer, Content, Conversation, Entering, Phase, Place, State, Theme};
use crate::address::Address;
use crate::message::{Message, Report};
use crate::options::Options;
use crate::settings::Settings;
use crate::strings;

/// The state with all that decides about it and is not shown. Pure: what it wants done it queues as [`Effect`]s.
#[derive(Debug)]
pub struct Model {
    pub(super) state: State,
    pub(super) settings: Settings,
    effects: VecDeque<Effect>,
    /// The number of the connection that counts; news from any other is stale.
    pub(super) connection: u64,
    pub(super) wire: Wire,
    /// Seconds left for the server to answer `hello`.
    pub(super) answer_in: Option<u32>,
    /// Where and as whom one wants to be.
    pub(super) goal: Option<Goal>,
    /// The next welcome begins a new chat; else it goes on with the one that is shown.
    pub(super) is_fresh: bool,
    /// What proves that one comes back.
    pub(super) session: Option<Session>,
    pub(super) heard: Heard,
    pub(super) limits: Limits,
    pub(super) last_reference: u64,
    /// Whether the last line of the conversation shown is being looked at.
    pub(super) is_seen: bool,
    /// Who was last behind the name of each private conversation.
    pub(super) peers: HashMap<Name, MemberId>,
}

/// What is to be done, in order. An alert is always the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Connect to `address`; its news comes under that number. An earlier connection ends.
    Connect {
        /// The number.
        connection: u64,
        /// Where.
        address: Address,
    },
    /// Send this on the connection.
    Send(Request),
    /// End the connection in good order.
    Disconnect,
    /// Remember this.
    Save(Settings),
    /// Open an http or https address in the browser.
    OpenLink(String),
    /// Raise an alert.
    Alert {
        /// Its title.
        title: &'static str,
        /// Its text.
        text: String,
    },
    /// Raise the alert that the chat is over, offer to save the conversation, then say [`Model::end_chat`].
    Farewell {
        /// Its text.
        text: String,
    },
    /// End the connection in good order, see that done, and end the program.
    Quit,
}

/// How far the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Down,
    Opening,
    Up,
}

#[derive(Clone, Debug)]
pub(super) struct Goal {
    pub(super) address: Address,
    pub(super) name: String,
}

/// Until a welcome says what the server accepts.
const USUAL_LIMITS: Limits = Limits { name: Name::MAX, text: 4096, lines: 200 };

impl Model {
    /// The beginning, with what was remembered; the command line's word counts more.
    pub fn new(settings: Settings, options: &Options) -> Model {
        let last_server = || settings.servers.first().map(|recent| recent.address.clone());
        let server = options.server.as_ref().map(Address::to_string).or_else(last_server).unwrap_or_default();
        let name = options.name.as_ref().map_or_else(|| settings.name.clone(), |name| name.as_str().to_owned());
        let entering = Entering { server, name, version: 1, recent: settings.servers.clone(), ..Entering::default() };
        let state = State { theme: settings.theme, window: settings.window, entering, ..State::default() };
        Model {
            state,
            settings,
            effects: VecDeque::new(),
            connection: 0,
            wire: Wire::Down,
            answer_in: None,
            goal: None,
            is_fresh: true,
            session: None,
            heard: Heard::default(),
            limits: USUAL_LIMITS,
            last_reference: 0,
            is_seen: true,
            peers: HashMap::new(),
        }
    }

    /// What is shown.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is to be done next.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Whether something counts down, so that [`Message::Tick`] is wanted in a second.
    pub fn is_ticking(&self) -> bool {
        self.answer_in.is_some() || matches!(self.state.phase, Phase::Lost { retry_in: Some(_), .. })
    }

    /// Takes what happened at `now`, Unix time in ms.
    pub fn update(&mut self, message: Message, now: u64) {
        match message {
            Message::Enter { server, name } => self.enter(&server, &name),
            Message::NameEdited(text) => self.check_name(&text),
            Message::CancelEntering => self.cancel(),
            Message::TextEdited(text) => self.edit(text),
            Message::Send(text) => self.send_text(text, now),
            Message::Show(place) => self.show(place),
            Message::Whisper(name) => self.open_private(&name),
            Message::Mention(name) => self.mention(&name),
            Message::OpenLink(link) => self.request(Effect::OpenLink(link)),
            Message::RetryNow => self.retry_now(),
            Message::ToggleTheme => self.toggle_theme(),
            Message::Resized(width, height) => self.settings.window = Some((width, height)),
            Message::Seen(is_seen) => self.look(is_seen),
            Message::Leave | Message::Quit => self.quit(),
            Message::Tick => self.tick(),
            Message::Network { connection, .. } if !self.is_current(connection) => {}
            Message::Network { report, .. } => self.hear(report, now),
        }
    }

    fn is_current(&self, connection: u64) -> bool {
        self.wire != Wire::Down && connection == self.connection
    }

    fn hear(&mut self, report: Report, now: u64) {
        match report {
            Report::Connected => self.say_hello(),
            Report::Failed(error) => self.give_up(strings::connect_error(error)),
            Report::Ended => self.lose(strings::CLOSED_BEFORE_WELCOME),
            Report::Event(Event::Welcome(welcome)) => self.welcome(*welcome, now),
            Report::Event(Event::Refused { reason, detail }) => self.refused(reason, &detail),
            Report::Event(Event::Closed { reason, detail }) => self.closed(reason, &detail, now),
            Report::Event(Event::ServerClosed) => self.dismiss(strings::SERVER_CLOSED.to_owned()),
            Report::Event(event) if self.state.phase == Phase::Talking => self.told(event, now),
            // Before the welcome nothing else means anything.
            Report::Event(_) => {}
        }
    }

    pub(super) fn request(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(super) fn connect(&mut self) {
        let Some(Goal { address, .. }) = self.goal.clone() else { return };
        self.connection += 1;
        self.wire = Wire::Opening;
        self.request(Effect::Connect { connection: self.connection, address });
    }

    /// From here on whatever the connection still says is stale.
    pub(super) fn hang_up(&mut self) {
        self.answer_in = None;
        if self.wire != Wire::Down {
            self.connection += 1;
            self.wire = Wire::Down;
            self.request(Effect::Disconnect);
        }
    }

    /// A word of the program itself, where the person is looking.
    pub(super) fn hint(&mut self, text: String, now: u64) {
        if let Some(conversation) = self.conversation_mut(&self.state.place.clone()) {
            conversation.push(now, Content::Hint(text));
        }
    }

    pub(super) fn conversation_mut(&mut self, place: &Place) -> Option<&mut Conversation> {
        self.state.conversations.iter_mut().find(|conversation| conversation.place == *place)
    }

    /// An empty room, for a new chat.
    pub(super) fn clear_chat(&mut self) {
        self.state.conversations = vec![Conversation::new(Place::Room)];
        self.state.place = Place::Room;
        self.state.composer = Composer { version: self.state.composer.version + 1, ..Composer::default() };
        self.peers.clear();
    }

    fn toggle_theme(&mut self) {
        self.state.theme = match self.state.theme {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        self.settings.theme = self.state.theme;
        self.request(Effect::Save(self.settings.clone()));
    }

    fn quit(&mut self) {
        if self.state.phase == Phase::Talking {
            self.request(Effect::Send(Request::Leave));
        }
        self.request(Effect::Save(self.settings.clone()));
        self.request(Effect::Quit);
    }
}

/// The server's sentence, as harmless as any text of others; `usual` where there is none.
pub(super) fn sentence(detail: &str, usual: &str) -> String {
    Text::clean(detail, Breaks::Space).map_or_else(|| usual.to_owned(), |text| text.as_str().to_owned())
}

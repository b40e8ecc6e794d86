//! The rules: messages come in, the state changes, effects go out.

mod backfill;
mod completing;
mod entering;
mod finding;
mod gap;
mod leaving;
mod looks;
mod removal;
mod rollback;

use std::collections::VecDeque;

use papo_common::{Event, Limits, LineBreaks, MemberId, Request, Text};

use crate::core::alerts::Alerts;
use crate::core::composer::completion::Completion;
use crate::core::connect_failure::{ConnectFailure, Ending};
use crate::core::dialogs::{Dialogs, Next};
use crate::core::history::older::HistoryRequest;
use crate::core::history::resume::ResumePoint;
use crate::core::message::Message;
use crate::core::notices::{LocalNotice, NoticeText};
use crate::core::outstanding::Outstanding;
use crate::core::preferences::Preferences;
use crate::core::roster::Roster;
use crate::core::server_clock::ServerClock;
use crate::core::session::Session;
use crate::core::{
    ChatMessage, Composer, ConnectForm, Content, Conversation, ConversationId, Effect, Mode, Phase, SessionEnd, State,
    preferences,
};
use crate::net::Report;
use crate::text::urls::is_link;

/// The state, and everything its rules need beside it. Pure: actions outside are queued as [`Effect`]s.
#[derive(Debug)]
pub struct Model {
    pub(crate) state: State,
    pub(crate) preferences: Preferences,
    pub(crate) notice_text: NoticeText,
    effects: VecDeque<Effect>,
    pub(crate) session: Session,
    /// Whether the next welcome begins a new chat; else it continues the one that is shown.
    pub(crate) is_fresh: bool,
    pub(crate) resume: ResumePoint,
    pub(crate) limits: Limits,
    pub(crate) last_reference: u64,
    /// The last reference of an earlier session; the server knows neither it nor any lower one.
    pub(crate) references_before_session: u64,
    /// Ids of this user in earlier sessions of this chat, the newest last.
    pub(crate) earlier_ids: VecDeque<MemberId>,
    /// Whether the last line of the conversation shown is being looked at.
    pub(crate) is_seen: bool,
    pub(crate) roster: Roster,
    /// The time of the message that is being handled, Unix time in ms.
    pub(crate) now: u64,
    pub(crate) completion: Option<Completion>,
    pub(crate) alerts: Alerts,
    pub(crate) clock: ServerClock,
    /// Requests without an answer on the connection that counts.
    pub(crate) outstanding: Outstanding,
    /// The connection on which a search was asked for and is not answered yet.
    pub(crate) searched_on: Option<u64>,
    /// The request for history that is under way on the connection that counts.
    pub(crate) fetching: Option<HistoryRequest>,
    /// Whether the events that are being handled happened before this user came.
    pub(crate) is_replaying: bool,
}

/// The initial texts of the fields of the connect window, in place of the remembered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefill {
    /// The server's address.
    pub server: Option<String>,
    /// The name.
    pub name: Option<String>,
}

impl Model {
    /// The beginning: the connect window, filled in from `prefill` or else from what was remembered.
    pub fn new(preferences: Preferences, prefill: Prefill, notice_text: NoticeText) -> Model {
        let last_server = || preferences.servers.first().map(|recent| recent.address.clone());
        let server = prefill.server.or_else(last_server).unwrap_or_default();
        let name = prefill.name.unwrap_or_else(|| preferences.name.clone());
        let entering =
            ConnectForm { server, name, version: 1, recent: preferences.servers.clone(), ..ConnectForm::default() };
        let state = State {
            theme: preferences.theme.unwrap_or_default(),
            text_size: preferences::text_size(preferences.text_size),
            sound: !preferences.muted,
            window: preferences.window,
            entering,
            ..State::default()
        };
        Model {
            state,
            preferences,
            notice_text,
            effects: VecDeque::new(),
            session: Session::default(),
            is_fresh: true,
            resume: ResumePoint::default(),
            // Until a welcome says what the server accepts.
            limits: Limits::default(),
            last_reference: 0,
            references_before_session: 0,
            earlier_ids: VecDeque::new(),
            is_seen: false,
            roster: Roster::default(),
            now: 0,
            completion: None,
            alerts: Alerts::default(),
            clock: ServerClock::default(),
            outstanding: Outstanding::default(),
            searched_on: None,
            fetching: None,
            is_replaying: false,
        }
    }

    /// The state to be shown.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The next effect in the queue, taken from it.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Whether something counts down, so that [`Message::Tick`] is wanted in a second.
    pub fn is_ticking(&self) -> bool {
        let is_counting =
            self.session.is_waiting() || matches!(self.state.phase, Phase::Lost { retry_in: Some(_), .. });
        is_counting || self.alerts.is_waiting() || self.outstanding.is_waiting()
    }

    /// Handles a message received at `now`, Unix time in ms.
    pub fn update(&mut self, message: Message, now: u64) {
        self.now = now;
        match message {
            Message::Enter { server, name } => self.enter(&server, &name),
            Message::NameEdited(text) => self.state.entering.edit_name(text),
            Message::ServerEdited(text) => self.state.entering.edit_server(text),
            Message::CancelEntering => self.cancel(),
            Message::TextEdited(text) => self.edit(text),
            Message::Send => self.send_text(),
            Message::Older => self.recall_older(),
            Message::Newer => self.recall_newer(),
            Message::Complete(caret) => self.complete(caret),
            Message::Show(place) => self.show(place),
            Message::ShowNext => self.show_neighbour(true),
            Message::ShowPrevious => self.show_neighbour(false),
            Message::Whisper(name) => self.open_private(&name),
            Message::Mention(name) => self.mention(&name),
            Message::Retry(id) => self.retry(id),
            Message::Discard(id) => self.discard(id),
            Message::OpenLink(link) => self.open_link(link),
            Message::LinkNotOpened(link) => self.add_notice(LocalNotice::LinkNotOpened(link)),
            Message::LookBack => self.look_back(),
            Message::DialogAccepted => self.follow_dialog(Dialogs::accept),
            Message::DialogEdited(text) => self.state.dialogs.edit(text),
            Message::DialogCancelled => self.follow_dialog(Dialogs::cancel),
            Message::PathAnswered { number, answer } => self.follow_dialog(|it| it.answer_path(number, answer)),
            Message::Written { number, path, problem } => {
                self.follow_dialog(|it| it.note_written(number, path, problem));
            }
            Message::Find(is_open) => self.open_find(is_open),
            Message::FindEdited(query) => self.find(query),
            Message::FindNext => self.find_step(true),
            Message::FindPrevious => self.find_step(false),
            Message::Help => self.state.dialogs.toggle_help(),
            Message::SaveConversation => self.save_conversation(),
            Message::RetryNow => self.retry_now(),
            Message::ToggleTheme => self.toggle_theme(),
            Message::DesktopTheme(theme) => self.follow_desktop(theme),
            Message::TextSize(step) => self.resize_text(step),
            Message::ToggleSound => self.toggle_sound(),
            Message::Resized(width, height) => self.preferences.window = Some((width, height)),
            Message::ViewingEnd(is_seen) => self.look(is_seen),
            Message::Front(is_front) => self.set_front(is_front),
            Message::Leave | Message::Quit => self.quit(),
            Message::Tick => self.tick(),
            // Nothing changes here: after every message the view shows the window, and describes it to the system,
            // anew.
            Message::ScreenReader | Message::ScreenReaderAction(_) => {}
            Message::Network { connection, .. } if !self.session.is_current(connection) => {}
            Message::Network { report: Report::Events(events, _permit), .. } => self.receive_events(events),
            Message::Network { report: Report::Connected, .. } => self.say_hello(),
            Message::Network { report: Report::Failed(error), .. } => self.lose(ConnectFailure::Connect(error)),
            Message::Network { report: Report::Ended, .. } => self.lose(ConnectFailure::ClosedBeforeWelcome),
        }
        self.keep_find_up();
        self.go_on_searching();
    }

    /// Handles events up to one that ends the connection: those behind it are stale.
    fn receive_events(&mut self, events: Vec<Event>) {
        let connection = self.session.connection();
        for event in events {
            if !self.session.is_current(connection) {
                break;
            }
            self.receive_event(event);
        }
    }

    fn receive_event(&mut self, event: Event) {
        match event {
            Event::Welcome(welcome) => self.welcome(*welcome),
            Event::Refused { reason, detail } => self.refused(reason, &detail),
            Event::Closed { reason, detail } => self.closed(reason, &detail),
            Event::ServerClosed => self.dismiss(Ending { end: SessionEnd::ServerClosed, detail: None }),
            event if self.state.phase == Phase::Talking => {
                self.clock.note(&event, self.now);
                self.receive_news(event);
            }
            // Before the welcome nothing else means anything.
            _ => {}
        }
    }

    /// Alerts the user to a message just received, if it is worth an alert.
    pub(crate) fn alert_to(&mut self, message: &ChatMessage) {
        if !self.is_replaying && self.alerts.note(message, self.now) {
            self.request(Effect::SetUrgency(true));
        }
    }

    pub(crate) fn calm_down(&mut self) {
        if self.alerts.calm_down() {
            self.request(Effect::SetUrgency(false));
        }
    }

    fn set_front(&mut self, is_front: bool) {
        if self.alerts.set_front(is_front) {
            self.request(Effect::SetUrgency(false));
        }
    }

    /// Goes on after an answer to a dialog.
    pub(crate) fn follow_dialog(&mut self, answer: impl FnOnce(&mut Dialogs) -> Next) {
        match answer(&mut self.state.dialogs) {
            Next::Nothing => {}
            Next::Ask { number, what } => self.request(Effect::AskSavePath { number, what }),
            Next::Write { number, path, replaces } => self.request(Effect::Write { number, path, replaces }),
            Next::Saved(path) => self.add_notice(LocalNotice::Saved(path.display().to_string())),
            Next::LeaveChat => self.end_chat(),
        }
    }

    pub(crate) fn request(&mut self, effect: Effect) {
        if let Effect::Send(request) = &effect {
            self.outstanding.sent(request);
        }
        self.effects.push_back(effect);
    }

    pub(crate) fn connect(&mut self) {
        if let Some((connection, address)) = self.session.open() {
            self.request(Effect::Connect { connection, address });
        }
    }

    /// Sends `leave`, also while `hello` is not answered: the server might let this client in after it hung up, and
    /// keep its name reserved.
    pub(crate) fn take_leave(&mut self) {
        if self.session.is_up() {
            self.request(Effect::Send(Request::Leave));
        }
    }

    /// Ends the connection: later reports from it are stale.
    pub(crate) fn hang_up(&mut self) {
        self.outstanding = Outstanding::default();
        if self.session.close() {
            self.request(Effect::Disconnect);
        }
    }

    /// Adds a line of the program itself to the conversation shown.
    pub(crate) fn add_notice(&mut self, notice: LocalNotice) {
        let at = self.clock.time(self.now);
        if let Some(conversation) = self.state.shown_mut() {
            conversation.push(at, Content::LocalNotice(notice));
        }
    }

    fn open_link(&mut self, link: String) {
        if is_link(&link) {
            self.request(Effect::OpenLink(link));
        }
    }

    /// Begins a new chat with an empty room; hits in the old one are void.
    pub(crate) fn clear_chat(&mut self) {
        self.state.find = None;
        let room = self.state.room_mut().map(|room| std::mem::take(&mut room.draft)).unwrap_or_default();
        self.state.conversations = vec![Conversation::new(ConversationId::Room)];
        let place = std::mem::replace(&mut self.state.place, ConversationId::Room);
        self.state.me = None;
        // A text for the room is kept until the server is back; a private one might reach somebody else.
        let Composer { text, version, mode, .. } = std::mem::take(&mut self.state.composer);
        self.state.composer.version = version;
        self.set_text(match (place, mode) {
            (ConversationId::Room, Mode::Public) => text,
            (ConversationId::Room, _) => String::new(),
            (ConversationId::Direct(_), _) => room,
        });
        self.state.people.clear();
        self.roster = Roster::default();
        self.earlier_ids.clear();
        self.completion = None;
    }

    pub(crate) fn quit(&mut self) {
        self.take_leave();
        // Later reports from the connection are stale. `Effect::Quit` ends it in good order.
        self.session.close();
        self.request(Effect::Save(self.preferences.clone()));
        self.request(Effect::Quit);
    }
}

/// The server's words, cleaned as the text of any other; `None` if there are none.
pub(crate) fn words(detail: &str) -> Option<Text> {
    Text::clean(detail, LineBreaks::Space)
}

//! The rules: messages come in, the state changes, effects go out.

use papo_common::{CloseReason, Event, Refusal, Welcome};

use crate::core::composer::commands::{SlashCommand, intent};
use crate::core::composer::input_history::InputHistory;
use crate::core::composer::problem::ComposerError;
use crate::core::connect_failure::{ConnectFailure, Ending, NameProblem};
use crate::core::dialogs::{Dialogs, Outcome};
use crate::core::effect::{Effects, Transcript};
use crate::core::message::Message;
use crate::core::notices::{LocalNotice, NoticeText, words};
use crate::core::preferences::Preferences;
use crate::core::{ConnectForm, Effect, Phase, SessionEnd, State, TextStep};
use crate::net::Report;
use crate::text::urls::is_link;

/// The state and its rules. Pure: actions outside are queued as [`Effect`]s.
#[derive(Debug)]
pub struct Model {
    pub(crate) state: State,
    effects: Effects,
    /// The words of notices, for the find bar.
    notice_text: NoticeText,
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
        let entering = ConnectForm { server, name, version: 1, ..ConnectForm::default() };
        let state = State { preferences, entering, ..State::default() };
        Model { state, effects: Effects::default(), notice_text }
    }

    /// The state to be shown.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The next effect in the queue, taken from it.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.next()
    }

    /// Whether something counts down, so that [`Message::Tick`] is wanted in a second.
    pub fn is_ticking(&self) -> bool {
        let is_alert_due = self.state.chat.alerts.is_waiting();
        self.state.session.is_counting() || is_alert_due || self.effects.outstanding.is_waiting()
    }

    /// Handles a message received at `now`, Unix time in ms.
    pub fn update(&mut self, message: Message, now: u64) {
        let (state, effects) = (&mut self.state, &mut self.effects);
        let State { session, chat, dialogs, .. } = state;
        chat.clock.now = now;
        match message {
            Message::Enter { server, name } => {
                session.enter((&server, &name), &mut state.entering, &chat.history.resume, effects);
            }
            Message::NameEdited(text) => state.entering.edit_name(text),
            Message::ServerEdited(text) => state.entering.edit_server(text),
            Message::CancelEntering => session.cancel(effects),
            Message::TextEdited(text) => chat.composer.edit(text),
            Message::Send => self.send(),
            Message::Older => chat.conversations.recall(InputHistory::older, &mut chat.composer),
            Message::Newer => chat.conversations.recall(InputHistory::newer, &mut chat.composer),
            Message::Complete(caret) => chat.composer.complete(caret, &chat.roster, effects),
            Message::Show(place) => chat.conversations.show(place, &mut chat.composer),
            Message::NotificationClicked(place) => {
                chat.conversations.show(place, &mut chat.composer);
                effects.push(Effect::RaiseWindow);
            }
            Message::ShowNext => chat.conversations.show_neighbour(true, &mut chat.composer),
            Message::ShowPrevious => chat.conversations.show_neighbour(false, &mut chat.composer),
            Message::Whisper(name) => chat.conversations.open(&name, &chat.roster, now, &mut chat.composer),
            Message::Mention(name) => chat.mention(&name),
            Message::Retry(id) => {
                let (shown, at) = (chat.conversations.shown_mut(), chat.clock.server_time());
                chat.sending.retry(id, shown, at, session.is_talking(), effects);
            }
            Message::Discard(id) => chat.conversations.shown_mut().timeline.discard(id, chat.clock.server_time()),
            Message::OpenLink(link) if is_link(&link) => effects.push(Effect::OpenLink(link)),
            Message::LinkNotOpened(link) => chat.note(LocalNotice::LinkNotOpened(link)),
            Message::LookBack => chat.history.look_back(&mut chat.conversations, session.is_talking(), effects),
            Message::DialogAccepted => self.end_dialog(Dialogs::accept),
            Message::DialogEdited(text) => dialogs.edit(text),
            Message::DialogCancelled => self.end_dialog(|dialogs, _| dialogs.cancel()),
            Message::PathAnswered { number, answer } => dialogs.answer_path(number, answer, effects),
            Message::Written { number, path, problem } => {
                self.end_dialog(|dialogs, _| dialogs.note_written(number, path, problem));
            }
            Message::Find(true) => chat.open_find(),
            Message::Find(false) => chat.find = None,
            Message::FindEdited(query) => chat.find.iter_mut().for_each(|find| find.edit(&query)),
            Message::FindNext => chat.find_step(true),
            Message::FindPrevious => chat.find_step(false),
            Message::Help => dialogs.toggle_help(),
            Message::SaveConversation => self.save_conversation(),
            Message::RetryNow => session.retry_now(effects),
            Message::ToggleTheme => self.toggle_theme(),
            Message::DesktopTheme(theme) => state.desktop_theme = theme,
            Message::TextSize(step) => self.resize_text(step),
            Message::ToggleSound => self.toggle_sound(),
            Message::Resized(width, height) => state.preferences.window = Some((width, height)),
            Message::ViewingEnd(is_seen) => chat.conversations.look(is_seen),
            Message::Front(is_front) => chat.alerts.set_front(is_front, effects),
            Message::Leave | Message::Quit => self.quit(),
            Message::Tick => {
                chat.tick(!state.preferences.muted, effects);
                session.tick(effects);
            }
            // Nothing changes here: after every message the view shows the window, and describes it to the system,
            // anew.
            Message::ScreenReader | Message::ScreenReaderAction(_) | Message::OpenLink(_) => {}
            Message::Network { connection, .. } if !session.is_current(connection) => {}
            Message::Network { report, .. } => self.receive(report),
        }
        let is_talking = self.state.session.is_talking();
        self.state.chat.keep_up(is_talking, self.notice_text, &mut self.effects);
    }

    /// Handles a report of the current connection.
    fn receive(&mut self, report: Report) {
        let (session, effects) = (&mut self.state.session, &mut self.effects);
        match report {
            Report::Events(events, _permit) => self.receive_events(events),
            Report::Connected => session.say_hello(&self.state.chat.history.resume, effects),
            Report::Failed(error) => session.lose(ConnectFailure::Connect(error), effects),
            Report::Ended => session.lose(ConnectFailure::ClosedBeforeWelcome, effects),
        }
    }

    /// Handles events up to one that ends the connection: those behind it are stale.
    fn receive_events(&mut self, events: Vec<Event>) {
        let connection = self.state.session.connection();
        for event in events {
            if self.state.session.is_current(connection) {
                self.receive_event(event);
            }
        }
    }

    fn receive_event(&mut self, event: Event) {
        let State { session, chat, .. } = &mut self.state;
        match event {
            Event::Welcome(welcome) if session.is_entering() => self.welcome(*welcome),
            Event::Refused { reason, detail } if session.is_entering() => self.refused(reason, &detail),
            Event::Closed { reason, detail } => self.closed(reason, &detail),
            Event::ServerClosed => self.dismiss(Ending { end: SessionEnd::ServerClosed, detail: None }),
            Event::Welcome(_) | Event::Refused { .. } => {}
            event if session.is_talking() => {
                chat.clock.note(&event);
                chat.receive(event, &mut self.effects);
            }
            // Before the welcome nothing else means anything.
            _ => {}
        }
    }

    fn welcome(&mut self, welcome: Welcome) {
        let State { session, preferences, entering, chat, .. } = &mut self.state;
        let Some((address, is_continued)) = session.welcomed(&welcome) else { return };
        preferences.entered(address, welcome.name.as_str(), chat.clock.now);
        entering.name_error = None;
        self.effects.push(Effect::Save(preferences.clone()));
        chat.welcome(welcome, is_continued, &mut self.effects);
    }

    fn refused(&mut self, reason: Refusal, detail: &str) {
        let session = &mut self.state.session;
        session.answered();
        match reason {
            Refusal::NameInUse | Refusal::NameInvalid => {
                self.return_to_entering();
                let is_in_use = reason == Refusal::NameInUse;
                let problem = if is_in_use { NameProblem::InUse } else { NameProblem::Refused(reason) };
                self.state.entering.name_error = Some(problem);
            }
            // There may be room again in a moment.
            Refusal::RoomFull | Refusal::Unknown if session.is_coming_back() => {
                session.lose(ConnectFailure::Refused { reason, detail: None }, &mut self.effects);
            }
            _ => {
                session.hang_up(&mut self.effects);
                self.return_to_entering();
                self.effects.push(Effect::ConnectionFailed(ConnectFailure::Refused { reason, detail: words(detail) }));
            }
        }
    }

    /// The server closes this connection and says why.
    fn closed(&mut self, reason: CloseReason, detail: &str) {
        let (detail, State { session, chat, .. }) = (words(detail), &mut self.state);
        let end = match reason {
            CloseReason::Kicked => SessionEnd::Kicked,
            CloseReason::Banned => SessionEnd::Banned,
            // Reconnecting would replace the other connection in turn, for ever.
            CloseReason::Replaced => SessionEnd::Replaced,
            CloseReason::Slow | CloseReason::Idle | CloseReason::Unknown => {
                if session.is_talking() {
                    chat.note(LocalNotice::Closed { reason, detail: detail.clone() });
                }
                return session.lose(ConnectFailure::Closed { reason, detail }, &mut self.effects);
            }
        };
        self.dismiss(Ending { end, detail });
    }

    /// The server wants no more of this client, or of any: it does not come back by itself.
    fn dismiss(&mut self, ending: Ending) {
        let State { session, chat, dialogs, .. } = &mut self.state;
        match session.phase {
            Phase::Over(_) => {}
            Phase::Entering | Phase::Connecting => session.lose(ConnectFailure::Ended(ending), &mut self.effects),
            Phase::Talking | Phase::Lost { .. } => {
                session.end(ending.end, &mut self.effects);
                chat.give_up();
                chat.alerts.calm_down(&mut self.effects);
                dialogs.end(ending, chat.conversations.iter().any(|it| it.last_said().is_some()));
            }
        }
    }

    /// Back to the connect window. The session is over.
    fn return_to_entering(&mut self) {
        let State { session, entering, chat, dialogs, .. } = &mut self.state;
        dialogs.close();
        chat.alerts.calm_down(&mut self.effects);
        chat.give_up();
        session.return_to(entering);
    }

    /// Goes on after an answer to a dialog.
    fn end_dialog(&mut self, answer: impl FnOnce(&mut Dialogs, &mut Effects) -> Option<Outcome>) {
        match answer(&mut self.state.dialogs, &mut self.effects) {
            Some(Outcome::Saved(path)) => self.state.chat.note(LocalNotice::Saved(path.display().to_string())),
            // The conversations stand until another chat begins.
            Some(Outcome::LeaveChat) => {
                self.state.session.end_chat();
                self.return_to_entering();
            }
            None => {}
        }
    }

    /// Sends what stands in the field, or does what it asks for.
    fn send(&mut self) {
        let State { session, chat, dialogs, preferences, .. } = &mut self.state;
        let Some(text) = chat.composer.cleaned.clone() else { return };
        match intent(text.as_str()) {
            SlashCommand::Say(_) => return chat.send(session.is_talking(), &mut self.effects),
            SlashCommand::Unknown(word) => {
                chat.composer.error = Some(ComposerError::UnknownCommand(word.to_owned()));
                return;
            }
            SlashCommand::Help => dialogs.toggle_help(),
            SlashCommand::Clear => chat.conversations.shown_mut().clear(),
            SlashCommand::Save => self.save_conversation(),
            SlashCommand::Theme => self.toggle_theme(),
            SlashCommand::Sound => {
                // A narrow window has no bell that would show it.
                chat.note(if preferences.muted { LocalNotice::SoundOn } else { LocalNotice::SoundOff });
                self.toggle_sound();
            }
            SlashCommand::Leave => self.quit(),
        }
        self.state.chat.composer.set(String::new());
    }

    fn save_conversation(&mut self) {
        let place = self.state.chat.conversations.place.clone();
        self.state.dialogs.save(Transcript::One(place), &mut self.effects);
    }

    fn toggle_theme(&mut self) {
        self.state.preferences.theme = Some(self.state.theme().other());
        self.save_preferences();
    }

    fn toggle_sound(&mut self) {
        self.state.preferences.muted ^= true;
        self.save_preferences();
    }

    fn resize_text(&mut self, step: TextStep) {
        let size = self.state.preferences.text_size();
        if step.from(size) != size {
            self.state.preferences.text_size = Some(step.from(size));
            self.save_preferences();
        }
    }

    fn quit(&mut self) {
        self.state.session.take_leave(&mut self.effects);
        self.state.session.hang_up(&mut self.effects);
        self.save_preferences();
        self.effects.push(Effect::Quit);
    }

    fn save_preferences(&mut self) {
        self.effects.push(Effect::Save(self.state.preferences.clone()));
    }
}

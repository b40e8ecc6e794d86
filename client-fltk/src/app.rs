//! The program: one channel, one loop. What happened goes to the model, what is to be done comes back and is done.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use fltk::app::{self, Sender, TimeoutHandle};
use fltk::dialog::{self, BeepType};
use jiff::Zoned;
use jiff::tz::TimeZone;
use papo_common::Request;

use crate::accessibility::tree;
use crate::core::message::Message;
use crate::core::{Conversation, ConversationId, Effect, Model, Notification, Prefill};
use crate::export::transcript::{transcript, transcript_of};
use crate::net::{Closing, Connection};
use crate::options::Options;
use crate::platform::files::{self, IfExists};
use crate::platform::notifications::{Notice, Notifications};
use crate::platform::settings_store::Store;
use crate::platform::settings_writer::SettingsWriter;
use crate::platform::urgency::Urgency;
use crate::platform::{color_scheme, open_url};
use crate::strings;
use crate::strings::{alerts, connecting};
use crate::view::View;

/// Messages that are handled before the window is drawn again: a flood of them must not keep it from that.
const MESSAGES_PER_DRAW: usize = 64;

/// Opens the window and runs until it is left.
pub fn run(options: &Options) {
    let fltk = app::App::default();
    let (sender, receiver) = app::channel::<Message>();
    let mut store = Store::of_user();
    let preferences = store.load();
    if preferences.theme.is_none() {
        color_scheme::ask(move |theme| sender.send(Message::DesktopTheme(theme)));
    }
    let prefill = Prefill {
        server: options.server.as_ref().map(ToString::to_string),
        name: options.name.as_ref().map(|name| name.as_str().to_owned()),
    };
    let model = Model::new(preferences, prefill, strings::notices::notice);
    let view = View::new(sender);
    // That nothing is remembered must not disturb a chat.
    let settings = SettingsWriter::new(store, |error| {
        let _ = writeln!(io::stderr(), "{}", strings::settings_not_saved(error));
    });
    let mut app = App {
        model,
        view,
        notifications: Notifications::new(),
        urgency: Urgency::new(),
        settings,
        connection: None,
        closing: None,
        sender,
        timer: None,
        is_tick_due: false,
        is_over: false,
    };

    app.enter_at_once(options);
    app.show();
    while !app.is_over && fltk.wait() {
        // A dialog or a busy moment may have let several messages pile up behind one wake-up.
        let mut left = MESSAGES_PER_DRAW;
        while !app.is_over
            && left > 0
            && let Some(message) = receiver.recv()
        {
            app.update(message);
            left -= 1;
        }
        if left == 0 {
            app::awake();
        }
        app.show();
    }
    app.close();
}

struct App {
    model: Model,
    view: View,
    notifications: Notifications,
    urgency: Urgency,
    settings: SettingsWriter,
    connection: Option<Connection>,
    /// The one before, which may still have its last line to write.
    closing: Option<Closing>,
    sender: Sender<Message>,
    /// What ticks, once it was needed: FLTK frees no timer.
    timer: Option<TimeoutHandle>,
    /// A tick is on its way.
    is_tick_due: bool,
    is_over: bool,
}

impl App {
    fn enter_at_once(&mut self, options: &Options) {
        if let Options { server: Some(server), name: Some(name) } = options {
            self.update(Message::Enter { server: server.to_string(), name: name.as_str().to_owned() });
        }
    }

    fn update(&mut self, message: Message) {
        if let Message::Press(part) = message {
            let meant = tree::pressed(self.model.state(), part);
            return meant.into_iter().for_each(|message| self.update(message));
        }
        self.is_tick_due &= !matches!(message, Message::Tick);
        self.model.update(message, now());
        while let Some(effect) = self.model.next_effect() {
            self.perform(effect);
        }
        self.start_tick();
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Connect { connection, address } => {
                let sender = self.sender;
                let report = move |report| sender.send(Message::Network { connection, report });
                self.connection = Some(Connection::open(address, report));
            }
            Effect::Send(request) => self.send(&request),
            Effect::Disconnect => self.closing = self.connection.take().map(Connection::close),
            Effect::Save(preferences) => self.settings.save(preferences),
            Effect::ConnectionFailed(failure) => {
                self.alert(connecting::CONNECTION_ERROR, &connecting::failure(&failure));
            }
            Effect::ChatEnded(ending) => self.farewell(&connecting::ending(&ending)),
            Effect::Notify { notification, sound } => self.notify(&notification, sound),
            Effect::SetUrgency(is_urgent) => self.urge(is_urgent),
            Effect::FocusNext => self.view.focus_next(),
            Effect::OpenLink(link) => {
                let sender = self.sender;
                open_url::open(link, move |link| sender.send(Message::LinkNotOpened(link)));
            }
            Effect::SaveConversation(place) => self.save_one(&place),
            Effect::Quit => self.is_over = true,
        }
    }

    fn send(&self, request: &Request) {
        if let Some(connection) = &self.connection {
            connection.send(request);
        }
    }

    fn show(&mut self) {
        self.view.show(self.model.state());
    }

    /// Runs an event loop of its own: what it stands over has to be right before it, for as long as it is read.
    fn alert(&mut self, title: &str, text: &str) {
        self.show();
        self.view.alert(title, text);
    }

    fn farewell(&mut self, text: &str) {
        if self.model.state().conversations.iter().any(Conversation::has_messages) {
            self.show();
            let text = format!("{text}\n\n{}", strings::SAVE_QUESTION);
            while self.view.ask(connecting::DISCONNECTED, &text, strings::SAVE, strings::DO_NOT_SAVE) {
                let text = transcript(self.model.state(), &TimeZone::system());
                if self.save_text(&strings::transcript::file_name(Zoned::now().date()), &text).is_some() {
                    break;
                }
            }
        } else {
            self.alert(connecting::DISCONNECTED, text);
        }
        self.model.end_chat();
    }

    fn save_one(&mut self, place: &ConversationId) {
        // The desktop's dialog may keep the window from being drawn: nothing old is to stand in it meanwhile.
        self.show();
        let day = Zoned::now().date();
        let suggested = match place {
            ConversationId::Room => strings::transcript::file_name(day),
            ConversationId::Direct(name) => strings::transcript::private_file_name(name.as_str(), day),
        };
        let shown = self.model.state().conversations.iter().find(|it| it.place == *place);
        let text = shown.map(|it| transcript_of(it, &TimeZone::system()));
        if let Some(path) = text.and_then(|text| self.save_text(&suggested, &text)) {
            self.sender.send(Message::Saved(path.display().to_string()));
        }
    }

    /// To which file; `None` if nothing was written: the person may choose again.
    fn save_text(&mut self, suggested: &str, text: &str) -> Option<PathBuf> {
        let path = self.view.save_dialog(suggested)?;
        let written = files::write(&path, IfExists::Replace, text);
        if let Err(error) = &written {
            self.alert(strings::NOT_SAVED, &strings::not_written(&path.display(), error));
        }
        written.is_ok().then_some(path)
    }

    /// The bell is the desktop's own: as loud, or as silent, as the person has set it there.
    fn notify(&mut self, notification: &Notification, sound: bool) {
        self.notifications.show(Notice { title: alerts::title(notification), body: alerts::body(notification) });
        if sound {
            dialog::beep(BeepType::Message);
        }
    }

    fn urge(&mut self, is_urgent: bool) {
        if let Some(window) = self.view.window_handle() {
            self.urgency.set(window, is_urgent);
        }
    }

    /// Only while something counts down: a window where nothing happens does not wake the machine.
    fn start_tick(&mut self) {
        if self.model.is_ticking() && !self.is_tick_due {
            self.is_tick_due = true;
            if let Some(timer) = self.timer {
                app::repeat_timeout3(1.0, timer);
            } else {
                let sender = self.sender;
                self.timer = Some(app::add_timeout3(1.0, move |_| sender.send(Message::Tick)));
            }
        }
    }

    /// The windows vanish at once, then the last line is seen on its way and the settings on the disk.
    fn close(mut self) {
        app::quit();
        app::flush();
        let closing = self.connection.take().map(Connection::close);
        closing.into_iter().chain(self.closing).for_each(Closing::wait);
        drop(self.settings);
    }
}

/// Unix time in ms.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64)
}

//! The program: what happened goes to the model, what is to be done comes back and is done, the view shows it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use accesskit::Action;
use fltk::app::{self, Receiver, Sender};
use fltk::dialog::{self, BeepType};
use jiff::Zoned;
use jiff::tz::TimeZone;
use papo_common::Request;

use crate::core::message::Message;
use crate::core::{Conversation, ConversationId, Effect, Model, Notification, Prefill};
use crate::dispatch::{Dispatch, Modal, Program};
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
use crate::view::kit::timer::Timer;
use crate::view::{View, dialogs};

/// Messages from other threads that are handled before the window is drawn again: a flood of them must not keep it from
/// that.
const MESSAGES_PER_DRAW: usize = 64;

/// Opens the window and runs until it is left.
pub fn run(options: &Options) {
    let fltk = app::App::default();
    let (sender, receiver) = app::channel::<Message>();
    let dispatch = Dispatch::default();
    let app = Rc::new(RefCell::new(App::new(options, &dispatch, sender)));
    let program: Rc<RefCell<dyn Program>> = Rc::<RefCell<App>>::clone(&app);
    dispatch.attach(Rc::downgrade(&program));
    app.borrow_mut().render();
    if let Options { server: Some(server), name: Some(name) } = options {
        dispatch.send(Message::Enter { server: server.to_string(), name: name.as_str().to_owned() });
    }
    // FLTK calls it in every event loop, that of a dialog too.
    app::add_check({
        let dispatch = dispatch.clone();
        move |_| drain(receiver, &dispatch)
    });
    while !app.borrow().is_over && fltk.wait() {
        dispatch.run_modals();
        app.borrow_mut().tell();
    }
    // What the windows say as they vanish is not handled any more.
    app::quit();
    app::flush();
    app.borrow_mut().close();
}

/// Hands on what other threads have sent. A busy moment may have let several messages pile up behind one wake-up.
fn drain(receiver: Receiver<Message>, dispatch: &Dispatch) {
    let messages: Vec<Message> = std::iter::from_fn(|| receiver.recv()).take(MESSAGES_PER_DRAW).collect();
    if messages.len() == MESSAGES_PER_DRAW {
        app::awake();
    }
    dispatch.send_all(messages);
}

struct App {
    model: Model,
    view: View,
    notifications: Notifications,
    urgency: Urgency,
    settings: Option<SettingsWriter>,
    connection: Option<Connection>,
    /// The one before, which may still have its last line to write.
    closing: Option<Closing>,
    /// For what other threads have to say.
    sender: Sender<Message>,
    /// One second.
    timer: Timer,
    modals: VecDeque<Modal>,
    is_over: bool,
}

impl Program for App {
    fn handle(&mut self, message: Message) {
        if self.is_over {
            return;
        }
        match message {
            Message::Press(part) => return self.view.act(part, Action::Click),
            Message::TakeFocus(part) => return self.view.act(part, Action::Focus),
            _ => {}
        }
        self.model.update(message, now());
        while let Some(effect) = self.model.next_effect() {
            self.perform(effect);
        }
        // Only while something counts down: a window where nothing happens does not wake the machine.
        if self.model.is_ticking() {
            self.timer.start(1.0);
        }
    }

    fn render(&mut self) {
        if !self.is_over {
            self.view.show(self.model.state());
        }
    }

    fn modal(&mut self) -> Option<Modal> {
        self.modals.pop_front()
    }
}

impl App {
    /// Also keys that FLTK handles alone move the focus, and a screen reader has to be told.
    fn tell(&mut self) {
        self.view.tell(self.model.state());
    }

    fn new(options: &Options, dispatch: &Dispatch, sender: Sender<Message>) -> App {
        let mut store = Store::of_user();
        let preferences = store.load();
        if preferences.theme.is_none() {
            color_scheme::ask(move |theme| sender.send(Message::DesktopTheme(theme)));
        }
        // That nothing is remembered must not disturb a chat.
        let settings = SettingsWriter::new(store, |error| {
            let _ = writeln!(io::stderr(), "{}", strings::settings_not_saved(error));
        });
        let prefill = Prefill {
            server: options.server.as_ref().map(ToString::to_string),
            name: options.name.as_ref().map(|name| name.as_str().to_owned()),
        };
        let ticking = dispatch.clone();
        App {
            model: Model::new(preferences, prefill, strings::notices::notice),
            view: View::new(dispatch, sender),
            notifications: Notifications::new(),
            urgency: Urgency::new(),
            settings: Some(settings),
            connection: None,
            closing: None,
            sender,
            timer: Timer::new(move || ticking.send(Message::Tick)),
            modals: VecDeque::new(),
            is_over: false,
        }
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
            Effect::Save(preferences) => self.settings.iter_mut().for_each(|writer| writer.save(preferences.clone())),
            Effect::ConnectionFailed(failure) => self.open(move || {
                dialogs::alert(connecting::CONNECTION_ERROR, &connecting::failure(&failure));
                None
            }),
            Effect::ChatEnded(ending) => self.farewell(connecting::ending(&ending)),
            Effect::Notify { notification, sound } => self.notify(&notification, sound),
            Effect::SetUrgency(is_urgent) => self.urge(is_urgent),
            Effect::FocusNext => self.view.focus_next(),
            Effect::OpenLink(link) => {
                let sender = self.sender;
                open_url::open(link, move |link| sender.send(Message::LinkNotOpened(link)));
            }
            Effect::SaveConversation(place) => self.save_one(&place),
            Effect::Quit => {
                self.is_over = true;
                app::awake();
            }
        }
    }

    fn send(&self, request: &Request) {
        if let Some(connection) = &self.connection {
            connection.send(request);
        }
    }

    /// Opens a dialog that runs an event loop of its own, once all is handled and shown.
    fn open(&mut self, modal: impl FnOnce() -> Option<Message> + 'static) {
        self.modals.push_back(Box::new(modal));
        app::awake();
    }

    fn farewell(&mut self, text: String) {
        let has_messages = self.model.state().conversations.iter().any(Conversation::has_messages);
        let transcript = has_messages.then(|| transcript(self.model.state(), &TimeZone::system()));
        self.open(move || {
            if let Some(transcript) = transcript {
                let text = format!("{text}\n\n{}", strings::SAVE_QUESTION);
                let suggested = strings::transcript::file_name(Zoned::now().date());
                while dialogs::ask(connecting::DISCONNECTED, &text, strings::SAVE, strings::DO_NOT_SAVE)
                    && save_text(&suggested, &transcript).is_none()
                {}
            } else {
                dialogs::alert(connecting::DISCONNECTED, &text);
            }
            Some(Message::ChatLeft)
        });
    }

    fn save_one(&mut self, place: &ConversationId) {
        let day = Zoned::now().date();
        let suggested = match place {
            ConversationId::Room => strings::transcript::file_name(day),
            ConversationId::Direct(name) => strings::transcript::private_file_name(name.as_str(), day),
        };
        let shown = self.model.state().conversations.iter().find(|it| it.place == *place);
        if let Some(text) = shown.map(|it| transcript_of(it, &TimeZone::system())) {
            self.open(move || save_text(&suggested, &text).map(|path| Message::Saved(path.display().to_string())));
        }
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

    /// The last line is seen on its way, and the settings on the disk.
    fn close(&mut self) {
        let closing = self.connection.take().map(Connection::close);
        closing.into_iter().chain(self.closing.take()).for_each(Closing::wait);
        self.settings.take();
    }
}

/// To which file; `None` if nothing was written: the person may choose again.
fn save_text(suggested: &str, text: &str) -> Option<PathBuf> {
    let path = dialogs::save(suggested)?;
    let written = files::write(&path, IfExists::Replace, text);
    if let Err(error) = &written {
        dialogs::alert(strings::NOT_SAVED, &strings::not_written(&path.display(), error));
    }
    written.is_ok().then_some(path)
}

/// Unix time in ms.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64)
}

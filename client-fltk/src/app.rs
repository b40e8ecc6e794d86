//! The program: passes messages to the model, performs the effects that come back, and has the view show the state.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::path::Path;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use fltk::app::{self, Receiver, Sender};
use fltk::dialog::{self, BeepType};
use jiff::Zoned;
use jiff::tz::TimeZone;
use papo_common::Request;

use crate::core::dialogs::{PathAnswer, WriteProblem};
use crate::core::message::Message;
use crate::core::preferences::Preferences;
use crate::core::{ConversationId, Effect, Model, Notification, Prefill, Transcript};
use crate::dispatch::{Dispatch, Modal, Program};
use crate::export::transcript::{transcript, transcript_of};
use crate::net::Connection;
use crate::options::Options;
use crate::platform::background::{Task, Worker};
use crate::platform::files::{self, IfExists};
use crate::platform::notifications::Notice;
use crate::platform::settings_store::{self, Store};
use crate::platform::{color_scheme, notifications, open_url, save_dialog, urgency};
use crate::strings;
use crate::strings::{alerts, connecting};
use crate::view::kit::timer::Timer;
use crate::view::{self, View};

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
    // FLTK calls it in every event loop, that of a dialog too, and before it draws what a timer has changed.
    let is_drawn = Rc::new(Cell::new(false));
    app::add_check({
        let (dispatch, is_drawn) = (dispatch.clone(), Rc::clone(&is_drawn));
        move |_| {
            drain(receiver, &dispatch);
            is_drawn.set(is_drawn.get() || app::damage());
        }
    });
    while !app.borrow().is_over && fltk.wait() {
        dispatch.run_modals();
        let is_drawn = is_drawn.take() || app::damage();
        app.borrow_mut().tell(is_drawn);
    }
    // Messages that the windows send while they close are ignored: the program is over by now.
    app::quit();
    app::flush();
    app.borrow_mut().close();
}

/// Hands on what other threads have sent: all that is there before any of it is handled, which the connection's permits
/// bound, so that a flood cannot keep the window from being drawn.
fn drain(receiver: Receiver<Message>, dispatch: &Dispatch) {
    let messages: Vec<Message> = std::iter::from_fn(|| receiver.recv()).collect();
    dispatch.send_all(messages);
}

struct App {
    model: Model,
    view: View,
    notifications: Worker<Notice>,
    urgency: Worker<(u64, bool)>,
    settings: Worker<Preferences>,
    connection: Option<Connection>,
    /// The conversations taken down when the person asked to save them.
    transcript: String,
    /// Tasks that may still be writing: a file, or the last lines of a connection.
    writing: Vec<Task>,
    /// The channel by which other threads send messages.
    sender: Sender<Message>,
    /// One-second timer that sends [`Message::Tick`]; it runs only while the model counts something down.
    timer: Timer,
    modals: VecDeque<Modal>,
    is_over: bool,
}

impl Program for App {
    fn handle(&mut self, message: Message) {
        if self.is_over {
            return;
        }
        if let Message::ScreenReaderAction(request) = message {
            return self.view.act(&request);
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
    /// Updates the tree for screen readers. `is_drawn`: FLTK drew something, or is about to; keys that FLTK handles alone
    /// move the focus, too.
    fn tell(&mut self, is_drawn: bool) {
        self.view.tell(self.model.state(), is_drawn);
    }

    fn new(options: &Options, dispatch: &Dispatch, sender: Sender<Message>) -> App {
        let mut store = Store::of_user();
        let preferences = store.load();
        if preferences.theme.is_none() {
            color_scheme::ask(move |theme| sender.send(Message::DesktopTheme(theme)));
        }
        // A failure to save the settings goes to stderr alone: it must not disturb a chat.
        let settings = settings_store::writer(store, |error| {
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
            notifications: notifications::worker(move |place| sender.send(Message::NotificationClicked(place))),
            urgency: urgency::worker(),
            settings,
            connection: None,
            transcript: String::new(),
            writing: Vec::new(),
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
            Effect::Disconnect => self.disconnect(),
            Effect::Save(preferences) => self.settings.hand(preferences),
            Effect::ConnectionFailed(failure) => {
                self.open(move || view::alert(connecting::CONNECTION_ERROR, &connecting::failure(&failure)));
            }
            Effect::Notify { notification, sound } => self.notify(&notification, sound),
            Effect::SetUrgency(is_urgent) => self.urge(is_urgent),
            Effect::RaiseWindow => self.view.window_handle().into_iter().for_each(urgency::raise),
            Effect::FocusNext => self.view.focus_next(),
            Effect::OpenLink(link) => {
                let sender = self.sender;
                open_url::open(link, move |link| sender.send(Message::LinkNotOpened(link)));
            }
            Effect::AskSavePath { number, what } => self.ask_save_path(number, &what),
            Effect::Write { number, path, replaces } => self.write(number, &path, replaces),
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
    fn open(&mut self, modal: impl FnOnce() + 'static) {
        self.modals.push_back(Box::new(modal));
        app::awake();
    }

    fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.wait_at_end(connection.close());
        }
    }

    fn ask_save_path(&mut self, number: u64, what: &Transcript) {
        self.transcript = self.transcript_of(what);
        let day = Zoned::now().date();
        let suggested = match what {
            Transcript::One(ConversationId::Direct(name)) => strings::transcript::private_file_name(name.as_str(), day),
            Transcript::One(ConversationId::Room) | Transcript::Whole => strings::transcript::file_name(day),
        };
        let (sender, path) = (self.sender, files::in_documents(&suggested));
        save_dialog::ask(suggested, strings::window::SAVE_TITLE.to_owned(), move |answer| {
            let answer = match answer {
                save_dialog::Answer::Chosen(path) => PathAnswer::Chosen(path),
                save_dialog::Answer::Cancelled => PathAnswer::Cancelled,
                save_dialog::Answer::Unavailable => PathAnswer::Unavailable(path),
            };
            sender.send(Message::PathAnswered { number, answer });
        });
    }

    fn transcript_of(&self, what: &Transcript) -> String {
        let state = self.model.state();
        match what {
            Transcript::Whole => transcript(state, &TimeZone::system()),
            Transcript::One(place) => {
                state.chat.conversations.get(place).map(|it| transcript_of(it, &TimeZone::system())).unwrap_or_default()
            }
        }
    }

    fn write(&mut self, number: u64, path: &Path, replaces: bool) {
        let (sender, text) = (self.sender, self.transcript.clone());
        let if_exists = if replaces { IfExists::Replace } else { IfExists::Refuse };
        let task = files::write_later(files::absolute(path), if_exists, text, move |path, written| {
            let problem = written.err().map(|error| WriteProblem::from(&error));
            sender.send(Message::Written { number, path, problem });
        });
        self.wait_at_end(task);
    }

    /// Keeps a task, so that the program does not end before it.
    fn wait_at_end(&mut self, task: Task) {
        self.writing.retain(|task| !task.is_done());
        self.writing.push(task);
    }

    /// The bell is the desktop's own: as loud, or as silent, as the person has set it there.
    fn notify(&mut self, notification: &Notification, sound: bool) {
        let (title, body) = (alerts::title(notification), alerts::body(notification));
        self.notifications.hand(Notice { title, body, place: notification.place() });
        if sound {
            dialog::beep(BeepType::Message);
        }
    }

    fn urge(&mut self, is_urgent: bool) {
        if let Some(window) = self.view.window_handle() {
            self.urgency.hand((window, is_urgent));
        }
    }

    /// Waits until the last lines are sent, files are written and the settings are saved.
    fn close(&mut self) {
        self.disconnect();
        self.writing.drain(..).for_each(Task::wait);
        self.settings.finish();
    }
}

/// Unix time in ms.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64)
}

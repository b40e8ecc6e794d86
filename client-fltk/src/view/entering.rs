//! The entering window.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use fltk::app::{self, Sender};
use fltk::enums::{Event, Key};
use fltk::prelude::*;
use fltk::window::DoubleWindow;

use super::button::{Button, Kind};
use super::conversation::wrap;
use super::dates::Calendar;
use super::draw::{self, BODY, SMALL, TITLE};
use super::field::{self, Field, is_key};
use super::geometry::Rect;
use super::icon::{self, Icon};
use super::menu::{Entry, Menu};
use super::overlay;
use super::panel::Panel;
use super::theme::palette;
use crate::access::Focus;
use crate::message::Message;
use crate::state::{Phase, Recent, State};
use crate::strings::window as strings;

const SIZE: (i32, i32) = (400, 456);
const SERVER: Rect = Rect::new(40, 192, 320, 40);
const NAME: Rect = Rect::new(40, 276, 320, 40);
const ENTER: Rect = Rect::new(40, 360, 320, 40);
/// Entrar says "Conectando…" beside Cancelar.
const CONNECTING: Rect = Rect::new(40, 360, 208, 40);
const CANCEL: Rect = Rect::new(256, 360, 104, 40);
/// From one line of an error to the next.
const ERROR_STEP: i32 = 17;
const RECENT: Rect = Rect::new(320, 196, 32, 32);

/// The window. A clone is another handle of the same one.
#[derive(Clone)]
pub(super) struct Entering {
    pub(super) window: DoubleWindow,
    backdrop: Panel<Backdrop>,
    server: Field,
    name: Field,
    recent: Button,
    enter: Button,
    cancel: Button,
    menu: Menu,
    shared: Rc<Shared>,
    sender: Sender<Message>,
}

#[derive(Default)]
struct Shared {
    version: Cell<Option<u64>>,
    recents: RefCell<Vec<Recent>>,
    is_connecting: Cell<bool>,
}

/// What is drawn under the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Backdrop {
    server_error: Option<&'static str>,
    name_error: Option<&'static str>,
    is_connecting: bool,
    /// By how much what is below the server's error stands lower.
    lower: i32,
}

impl Entering {
    /// Builds it, hidden.
    pub(super) fn new(sender: Sender<Message>) -> Entering {
        let window = DoubleWindow::default().with_size(SIZE.0, SIZE.1).with_label(strings::PAPO);
        let mut entering = Entering {
            backdrop: Panel::new(Backdrop::default(), Backdrop::paint),
            server: Field::new(field::Kind::Plain, strings::SERVER_HINT),
            recent: Button::new(Kind::Icon, Some(Icon::ChevronDown), "", |colours| colours.ground),
            name: Field::new(field::Kind::Plain, strings::NAME_HINT),
            enter: Button::new(Kind::Primary, None, strings::ENTER, |colours| colours.ground),
            cancel: Button::new(Kind::Quiet, None, strings::CANCEL, |colours| colours.ground),
            menu: Menu::new(),
            window,
            shared: Rc::default(),
            sender,
        };
        entering.window.end();
        overlay::keep_whole(&mut entering.window, vec![entering.menu.overlay.widget.clone()]);
        entering.backdrop.resize(Rect::new(0, 0, SIZE.0, SIZE.1));
        entering.server.resize(SERVER, 44);
        entering.name.resize(NAME, 10);
        entering.recent.resize(Rect::default());
        entering.enter.resize(ENTER);
        entering.cancel.resize(Rect::default());
        entering.wire();
        entering
    }

    /// What has the keys; `None` while another window has them.
    pub(super) fn focus(&self) -> Option<Focus> {
        app::focus().filter(|focus| focus.inside(&self.window))?;
        let parts = [
            (self.server.input.has_focus(), Focus::Server),
            (self.name.input.has_focus(), Focus::Name),
            (self.enter.widget.has_focus(), Focus::Enter),
        ];
        Some(parts.into_iter().find(|(has_focus, _)| *has_focus).map_or(Focus::Elsewhere, |(_, focus)| focus))
    }

    fn wire(&mut self) {
        let sender = self.sender;
        self.window.set_callback({
            let shared = Rc::clone(&self.shared);
            move |_| sender.send(closing(shared.is_connecting.get() && app::event() != Event::Close))
        });
        self.window.set_xclass(icon::CLASS);
        if let Some(icon) = icon::program(64) {
            self.window.set_icon(Some(icon));
        }
        let overlay = self.menu.overlay.clone();
        self.window.handle(move |_, event| {
            if event == Event::Focus {
                overlay::come_to_front_soon(vec![overlay.clone()]);
            }
            false
        });
        self.cancel.on_click(move || sender.send(Message::CancelEntering));
        self.name.on_edit(move |name| sender.send(Message::NameEdited(name)));
        let entering = self.clone();
        self.enter.on_click(move || entering.enter());
        let entering = self.clone();
        self.name.on_event(move |event| is_key(event, &[Key::Enter, Key::KPEnter]) && entering.press_enter());
        let entering = self.clone();
        self.recent.on_click(move || entering.clone().open_recents());
        let entering = self.clone();
        self.server.on_event(move |event| {
            if is_key(event, &[Key::Down]) {
                entering.clone().open_recents();
                return true;
            }
            is_key(event, &[Key::Enter, Key::KPEnter]) && entering.press_enter()
        });
    }

    fn enter(&self) {
        if !self.shared.is_connecting.get() {
            let (server, name) = (self.server.input.value(), self.name.input.value());
            self.sender.send(Message::Enter { server, name });
        }
    }

    fn press_enter(&self) -> bool {
        self.enter();
        true
    }

    fn open_recents(&mut self) {
        let calendar = Calendar::local();
        let entry = |recent: &Recent| {
            let (address, input) = (recent.address.clone(), self.server.input.clone());
            let action = move || {
                let mut input = input.clone();
                input.set_value(&address);
                input.set_position(address.len() as i32).ok();
            };
            let text = recent.address.clone();
            Entry { icon: None, text, hint: calendar.last_used(recent.at), action: Box::new(action) }
        };
        let entries: Vec<Entry> = self.shared.recents.borrow().iter().take(5).map(entry).collect();
        if !entries.is_empty() && !self.shared.is_connecting.get() {
            self.server.input.take_focus().ok();
            self.menu.open(Rect::new(SERVER.x, SERVER.bottom() + 4, SERVER.w, 0), 40, entries);
        }
    }

    /// Shows it if it is not up.
    pub(super) fn open(&mut self) {
        if self.window.shown() {
            return;
        }
        self.window.show();
        if self.shared.is_connecting.get() {
            self.cancel.widget.take_focus().ok();
            return;
        }
        // Whoever has entered before only has to press Enter.
        let first = if self.server.input.value().is_empty() { &mut self.server } else { &mut self.name };
        first.input.take_focus().ok();
    }

    /// Hides it if it is up.
    pub(super) fn close(&mut self) {
        if self.window.shown() {
            self.menu.close();
            self.window.hide();
        }
    }

    /// Takes the colours of the look.
    pub(super) fn dress(&mut self) {
        self.window.set_color(palette().ground);
        self.server.dress();
        self.name.dress();
        self.window.redraw();
    }

    /// Follows the state.
    pub(super) fn show(&mut self, state: &State) {
        let entering = &state.entering;
        if self.shared.version.replace(Some(entering.version)) != Some(entering.version) {
            self.server.input.set_value(&entering.server);
            self.name.input.set_value(&entering.name);
            self.name.input.set_position(entering.name.len() as i32).ok();
        }
        if *self.shared.recents.borrow() != entering.recent {
            self.shared.recents.borrow_mut().clone_from(&entering.recent);
        }
        self.recent.resize(if entering.recent.is_empty() { Rect::default() } else { RECENT });
        let kind = |error: Option<&str>| if error.is_some() { field::Kind::Wrong } else { field::Kind::Plain };
        self.server.set_kind(kind(entering.server_error));
        self.name.set_kind(kind(entering.name_error));
        self.recent.set_ground(if entering.server_error.is_some() { |c| c.error_ground } else { |c| c.ground });
        let is_connecting = state.phase == Phase::Connecting;
        self.show_connecting(is_connecting);
        let lower = lower(entering.server_error);
        self.place(lower, is_connecting);
        self.backdrop.set(Backdrop {
            server_error: entering.server_error,
            name_error: entering.name_error,
            is_connecting,
            lower,
        });
    }

    /// Puts everything under the server's error where that leaves room.
    fn place(&mut self, lower: i32, is_connecting: bool) {
        let moved = |rect: Rect| Rect { y: rect.y + lower, ..rect };
        self.name.resize(moved(NAME), 10);
        self.enter.resize(moved(if is_connecting { CONNECTING } else { ENTER }));
        self.cancel.resize(if is_connecting { moved(CANCEL) } else { Rect::default() });
    }

    fn show_connecting(&mut self, is_connecting: bool) {
        if self.shared.is_connecting.replace(is_connecting) == is_connecting {
            return;
        }
        self.enter.set_text(if is_connecting { strings::CONNECTING } else { strings::ENTER });
        self.enter.set_active(!is_connecting);
        self.server.input.set_readonly(is_connecting);
        self.name.input.set_readonly(is_connecting);
        let next = if is_connecting { self.cancel.widget.take_focus() } else { self.name.input.take_focus() };
        next.ok();
        self.backdrop.redraw();
    }
}

/// What Esc and the close button mean.
fn closing(gives_up_connecting: bool) -> Message {
    if gives_up_connecting { Message::CancelEntering } else { Message::Quit }
}

impl Backdrop {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.ground);
        if let Some(mut logo) = icon::program(52) {
            logo.draw(174, 34, 52, 52);
        }
        draw::centred(strings::PAPO, TITLE, colours.text, Rect::new(0, 98, SIZE.0, 30));
        draw::centred(strings::SLOGAN, BODY, colours.soft, Rect::new(0, 128, SIZE.0, 20));
        label(strings::SERVER, SERVER);
        let name = Rect { y: NAME.y + self.lower, ..NAME };
        label(strings::NAME, name);
        error(self.server_error, SERVER);
        error(self.name_error, name);
        let keys = if self.is_connecting { strings::CONNECTING_KEYS } else { strings::ENTER_KEYS };
        draw::centred(keys, SMALL, colours.soft, Rect::new(0, 418 + self.lower, SIZE.0, 20));
    }
}

fn label(text: &str, field: Rect) {
    let baseline = draw::LABEL.baseline(field.y - 24, 20);
    draw::text(text, draw::LABEL, palette().text, field.x, baseline);
}

fn error(text: Option<&str>, field: Rect) {
    let Some(text) = text else { return };
    let y = field.bottom() + 2;
    icon::draw(Icon::Alert, 14, palette().error, Rect::new(field.x + 1, y, 14, 20));
    for (index, line) in error_lines(text).into_iter().enumerate() {
        let baseline = draw::ERROR.baseline(y + ERROR_STEP * index as i32, 20);
        draw::text(text.get(line).unwrap_or_default(), draw::ERROR, palette().error, field.x + 22, baseline);
    }
}

fn error_lines(text: &str) -> Vec<Range<usize>> {
    draw::ERROR.select();
    wrap(text, (SERVER.w - 22) as f32, |part| fltk::draw::width(part) as f32)
}

/// By how much a long error of the server's address moves down what is below it.
fn lower(server_error: Option<&str>) -> i32 {
    let lines = server_error.map_or(1, |error| error_lines(error).len());
    ERROR_STEP * (lines as i32 - 1)
}

//! The entering window.

mod backdrop;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use fltk::app;
use fltk::enums::Event;
use fltk::prelude::*;
use fltk::window::DoubleWindow;

use crate::accessibility::tree::Tree;
use crate::core;
use crate::core::message::Message;
use crate::core::{Phase, Recent, State};
use crate::dispatch::Dispatch;
use crate::strings::{accessibility as words, connecting, window as strings};
use crate::view::connect_window::backdrop::{Backdrop, CANCEL, CONNECTING, ENTER, NAME, SERVER, SIZE};
use crate::view::dates::Calendar;
use crate::view::keymap::{self, PartKey};
use crate::view::kit::accessible::{Accessible, tell_all};
use crate::view::kit::button::{Button, Kind};
use crate::view::kit::field;
use crate::view::kit::field::Field;
use crate::view::kit::focus::{self, FocusKeeper};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::menu::{Entry, Menu};
use crate::view::kit::overlay;
use crate::view::kit::panel::Panel;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;

const RECENT: Rect = Rect::new(320, 188, 32, 32);

/// The window. A clone is another handle of the same one.
#[derive(Clone)]
pub(super) struct ConnectWindow {
    pub(super) window: DoubleWindow,
    backdrop: Panel<Backdrop>,
    server: Field,
    name: Field,
    recent: Button,
    enter: Button,
    cancel: Button,
    menu: Menu,
    keys: FocusKeeper,
    shared: Rc<Shared>,
    dispatch: Dispatch,
}

#[derive(Default)]
struct Shared {
    version: Cell<Option<u64>>,
    recents: RefCell<Vec<Recent>>,
    is_connecting: Cell<bool>,
    /// Whether the person wanted in, and has not been told yet what is wrong.
    has_tried: Cell<bool>,
}

impl ConnectWindow {
    /// Builds it, hidden.
    pub(super) fn new(dispatch: Dispatch) -> ConnectWindow {
        let window = DoubleWindow::default().with_size(SIZE.0, SIZE.1).with_label(strings::PAPO);
        let mut entering = ConnectWindow {
            backdrop: Panel::new(Backdrop::default(), Backdrop::paint),
            server: Field::new(field::Kind::Plain, strings::SERVER, strings::SERVER_HINT),
            recent: Button::new(Kind::Icon, Some(Icon::ChevronDown), "", |colours| colours.ground),
            name: Field::new(field::Kind::Plain, strings::NAME, strings::NAME_HINT),
            enter: Button::new(Kind::Primary, None, strings::ENTER, |colours| colours.ground),
            cancel: Button::new(Kind::Quiet, None, strings::CANCEL, |colours| colours.ground),
            menu: Menu::new(),
            keys: FocusKeeper::new(&window),
            window,
            shared: Rc::default(),
            dispatch,
        };
        entering.window.end();
        entering.keys.set_overlays(vec![entering.menu.overlay.clone()]);
        overlay::keep_whole(&mut entering.window, vec![entering.menu.overlay.widget.clone()]);
        entering.backdrop.resize(Rect::new(0, 0, SIZE.0, SIZE.1));
        entering.server.resize(SERVER, 44);
        entering.name.resize(NAME, 10);
        entering.recent.set_tooltip(words::RECENT);
        entering.recent.resize(Rect::default());
        entering.enter.resize(ENTER);
        entering.cancel.resize(Rect::default());
        entering.wire();
        entering
    }

    /// Whether it has the keys.
    pub(super) fn has_keys(&self) -> bool {
        focus::has_keys(&self.window)
    }

    fn wire(&mut self) {
        self.window.set_callback({
            let (shared, dispatch) = (Rc::clone(&self.shared), self.dispatch.clone());
            move |_| dispatch.send(closing(shared.is_connecting.get() && app::event() != Event::Close))
        });
        self.window.set_xclass(icon::CLASS);
        if let Some(icon) = icon::program(64) {
            self.window.set_icon(Some(icon));
        }
        let (keys, dispatch) = (self.keys.clone(), self.dispatch.clone());
        self.window.handle(move |_, event| {
            if event == Event::Focus {
                keys.come();
            }
            keymap::send(&[keymap::TEXT_SIZE], event, &dispatch)
        });
        let dispatch = self.dispatch.clone();
        self.cancel.on_click(move || dispatch.send(Message::CancelEntering));
        let dispatch = self.dispatch.clone();
        self.name.on_edit(move |name| dispatch.send(Message::NameEdited(name)));
        let dispatch = self.dispatch.clone();
        self.server.on_edit(move |server| dispatch.send(Message::ServerEdited(server)));
        let entering = self.clone();
        self.enter.on_click(move || entering.enter());
        let entering = self.clone();
        self.name.on_event(move |event| {
            let is_enter = keymap::part_key(keymap::FIELD, event) == Some(PartKey::Enter);
            if is_enter {
                entering.enter();
            }
            is_enter
        });
        let entering = self.clone();
        self.recent.on_click(move || entering.clone().open_recents());
        let entering = self.clone();
        self.server.on_event(move |event| {
            match keymap::part_key(keymap::FIELD, event) {
                Some(PartKey::Down) => entering.clone().open_recents(),
                Some(PartKey::Enter) => entering.enter(),
                _ => return false,
            }
            true
        });
    }

    fn enter(&self) {
        if !self.shared.is_connecting.get() {
            self.shared.has_tried.set(true);
            let (server, name) = (self.server.input.value(), self.name.input.value());
            self.dispatch.send(Message::Enter { server, name });
        }
    }

    fn open_recents(&mut self) {
        let calendar = Calendar::local();
        let entry = |recent: &Recent| {
            let (address, input) = (recent.address.clone(), self.server.input.clone());
            let action = move || {
                let mut input = input.clone();
                input.set_value(&address);
                input.set_position(address.len() as i32).ok();
                input.do_callback();
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
            return self.keys.give(&self.cancel.widget);
        }
        // Whoever has entered before only has to press Enter.
        let first = if self.server.input.value().is_empty() { &self.server } else { &self.name };
        self.keys.give(&first.input);
    }

    /// The size at which it opens, for [`crate::view::kit::scale::Scale`].
    pub(super) const SIZE: (i32, i32) = SIZE;

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
        if *self.shared.recents.borrow() != state.preferences.servers {
            self.shared.recents.borrow_mut().clone_from(&state.preferences.servers);
        }
        self.recent.resize(if state.preferences.servers.is_empty() { Rect::default() } else { RECENT });
        let server_error = entering.server_error.map(connecting::address_error);
        let name_error = entering.name_error.map(connecting::name_problem);
        let kind = |error: Option<&str>| if error.is_some() { field::Kind::Wrong } else { field::Kind::Plain };
        self.server.set_kind(kind(server_error));
        self.name.set_kind(kind(name_error));
        self.recent.set_ground(if server_error.is_some() { |c| c.error_ground } else { |c| c.ground });
        let is_connecting = state.session.phase == Phase::Connecting;
        self.show_connecting(is_connecting);
        if self.shared.has_tried.take() && !is_connecting {
            self.focus_what_is_wrong(entering);
        }
        let lower = backdrop::lower(server_error);
        self.place(lower, is_connecting);
        self.backdrop.set(Backdrop { server_error, name_error, is_connecting, lower });
    }

    /// Puts everything under the server's error where that leaves room.
    fn place(&mut self, lower: i32, is_connecting: bool) {
        let moved = |rect: Rect| Rect { y: rect.y + lower, ..rect };
        self.name.resize(moved(NAME), 10);
        self.enter.resize(moved(if is_connecting { CONNECTING } else { ENTER }));
        self.cancel.resize(if is_connecting { moved(CANCEL) } else { Rect::default() });
    }

    fn focus_what_is_wrong(&self, entering: &core::ConnectForm) {
        let fields = [(entering.server_error.is_some(), &self.server), (entering.name_error.is_some(), &self.name)];
        if let Some((_, field)) = fields.into_iter().find(|(is_wrong, _)| *is_wrong) {
            self.keys.give(&field.input);
        }
    }

    fn show_connecting(&mut self, is_connecting: bool) {
        if self.shared.is_connecting.replace(is_connecting) == is_connecting {
            return;
        }
        // Not to Cancelar: whoever presses Enter twice wants in. The field that has the keys keeps them.
        let is_homeless = is_connecting && self.enter.widget.has_focus();
        self.enter.set_text(if is_connecting { strings::CONNECTING } else { strings::ENTER });
        self.enter.set_active(!is_connecting);
        self.server.set_readonly(is_connecting);
        self.name.set_readonly(is_connecting);
        if !is_connecting || is_homeless {
            self.keys.give(&self.name.input);
        }
        self.backdrop.redraw();
    }
}

impl Accessible for ConnectWindow {
    fn tell(&self, tree: &mut Tree) {
        tell_all(
            &[&self.server, &self.recent, &self.name, &self.backdrop, &self.enter, &self.cancel, &self.menu],
            tree,
        );
    }
}

/// What Esc and the close button mean.
fn closing(gives_up_connecting: bool) -> Message {
    if gives_up_connecting { Message::CancelEntering } else { Message::Quit }
}

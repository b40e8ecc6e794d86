//! The entering window.

mod backdrop;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use fltk::app;
use fltk::enums::Event;
use fltk::prelude::*;
use fltk::window::DoubleWindow;

use crate::core;
use crate::core::message::Message;
use crate::core::{Phase, Recent, State};
use crate::dispatch::Dispatch;
use crate::strings::{accessibility as words, connecting, window as strings};
use crate::view::connect_window::backdrop::{Backdrop, CANCEL, CONNECTING, ENTER, NAME, SERVER, SIZE};
use crate::view::dates::Calendar;
use crate::view::keymap::{self, PartKey};
use crate::view::kit::button::Kind;
use crate::view::kit::menu::Entry;
use crate::view::kit::{
    Accessible, Button, Face, Field, FocusKeeper, Icon, Menu, Panel, Rect, Tree, field, icon, palette, tell_all,
};

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
        let button = |face| Button::new(face, |colours| colours.ground);
        let window = DoubleWindow::default().with_size(SIZE.0, SIZE.1).with_label(strings::PAPO);
        let mut entering = ConnectWindow {
            backdrop: Panel::new(Backdrop::default()),
            server: Field::new(field::Kind::Plain, strings::SERVER, strings::SERVER_HINT),
            recent: button(Face::icon(Icon::ChevronDown, words::RECENT)),
            name: Field::new(field::Kind::Plain, strings::NAME, strings::NAME_HINT),
            enter: button(Face::words(Kind::Primary, strings::ENTER)),
            cancel: button(Face::words(Kind::Quiet, strings::CANCEL)),
            menu: Menu::new(),
            keys: FocusKeeper::new(&window),
            window,
            shared: Rc::default(),
            dispatch,
        };
        entering.window.end();
        entering.keys.set_overlays(&[&entering.menu.overlay], &[]);
        entering.backdrop.resize(Rect::new(0, 0, SIZE.0, SIZE.1));
        entering.server.resize(SERVER, 44);
        entering.wire();
        entering
    }

    fn wire(&mut self) {
        let (shared, dispatch) = (Rc::clone(&self.shared), self.dispatch.clone());
        self.window.set_callback(move |_| {
            let gives_up = shared.is_connecting.get() && app::event() != Event::Close;
            dispatch.send(if gives_up { Message::CancelEntering } else { Message::Quit });
        });
        icon::put_on(&mut self.window);
        let (keys, dispatch) = (self.keys.clone(), self.dispatch.clone());
        self.window.handle(move |_, event| {
            if event == Event::Focus {
                keys.come();
            }
            keymap::send(&[keymap::TEXT_SIZE], event, &dispatch)
        });
        self.cancel.sends(&self.dispatch, Message::CancelEntering);
        let dispatch = self.dispatch.clone();
        field::on_edit(&mut self.name.input, move |name| dispatch.send(Message::NameEdited(name)));
        let dispatch = self.dispatch.clone();
        field::on_edit(&mut self.server.input, move |server| dispatch.send(Message::ServerEdited(server)));
        let entering = self.clone();
        self.enter.on_click(move || entering.enter());
        let entering = self.clone();
        self.recent.on_click(move || entering.clone().open_recents());
        let entering = self.clone();
        for (field, has_recents) in [(&mut self.server, true), (&mut self.name, false)] {
            let entering = entering.clone();
            field::on_event(&mut field.input, move |event| {
                match keymap::part_key(&[keymap::CHOICE], event) {
                    Some(PartKey::Down) if has_recents => entering.clone().open_recents(),
                    Some(PartKey::Enter) => entering.enter(),
                    _ => return false,
                }
                true
            });
        }
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
                field::put(&mut input, &address, address.len());
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
            field::put(&mut self.server.input, &entering.server, entering.server.len());
            field::put(&mut self.name.input, &entering.name, entering.name.len());
        }
        self.shared.recents.borrow_mut().clone_from(&state.preferences.servers);
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
        let text = if is_connecting { strings::CONNECTING } else { strings::ENTER };
        self.enter.set(Face::words(Kind::Primary, text));
        self.enter.set_active(!is_connecting);
        self.server.set_readonly(is_connecting);
        self.name.set_readonly(is_connecting);
        if !is_connecting || is_homeless {
            self.keys.give(&self.name.input);
        }
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

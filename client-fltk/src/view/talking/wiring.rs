//! What the talking window's widgets do.

use std::cell::Cell;
use std::rc::Rc;

use fltk::app::{self, Sender};
use fltk::enums::{Event, Key};
use fltk::input::MultilineInput;
use fltk::prelude::*;

use super::{SMALLEST, Talking};
use crate::message::Message;
use crate::state::Person;
use crate::strings::window as strings;
use crate::view::field;
use crate::view::geometry::Rect;
use crate::view::icon::{self, Icon};
use crate::view::list::Action;
use crate::view::menu::Entry;

/// The width of a person's menu.
const MENU_WIDTH: i32 = 304;

impl Talking {
    /// Gives every widget what it does.
    pub(super) fn wire(&mut self) {
        let sender = self.sender;
        self.window.set_callback(move |_| {
            // FLTK closes a window on Esc, which here leads to the end of the conversation.
            if app::event() == Event::Close {
                sender.send(Message::Leave);
            }
        });
        self.leave.on_click(move || sender.send(Message::Leave));
        for button in [&mut self.theme, &mut self.retry] {
            button.set_focus_after(&self.composer.input);
        }
        self.theme.on_click(move || sender.send(Message::ToggleTheme));
        self.retry.on_click(move || sender.send(Message::RetryNow));
        let talking = self.clone();
        self.people_button.on_click(move || talking.clone().toggle_people());
        let mut people = self.people.clone();
        self.filter.on_edit(move |filter| people.update(|people| people.set_filter(&filter)));
        self.filter.on_event(|event| field::is_key(event, &[Key::Escape]));
        let talking = self.clone();
        self.composer.wire(sender, self.conversation.clone(), move || talking.clone().relayout());
        let (conversations, input) = (self.conversations.clone(), self.composer.input.clone());
        self.conversations.on_action(move |action| {
            let (Action::Choose(row) | Action::Open(row)) = action else { return };
            if let Some(place) = conversations.look(|rows| rows.place(row).cloned()) {
                sender.send(Message::Show(place));
                // Arrow keys go on through the list; a click or Enter is done with it.
                if app::event() == Event::Push || matches!(action, Action::Open(_)) {
                    input.clone().take_focus().ok();
                }
            }
        });
        self.wire_people();
        self.wire_window();
    }

    fn wire_people(&mut self) {
        let sender = self.sender;
        let (people, menu, input) = (self.people.clone(), self.menu.clone(), self.composer.input.clone());
        self.people.on_action(move |action| {
            let (Action::Choose(row) | Action::Open(row) | Action::Menu(row, _)) = action;
            let found = people.look(|people| people.person(row).map(|person| (person.clone(), people.is_me(person))));
            match (action, found) {
                (Action::Open(_), Some((person, false))) => {
                    sender.send(Message::Whisper(person.name));
                    input.clone().take_focus().ok();
                }
                (Action::Menu(_, at), Some((person, is_me))) => {
                    let entries = menu_of(&person, is_me, &input, sender);
                    menu.clone().open(Rect::new(at.0, at.1, MENU_WIDTH, 0), 36, entries);
                }
                _ => {}
            }
        });
    }

    fn wire_window(&mut self) {
        self.window.size_range(SMALLEST.0, SMALLEST.1, 0, 0);
        if let Some(icon) = icon::program(64) {
            self.window.set_icon(Some(icon));
        }
        self.window.handle({
            let (sight, shape) = (Rc::clone(&self.sight), Rc::clone(&self.shape));
            let input = self.composer.input.clone();
            move |window, event| {
                match event {
                    Event::Focus => {
                        sight.set_in_front(true);
                        if shape.is_just_opened.take() {
                            // Later: FLTK gives the focus to the first child after this.
                            let mut input = input.clone();
                            app::add_timeout3(0.0, move |_| drop(input.take_focus()));
                        }
                    }
                    // FLTK tells this of every move from one field to another, too.
                    Event::Unfocus => sight.set_in_front(app::focus().is_some_and(|focus| focus.inside(window))),
                    Event::Hide => sight.set_in_front(false),
                    _ => {}
                }
                false
            }
        });
        let mut talking = self.clone();
        let sender = self.sender;
        // FLTK calls this for moves too, and more than once for each change.
        let last = Cell::new((self.window.w(), self.window.h()));
        self.window.resize_callback(move |window, _, _, w, h| {
            if last.replace((w, h)) == (w, h) {
                return;
            }
            talking.relayout();
            if window.shown() {
                sender.send(Message::Resized(w, h));
            }
        });
    }
}

fn menu_of(person: &Person, is_me: bool, input: &MultilineInput, sender: Sender<Message>) -> Vec<Entry> {
    let entry = |icon, text: &str, hint: &str, action: Box<dyn Fn()>| Entry {
        icon: Some(icon),
        text: text.to_owned(),
        hint: hint.to_owned(),
        action,
    };
    // What is chosen goes on in the text field.
    let then_write = |message: Message| {
        let input = input.clone();
        Box::new(move || {
            sender.send(message.clone());
            input.clone().take_focus().ok();
        })
    };
    let (name, address) = (person.name.as_str().to_owned(), person.addr.to_string());
    let mut entries = Vec::new();
    if !is_me {
        let whisper = then_write(Message::Whisper(person.name.clone()));
        entries.push(entry(Icon::Lock, strings::WHISPER, strings::WHISPER_HINT, whisper));
        entries.push(entry(Icon::At, strings::MENTION, "", then_write(Message::Mention(person.name.clone()))));
    }
    entries.push(entry(Icon::Copy, strings::COPY_NAME, "", Box::new(move || app::copy(&name))));
    entries.push(entry(Icon::Copy, strings::COPY_ADDRESS, "", Box::new(move || app::copy(&address))));
    entries
}

//! What the talking window's widgets do.

use std::cell::Cell;
use std::rc::Rc;

use fltk::app;
use fltk::enums::Event;
use fltk::prelude::*;

use crate::core::Person;
use crate::core::message::Message;
use crate::strings::window as strings;
use crate::view::chat_window::member_list::People;
use crate::view::chat_window::{ChatWindow, SMALLEST, menus};
use crate::view::composer;
use crate::view::keymap::{self, PartKey};
use crate::view::kit::list::Action;
use crate::view::kit::{Rect, field, focus, icon, scale};

impl ChatWindow {
    /// Gives every widget what it does.
    pub(super) fn wire(&mut self) {
        let dispatch = self.dispatch.clone();
        self.window.set_callback(move |_| {
            // FLTK closes a window on Esc, which here leads to the end of the conversation.
            if app::event() == Event::Close {
                dispatch.send(Message::Leave);
            }
        });
        self.leave.sends(&self.dispatch, Message::Leave);
        for (button, message) in [
            (&mut self.search, Message::Find(true)),
            (&mut self.save, Message::SaveConversation),
            (&mut self.sound, Message::ToggleSound),
            (&mut self.theme, Message::ToggleTheme),
        ] {
            button.set_focus_after(&self.composer.input);
            button.sends(&self.dispatch, message);
        }
        self.banner.wire(&self.dispatch, &self.composer.input);
        self.find.wire(&self.dispatch);
        let talking = self.clone();
        self.people_button.on_click(move || talking.clone().toggle_people());
        self.wire_filter();
        self.composer.wire(&self.dispatch, &self.conversation);
        let (conversations, composer, tag) = (self.conversations.clone(), self.composer.clone(), self.tag.clone());
        let dispatch = self.dispatch.clone();
        self.conversations.on_action(move |action| {
            if let Action::Hover(row) = action {
                let told = row.and_then(|(row, rect)| Some((conversations.look(|rows| rows.tag(row))?, rect)));
                let mut tag = tag.clone();
                return if let Some((text, rect)) = told { tag.show(&text, rect) } else { tag.hide() };
            }
            let (Action::Choose(row) | Action::Open(row)) = action else { return };
            if let Some(place) = conversations.look(|rows| rows.place(row).cloned()) {
                dispatch.send(Message::Show(place));
                // Arrow keys go on through the list; a click or Enter is done with it.
                if app::event() == Event::Push || matches!(action, Action::Open(_)) {
                    composer.input.clone().take_focus().ok();
                }
            }
        });
        self.wire_people();
        self.wire_menu();
        self.wire_window();
    }

    fn wire_menu(&mut self) {
        let talking = self.clone();
        self.conversation.on_menu(move |pressed| {
            let (x, y) = pressed.at;
            let is_narrow = talking.shape.layout.borrow().is_narrow;
            let entries = menus::of_conversation(pressed, &talking.conversation, &talking.dispatch, is_narrow);
            talking.menu.clone().open(Rect::new(x, y, menus::WIDTH, 0), menus::LINE, entries);
        });
    }

    fn wire_people(&mut self) {
        self.people.widget.set_tooltip(strings::PEOPLE_TIP);
        let talking = self.clone();
        self.people.on_action(move |action| {
            let (Action::Choose(row) | Action::Open(row) | Action::Menu(row, _)) = action else { return };
            let of_row = |people: &People| people.person(row).map(|person| (person.clone(), people.is_me(person)));
            match (action, talking.people.look(of_row)) {
                (Action::Open(_), Some((person, false))) => talking.clone().whisper(person),
                (Action::Menu(_, at), Some((person, is_me))) => {
                    let entries = menus::of_person(&person, is_me, &talking);
                    talking.menu.clone().open(Rect::new(at.0, at.1, menus::WIDTH, 0), menus::LINE, entries);
                }
                _ => {}
            }
        });
    }

    fn wire_filter(&mut self) {
        let mut people = self.people.clone();
        let filter = move |filter: String| people.update(|people| people.set_filter(&filter));
        field::on_edit(&mut self.filter.input, filter);
        let talking = self.clone();
        field::on_event(&mut self.filter.input, move |event| {
            match keymap::part_key(&[keymap::CHOICE], event) {
                Some(PartKey::Enter) => {
                    if let Some(person) = talking.people.look(|people| people.first_hit().cloned()) {
                        talking.clone().whisper(person);
                    }
                }
                Some(PartKey::Escape) if !talking.filter.input.value().is_empty() => talking.clone().clear_filter(),
                Some(PartKey::Escape) => talking.clone().escape(),
                _ => return keymap::send(&[keymap::WINDOW, keymap::TEXT_SIZE], event, &talking.dispatch),
            }
            true
        });
    }

    /// What is typed or pasted while nothing that takes text has the focus is meant for the text field.
    fn take_key(&mut self, event: Event) -> bool {
        let is_text = composer::brings_text(event);
        if is_text {
            self.show_middle();
            self.composer.take_key();
        }
        is_text
    }

    /// What is typed from here on is for that one. Who was found is not looked for any more.
    fn whisper(&mut self, person: Person) {
        self.clear_filter();
        self.write_after(Message::Whisper(person.name));
    }

    /// Sends what goes on in the text field.
    pub(super) fn write_after(&mut self, message: Message) {
        self.show_middle();
        self.dispatch.send(message);
        self.composer.input.take_focus().ok();
    }

    pub(super) fn clear_filter(&mut self) {
        self.filter.input.set_value("");
        self.people.update(|people| people.set_filter(""));
    }

    fn wire_window(&mut self) {
        self.window.size_range(SMALLEST.0, SMALLEST.1, 0, 0);
        icon::put_on(&mut self.window);
        self.window.handle({
            let (sight, keys) = (Rc::clone(&self.sight), self.keys.clone());
            let talking = self.clone();
            move |window, event| {
                match event {
                    Event::KeyDown | Event::Shortcut if talking.dialog.overlay.is_open() => return true,
                    Event::KeyDown | Event::Shortcut => {
                        if keymap::part_key(&[keymap::CHOICE], event) == Some(PartKey::Escape) {
                            talking.clone().escape();
                            return true;
                        }
                        return keymap::send(&[keymap::WINDOW, keymap::TEXT_SIZE], event, &talking.dispatch)
                            || talking.clone().take_key(event);
                    }
                    Event::Focus => {
                        sight.set_in_front(true);
                        keys.come();
                    }
                    // FLTK tells this of every move from one field to another, too.
                    Event::Unfocus => sight.set_in_front(focus::has_keys(window)),
                    Event::Hide => sight.set_in_front(false),
                    _ => {}
                }
                false
            }
        });
        let mut talking = self.clone();
        // FLTK calls this for moves too, and more than once for each change.
        let last = Cell::new((self.window.w(), self.window.h()));
        self.window.resize_callback(move |window, _, _, w, h| {
            if last.replace((w, h)) == (w, h) {
                return;
            }
            talking.relayout();
            if window.shown() {
                let (w, h) = scale::at_usual_size((w, h), talking.shape.text_size.get());
                talking.dispatch.send(Message::Resized(w, h));
            }
        });
    }
}

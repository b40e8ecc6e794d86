//! How the talking window follows the state.

use fltk::prelude::*;

use crate::core::{ConversationId, Phase, State};
use crate::strings::{status, window as strings};
use crate::view::chat_window::conversation_list::Me;
use crate::view::chat_window::header::Header;
use crate::view::chat_window::layout::Layout;
use crate::view::chat_window::status_bar::Status;
use crate::view::chat_window::{ChatWindow, dialogs, member_list};
use crate::view::kit::{Face, Icon};

impl ChatWindow {
    /// Follows the state.
    pub(in crate::view) fn show(&mut self, state: &State) {
        let is_connected = state.session.phase == Phase::Talking;
        self.show_words(state, is_connected);
        self.show_people(state, is_connected);
        let place = &state.chat.conversations.place;
        let is_other_place = self.shape.place.replace(Some(place.clone())).is_some_and(|old| old != *place);
        let version = Some(state.chat.composer.version);
        let is_other_text = self.shape.text_version.replace(version) != version;
        // What was asked for stands where the people stand now.
        let wants_middle = is_other_place || is_other_text || self.find.is_asked(state.chat.find.as_ref());
        let hides_people = wants_middle && self.shape.shows_people.take();
        let needs_layout = self.composer.show(state) | self.render_bars(state) | hides_people;
        let closed_find = self.find.take_closed(state.chat.find.as_ref());
        if self.conversations.look(|rows| rows.differs(state)) {
            self.conversations.update(|rows| rows.set(state));
            // Another conversation may stand where the pointer is.
            self.tag.hide();
        }
        if is_other_place {
            self.conversations.reveal_chosen();
        }
        if needs_layout {
            self.relayout();
        }
        self.conversation.show(&state.chat.conversations, state.chat.find.as_ref());
        // Whoever opens a conversation wants to write in it; arrow keys go on through the list.
        if hides_people || closed_find || is_other_place && !self.conversations.widget.has_focus() {
            self.keys.give(&self.composer.input);
        }
        self.find.focus_if_asked(state.chat.find.as_ref());
        self.dialog.show(state.dialogs.shown().map(dialogs::content));
    }

    fn show_words(&mut self, state: &State, is_connected: bool) {
        let me = state.chat.roster.me.as_ref();
        let name = me.map(|me| me.name.as_str().to_owned()).unwrap_or_default();
        let address = me.map(|me| me.addr.to_string()).unwrap_or_default();
        let title = state.dialogs.shown().map_or_else(
            || status::title(state),
            // A window that is not in front says so that something is asked.
            |dialog| format!("{} — {}", dialogs::content(dialog).title, status::title(state)),
        );
        if self.window.label() != title {
            self.window.set_label(&title);
        }
        let Layout { is_narrow, header_buttons, .. } = *self.shape.layout.borrow();
        let note = (!is_narrow).then(|| strings::status_note(state.preferences.text_size()));
        self.status.set(Status { text: status::status(state), tone: state.session.phase.severity(), note });
        let (icon, tip) =
            if state.preferences.muted { (Icon::BellOff, strings::SOUND_ON) } else { (Icon::Bell, strings::SOUND_OFF) };
        self.sound.set(Face::icon(icon, tip));
        self.me.set(Me { name, address, is_connected });
        self.header.set(Header { buttons: header_buttons, ..header(state) });
    }

    fn show_people(&mut self, state: &State, is_connected: bool) {
        let version = Some((state.chat.roster.version, state.chat.roster.people.len(), is_connected));
        if self.shape.people_version.replace(version) != version {
            self.people.update(|people| {
                people.set(state.chat.roster.people.values(), state.chat.roster.me.as_ref());
                people.is_connected = is_connected;
            });
        }
        let count = (!self.shape.layout.borrow().folds_people).then_some(state.chat.roster.people.len());
        self.people_head.set(member_list::Head(count));
    }

    /// True if a bar came or went.
    fn render_bars(&mut self, state: &State) -> bool {
        for bar in self.bars() {
            bar.render(state);
        }
        let heights = self.bar_heights();
        self.shape.layout.borrow().bars.iter().map(|bar| bar.h).ne(heights)
    }
}

fn header(state: &State) -> Header {
    let (note, short_note) = match &state.chat.conversations.place {
        ConversationId::Room => (strings::ROOM_NOTE.to_owned(), strings::people(state.chat.roster.people.len())),
        ConversationId::Direct(name) => {
            let person = state.chat.roster.find(name);
            let address = person.map(|person| person.addr.to_string());
            let note = strings::private_note(name.as_str(), address.as_deref());
            (note, address.unwrap_or_default())
        }
    };
    Header { title: strings::place(&state.chat.conversations.place).to_owned(), note, short_note, buttons: 0 }
}

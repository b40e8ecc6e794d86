//! Layout of the chat window: the places of its widgets, and the state that decides on them.

use fltk::prelude::*;

use crate::view::chat_window::ChatWindow;
use crate::view::chat_window::layout::Layout;
use crate::view::kit::button::{Face, Kind};

impl ChatWindow {
    /// Puts everything where it belongs in a window of this size.
    pub(super) fn relayout(&mut self) {
        let (w, h) = (self.window.w(), self.window.h());
        let (composer, bars) = (self.composer.height(Layout::is_narrow(w)), self.bar_heights());
        let layout = Layout::new((w, h), composer, &bars, self.shape.shows_people.get());
        self.shape.layout.replace(layout.clone());
        self.place_middle(&layout);
        self.place_sides(&layout);
        self.status.resize(layout.status);
        self.menu.close();
        self.tag.hide();
        if self.dialog.overlay.is_open() {
            self.dialog.relayout();
        }
        self.window.redraw();
    }

    /// The heights that the bars ask for, from the top: 0 for one that is not to be seen.
    pub(super) fn bar_heights(&mut self) -> [i32; 2] {
        let w = self.window.w();
        let is_over_members = self.shape.shows_people.get() && Layout::folds_people(w);
        let height = if Layout::is_narrow(w) { 40 } else { 48 };
        self.bars().map(|bar| if bar.is_up(is_over_members) { height } else { 0 })
    }

    fn place_middle(&mut self, layout: &Layout) {
        let is_narrow = layout.is_narrow;
        self.header.resize(layout.header);
        self.search.resize(layout.search);
        self.save.resize(layout.save);
        self.sound.resize(layout.sound);
        self.theme.resize(layout.theme);
        self.people_button.resize(layout.people_button);
        for (bar, rect) in self.bars().into_iter().zip(&layout.bars) {
            bar.resize(*rect, is_narrow);
        }
        self.conversation.resize(layout.conversation, is_narrow);
        self.composer.resize(layout.composer, is_narrow);
    }

    fn place_sides(&mut self, layout: &Layout) {
        let folds_people = layout.folds_people;
        self.side_head.resize(layout.side_head);
        self.conversations.resize(layout.conversations);
        self.conversations.update(|rows| rows.is_narrow = layout.is_narrow);
        self.me.resize(layout.side_foot);
        self.people_head.resize(layout.people_head);
        self.filter.resize(layout.filter, 8);
        self.people.resize(layout.people);
        self.people.update(|people| people.replaces_conversation = folds_people);
        self.people_foot.resize(layout.people_foot);
        self.leave.resize(layout.leave);
        let kind = if folds_people { Kind::Icon } else { Kind::Quiet };
        self.leave.set(Face { kind, ..self.leave.face() });
        self.leave.set_ground(if folds_people { |colours| colours.ground } else { |colours| colours.side });
    }
}

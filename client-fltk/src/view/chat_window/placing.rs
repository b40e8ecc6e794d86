//! Where the talking window's widgets stand, and what decides about it.

use std::cell::{Cell, RefCell};

use fltk::prelude::*;

use crate::core::{ConversationId, TextStep};
use crate::strings::window as strings;
use crate::view::chat_window::ChatWindow;
use crate::view::chat_window::layout::{Demands, Layout};
use crate::view::kit::button::Kind;

/// What decides on the layout besides the size.
pub(super) struct Shape {
    pub(super) has_banner: Cell<bool>,
    pub(super) has_find: Cell<bool>,
    pub(super) shows_people: Cell<bool>,
    pub(super) layout: Cell<Layout>,
    /// In percent of the usual.
    pub(super) text_size: Cell<u16>,
    pub(super) place: RefCell<Option<ConversationId>>,
    /// [`crate::core::Composer::version`] of what the field was last given.
    pub(super) text_version: Cell<Option<u64>>,
    pub(super) people_version: Cell<Option<(u64, usize, bool)>>,
}

impl Default for Shape {
    fn default() -> Shape {
        Shape {
            has_banner: Cell::default(),
            has_find: Cell::default(),
            shows_people: Cell::default(),
            layout: Cell::default(),
            text_size: Cell::new(TextStep::USUAL),
            place: RefCell::default(),
            text_version: Cell::default(),
            people_version: Cell::default(),
        }
    }
}

impl ChatWindow {
    /// Puts everything where it belongs in a window of this size.
    pub(super) fn relayout(&mut self) {
        let (w, h) = (self.window.w(), self.window.h());
        let is_narrow = Layout::new(w, h, Demands::default()).is_narrow;
        let demands = Demands {
            composer: self.composer.height(is_narrow),
            has_banner: self.shape.has_banner.get(),
            has_find: self.shape.has_find.get(),
            shows_people: self.shape.shows_people.get(),
        };
        let layout = Layout::new(w, h, demands);
        self.shape.layout.set(layout);
        self.place_middle(&layout);
        self.place_sides(&layout);
        self.status.resize(layout.status);
        self.menu.close();
        self.tag.hide();
        self.help.relayout();
        self.window.redraw();
    }

    fn place_middle(&mut self, layout: &Layout) {
        let is_narrow = layout.is_narrow;
        self.header.resize(layout.header);
        self.search.resize(layout.search);
        self.save.resize(layout.save);
        self.sound.resize(layout.sound);
        self.theme.resize(layout.theme);
        self.people_button.resize(layout.people_button);
        self.banner.resize(layout.banner);
        self.retry.resize(layout.retry);
        self.find.resize(layout.find);
        self.conversation.resize(layout.conversation, is_narrow);
        if layout.composer.h > 0 {
            self.composer.resize(layout.composer, is_narrow);
        } else {
            self.composer.hide();
        }
    }

    fn place_sides(&mut self, layout: &Layout) {
        let folds_people = layout.folds_people;
        self.side_head.resize(layout.side_head);
        self.conversations.resize(layout.conversations);
        self.conversations.update(|rows| rows.set_narrow(layout.is_narrow));
        self.me.resize(layout.side_foot);
        self.people_head.resize(layout.people_head);
        self.filter.resize(layout.filter, 8);
        self.people.resize(layout.people);
        self.people.update(|people| people.replaces_conversation = folds_people);
        self.people_foot.resize(layout.people_foot);
        self.leave.resize(layout.leave);
        self.leave.set_kind(if folds_people { Kind::Icon } else { Kind::Quiet });
        self.leave.set_text(if folds_people { "" } else { strings::LEAVE });
        self.leave.set_tooltip(if folds_people { strings::LEAVE } else { "" });
        self.leave.set_ground(if folds_people { |colours| colours.ground } else { |colours| colours.side });
    }
}

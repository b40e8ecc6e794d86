//! The talking window.

pub(crate) mod banner;
pub(crate) mod bar;
pub(crate) mod callbacks;
pub(crate) mod conversation_list;
mod dialogs;
pub(crate) mod find_bar;
pub(crate) mod header;
pub(crate) mod layout;
pub(crate) mod member_list;
mod menus;
mod placing;
pub(crate) mod render;
mod shape;
pub(crate) mod status_bar;

use std::rc::Rc;

use fltk::app::Screen;
use fltk::prelude::*;
use fltk::window::DoubleWindow;

use crate::core::{Severity, State, TextStep};
use crate::dispatch::Dispatch;
use crate::platform::urgency;
use crate::strings::window as strings;
use crate::view::chat_window::banner::Banner;
use crate::view::chat_window::bar::Bar;
use crate::view::chat_window::conversation_list::{Conversations, Me};
use crate::view::chat_window::find_bar::FindBar;
use crate::view::chat_window::header::Header;
use crate::view::chat_window::member_list::People;
use crate::view::chat_window::shape::Shape;
use crate::view::chat_window::status_bar::Status;
use crate::view::composer::Composer;
use crate::view::kit::rect::within;
use crate::view::kit::{
    Accessible, Button, Dialog, Face, Field, FocusKeeper, Icon, List, Menu, Panel, RowTooltip, Tree, field, palette,
    scale, tell_all, theme,
};
use crate::view::timeline::Conversation;
use crate::view::timeline::read_tracker::ReadTracker;

/// The size before anybody chose one, and the smallest.
const SIZE: (i32, i32) = (1100, 720);
const SMALLEST: (i32, i32) = (480, 320);

/// The window. A clone is another handle of the same one.
#[derive(Clone)]
pub(super) struct ChatWindow {
    pub(super) window: DoubleWindow,
    side_head: Panel<conversation_list::Head>,
    conversations: List<Conversations>,
    me: Panel<Me>,
    header: Panel<Header>,
    search: Button,
    save: Button,
    sound: Button,
    theme: Button,
    people_button: Button,
    banner: Banner,
    find: FindBar,
    conversation: Conversation,
    composer: Composer,
    people_head: Panel<member_list::Head>,
    filter: Field,
    people: List<People>,
    people_foot: Panel<member_list::Foot>,
    leave: Button,
    status: Panel<Status>,
    tag: RowTooltip,
    menu: Menu,
    dialog: Dialog,
    keys: FocusKeeper,
    shape: Rc<Shape>,
    sight: Rc<ReadTracker>,
    dispatch: Dispatch,
}

impl ChatWindow {
    /// Builds it, hidden.
    pub(super) fn new(dispatch: Dispatch) -> ChatWindow {
        let window = DoubleWindow::default().with_size(SIZE.0, SIZE.1).with_label(strings::PAPO);
        let sight = Rc::new(ReadTracker::new(dispatch.clone()));
        let mut talking = ChatWindow {
            side_head: Panel::new(conversation_list::Head),
            conversations: List::new(Conversations::new()),
            me: Panel::new(Me::default()),
            header: Panel::new(Header::default()),
            search: icon_button(Icon::Search, strings::FIND),
            save: icon_button(Icon::Download, strings::SAVE),
            sound: icon_button(Icon::Bell, strings::SOUND_OFF),
            theme: icon_button(Icon::Moon, strings::DARK),
            people_button: icon_button(Icon::People, strings::SHOW_PEOPLE),
            banner: Banner::new(),
            find: FindBar::new(),
            conversation: Conversation::new(dispatch.clone(), Rc::clone(&sight)),
            composer: Composer::new(),
            people_head: Panel::new(member_list::Head(None)),
            filter: Field::new(field::Kind::Search, strings::FILTER, strings::FILTER),
            people: List::new(People::default()),
            people_foot: Panel::new(member_list::Foot),
            leave: icon_button(Icon::Exit, strings::LEAVE),
            status: Panel::new(Status { text: String::new(), tone: Severity::Waiting, note: None }),
            tag: RowTooltip::new(),
            menu: Menu::new(),
            dialog: Dialog::new(&dispatch),
            keys: FocusKeeper::new(&window),
            window,
            shape: Rc::default(),
            sight,
            dispatch,
        };
        talking.window.end();
        talking.keys.set_overlays(&[&talking.menu.overlay, &talking.dialog.overlay], &[&talking.tag.widget]);
        talking.shape.text_size.set(TextStep::USUAL);
        talking.wire();
        talking.relayout();
        talking
    }

    /// Gives it its size, before it is shown for the first time: no larger than the screen, which may be another one
    /// than the last time.
    pub(super) fn set_size(&mut self, size: Option<(i32, i32)>) {
        let screen = Screen::work_area_mouse();
        let (w, h) = within(size.unwrap_or(SIZE), SMALLEST, (screen.w, screen.h));
        self.window.set_size(w, h);
        self.relayout();
    }

    /// Where it stands.
    pub(super) fn place(&self) -> scale::WindowPlacement {
        scale::WindowPlacement::of(&self.window)
    }

    /// Keeps its place `before` now that everything is drawn at `text_size` percent.
    pub(super) fn rescale(&mut self, before: scale::WindowPlacement, text_size: u16) {
        let rect = before.rescaled(self.shape.text_size.replace(text_size), text_size, SMALLEST);
        self.conversation.remeasure();
        if self.window.shown() {
            self.window.resize(rect.x, rect.y, rect.w, rect.h);
        } else {
            // The first place is for the system to choose.
            self.window.set_size(rect.w, rect.h);
        }
        self.relayout();
    }

    /// Shows it if it is not up.
    pub(super) fn open(&mut self) {
        if !self.window.shown() {
            self.window.show();
            self.keys.give(&self.composer.input);
        }
    }

    /// Hides it if it is up.
    pub(super) fn close(&mut self) {
        if self.window.shown() {
            self.menu.close();
            self.window.hide();
            self.clear_filter();
            self.show_middle();
        }
    }

    /// Tells screen readers of its parts, from top to bottom; what stands over them comes last.
    pub(super) fn tell(&self, state: &State, tree: &mut Tree) {
        let above: &[&dyn Accessible] = &[
            &self.conversations,
            &self.header,
            &self.search,
            &self.save,
            &self.sound,
            &self.theme,
            &self.people_button,
            &self.banner,
            &self.find,
        ];
        tell_all(above, tree);
        self.conversation.tell(state.chat.conversations.shown(), tree);
        let below: &[&dyn Accessible] = &[
            &self.composer,
            &self.filter,
            &self.people,
            &self.leave,
            &self.me,
            &self.status,
            &self.menu,
            &self.dialog,
        ];
        tell_all(below, tree);
    }

    /// The focus goes on from the text field.
    pub(super) fn focus_next(&mut self) {
        let next = [
            self.composer.send.widget.as_base_widget(),
            self.banner.retry.widget.as_base_widget(),
            self.filter.input.as_base_widget(),
            self.people_button.widget.as_base_widget(),
            self.leave.widget.as_base_widget(),
        ];
        // What is not in sight or cannot be pressed does not take it.
        let _ = next.into_iter().any(|mut widget| widget.take_focus().is_ok());
    }

    /// The window as [`urgency`](crate::platform::urgency) knows it, while it is up.
    pub(super) fn handle(&self) -> Option<u64> {
        self.window.shown().then(|| urgency::handle_of(&self.window)).flatten()
    }

    /// Takes the colours of the look.
    pub(super) fn dress(&mut self) {
        let (icon, tip) = if theme::is_dark() { (Icon::Sun, strings::LIGHT) } else { (Icon::Moon, strings::DARK) };
        self.theme.set(Face::icon(icon, tip));
        self.window.set_color(palette().ground);
        self.filter.dress();
        self.find.dress();
        self.composer.dress();
        self.dialog.dress();
        self.window.redraw();
    }

    /// The bars above the conversation, from the top.
    fn bars(&mut self) -> [&mut dyn Bar; 2] {
        [&mut self.banner, &mut self.find]
    }

    fn toggle_people(&mut self) {
        self.shape.shows_people.set(!self.shape.shows_people.get());
        self.relayout();
    }

    /// The conversation and the field again, if the people stand there; whether they did.
    fn show_middle(&mut self) -> bool {
        let hides_people = self.shape.layout.borrow().folds_people && self.shape.shows_people.take();
        if hides_people {
            self.relayout();
        }
        hides_people
    }

    /// Out of whatever one is in: to the end of the conversation.
    fn escape(&mut self) {
        if self.show_middle() {
            self.keys.give(&self.composer.input);
        }
        self.conversation.scroll_to_end();
    }
}

fn icon_button(icon: Icon, tooltip: &'static str) -> Button {
    Button::new(Face::icon(icon, tooltip), |colours| colours.ground)
}

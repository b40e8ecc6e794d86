//! The talking window.

use std::cell::Cell;
use std::rc::Rc;

use fltk::app::{self, Sender};
use fltk::enums::{Event, Key};
use fltk::prelude::*;
use fltk::window::DoubleWindow;

use super::bars::{self, Header, Status};
use super::button::{Button, Kind};
use super::composer::Composer;
use super::conversation::Conversation;
use super::field::{self, Field};
use super::geometry::Rect;
use super::icon::{self, Icon};
use super::layout::{Demands, Layout};
use super::list::{Action, List};
use super::menu::{Entry, Menu};
use super::panel::Panel;
use super::people::{self, People};
use super::side::{self, Conversations, Me};
use super::sight::Sight;
use super::theme::{self, palette};
use crate::message::Message;
use crate::state::{Person, Phase, Place, State};
use crate::strings::window as strings;

/// The size before anybody chose one, and the smallest.
const SIZE: (i32, i32) = (1100, 720);
const SMALLEST: (i32, i32) = (480, 320);

/// The window. A clone is another handle of the same one.
#[derive(Clone)]
pub(super) struct Talking {
    pub(super) window: DoubleWindow,
    side_head: Panel<()>,
    conversations: List<Conversations>,
    me: Panel<Me>,
    header: Panel<Header>,
    theme: Button,
    people_button: Button,
    banner: Panel<String>,
    retry: Button,
    conversation: Conversation,
    composer: Composer,
    people_head: Panel<Option<usize>>,
    filter: Field,
    people: List<People>,
    people_foot: Panel<()>,
    leave: Button,
    status: Panel<Status>,
    menu: Menu,
    shape: Rc<Shape>,
    sight: Rc<Sight>,
    sender: Sender<Message>,
}

/// What decides on the layout besides the size.
#[derive(Default)]
struct Shape {
    has_banner: Cell<bool>,
    shows_people: Cell<bool>,
    is_narrow: Cell<bool>,
    people_version: Cell<Option<(u64, usize, bool)>>,
}

impl Talking {
    /// Builds it, hidden.
    pub(super) fn new(sender: Sender<Message>) -> Talking {
        let mut window = DoubleWindow::default().with_size(SIZE.0, SIZE.1).with_label(strings::PAPO);
        let sight = Rc::new(Sight::new(sender));
        let mut talking = Talking {
            side_head: Panel::new((), |&(), rect| side::paint_head(rect)),
            conversations: List::new(Conversations::new()),
            me: Panel::new(Me::default(), Me::paint),
            header: Panel::new(Header::default(), Header::paint),
            theme: Button::new(Kind::Icon, Some(Icon::Moon), "", |colours| colours.ground),
            people_button: Button::new(Kind::Icon, Some(Icon::People), "", |colours| colours.ground),
            banner: Panel::new(String::new(), bars::paint_banner),
            retry: Button::new(Kind::Warning, None, strings::RETRY, |colours| colours.warning_ground),
            conversation: Conversation::new(sender, Rc::clone(&sight)),
            composer: Composer::new(sender),
            people_head: Panel::new(None, people::paint_head),
            filter: Field::new(field::Kind::Search, strings::FILTER),
            people: List::new(People::new()),
            people_foot: Panel::new((), |&(), rect| people::paint_foot(rect)),
            leave: Button::new(Kind::Quiet, Some(Icon::Exit), strings::LEAVE, |colours| colours.side),
            status: Panel::new(Status::default(), Status::paint),
            menu: Menu::new(&mut window),
            window,
            shape: Rc::default(),
            sight,
            sender,
        };
        talking.window.end();
        talking.wire();
        talking.relayout();
        talking
    }

    fn wire(&mut self) {
        let sender = self.sender;
        self.window.set_callback(move |_| {
            // FLTK closes a window on Esc, which here leads to the end of the conversation.
            if app::event() != Event::Shortcut && app::event_key() != Key::Escape {
                sender.send(Message::Leave);
            }
        });
        self.leave.on_click(move || sender.send(Message::Leave));
        self.theme.on_click(move || sender.send(Message::ToggleTheme));
        self.retry.on_click(move || sender.send(Message::RetryNow));
        let talking = self.clone();
        self.people_button.on_click(move || talking.clone().toggle_people());
        let mut people = self.people.clone();
        self.filter.on_edit(move |filter| people.update(|people| people.set_filter(&filter)));
        self.filter.on_event(|event| field::is_key(event, &[Key::Escape]));
        let talking = self.clone();
        self.composer.wire(sender, self.conversation.clone(), move || talking.clone().relayout());
        let conversations = self.conversations.clone();
        self.conversations.on_action(move |action| {
            if let Action::Choose(row) | Action::Open(row) = action
                && let Some(place) = conversations.look(|rows| rows.place(row).cloned())
            {
                sender.send(Message::Show(place));
            }
        });
        self.wire_people();
        self.wire_window();
    }

    fn wire_people(&mut self) {
        let sender = self.sender;
        let (people, menu) = (self.people.clone(), self.menu.clone());
        self.people.on_action(move |action| {
            let (Action::Choose(row) | Action::Open(row) | Action::Menu(row, _)) = action;
            let found = people.look(|people| people.person(row).map(|person| (person.clone(), people.is_me(person))));
            match (action, found) {
                (Action::Open(_), Some((person, false))) => sender.send(Message::Whisper(person.name)),
                (Action::Menu(_, at), Some((person, is_me))) => {
                    open_menu(&mut menu.clone(), &person, is_me, at, sender);
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
            let sight = Rc::clone(&self.sight);
            move |_, event| {
                match event {
                    Event::Focus => sight.set_in_front(true),
                    Event::Unfocus | Event::Hide => sight.set_in_front(false),
                    _ => {}
                }
                false
            }
        });
        let mut talking = self.clone();
        let sender = self.sender;
        self.window.resize_callback(move |_, _, _, w, h| {
            talking.relayout();
            sender.send(Message::Resized(w, h));
        });
    }

    /// Gives it its size, before it is shown for the first time.
    pub(super) fn set_size(&mut self, size: Option<(i32, i32)>) {
        let (w, h) = size.unwrap_or(SIZE);
        self.window.set_size(w.max(SMALLEST.0), h.max(SMALLEST.1));
        self.relayout();
    }

    /// Shows it if it is not up.
    pub(super) fn open(&mut self) {
        if !self.window.shown() {
            self.window.show();
            self.composer.input.take_focus().ok();
        }
    }

    /// Hides it if it is up.
    pub(super) fn close(&mut self) {
        if self.window.shown() {
            self.menu.close();
            self.window.hide();
            self.conversation.reset();
        }
    }

    /// Takes the colours of the look.
    pub(super) fn dress(&mut self) {
        self.theme.set_icon(Some(if theme::is_dark() { Icon::Sun } else { Icon::Moon }));
        self.window.set_color(palette().ground);
        self.filter.dress();
        self.composer.dress();
        self.window.redraw();
    }

    /// Follows the state.
    pub(super) fn show(&mut self, state: &State) {
        let is_connected = state.phase == Phase::Talking;
        self.show_words(state, is_connected);
        self.show_people(state, is_connected);
        let needs_layout = self.composer.show(state) | self.show_banner(&state.phase);
        if self.conversations.look(|rows| rows.differs(state)) {
            self.conversations.update(|rows| rows.set(state));
        }
        if needs_layout {
            self.relayout();
        }
        let shown = state.conversations.iter().find(|conversation| conversation.place == state.place);
        if let Some(shown) = shown {
            self.conversation.show(shown);
        }
    }

    fn show_words(&mut self, state: &State, is_connected: bool) {
        let me = state.me.as_ref();
        let name = me.map(|me| me.name.as_str().to_owned()).unwrap_or_default();
        let address = me.map(|me| me.addr.to_string()).unwrap_or_default();
        let unread = state.conversations.iter().map(|conversation| conversation.unread).sum();
        let title = strings::title(unread, &name, &address);
        if self.window.label() != title {
            self.window.set_label(&title);
        }
        let server = &state.entering.server;
        let text = match state.phase {
            Phase::Lost { attempt, .. } => strings::disconnected(server, attempt),
            _ => strings::connected(server, state.people.len()),
        };
        self.status.set(Status { text, is_connected });
        self.me.set(Me { name, address, is_connected });
        let is_narrow = self.shape.is_narrow.get();
        self.header.set(Header { buttons: if is_narrow { 112 } else { 58 }, ..header(state) });
    }

    fn show_people(&mut self, state: &State, is_connected: bool) {
        let version = Some((state.people_version, state.people.len(), is_connected));
        if self.shape.people_version.replace(version) != version {
            self.people.update(|people| {
                people.set(&state.people, state.me.as_ref());
                people.is_connected = is_connected;
            });
        }
        let count = (!self.shape.is_narrow.get()).then_some(state.people.len());
        self.people_head.set(count);
    }

    /// True if the banner came or went.
    fn show_banner(&mut self, phase: &Phase) -> bool {
        let detail = match phase {
            Phase::Lost { retry_in: Some(seconds), .. } => strings::reconnecting_in(*seconds),
            Phase::Lost { retry_in: None, .. } => strings::RECONNECTING.to_owned(),
            _ => String::new(),
        };
        let is_up = !detail.is_empty();
        if is_up {
            self.banner.set(detail);
        }
        self.retry.set_active(matches!(phase, Phase::Lost { retry_in: Some(_), .. }));
        self.shape.has_banner.replace(is_up) != is_up
    }

    fn toggle_people(&mut self) {
        self.shape.shows_people.set(!self.shape.shows_people.get());
        self.relayout();
    }

    /// Puts everything where it belongs in a window of this size.
    fn relayout(&mut self) {
        let (w, h) = (self.window.w(), self.window.h());
        let is_narrow = Layout::new(w, h, Demands::default()).is_narrow;
        let demands = Demands {
            composer: self.composer.height(is_narrow),
            has_banner: self.shape.has_banner.get(),
            shows_people: self.shape.shows_people.get(),
        };
        let layout = Layout::new(w, h, demands);
        self.shape.is_narrow.set(is_narrow);
        self.place_middle(&layout);
        self.place_sides(&layout);
        self.status.resize(layout.status);
        self.menu.close();
        self.window.redraw();
    }

    fn place_middle(&mut self, layout: &Layout) {
        let is_narrow = layout.is_narrow;
        self.header.resize(layout.header);
        self.theme.resize(layout.theme);
        self.people_button.resize(layout.people_button);
        self.people_button.set_visible(is_narrow);
        self.banner.resize(layout.banner);
        self.banner.set_visible(layout.banner.h > 0);
        self.retry.resize(layout.retry);
        self.retry.set_visible(layout.banner.h > 0);
        let shows_conversation = layout.conversation.h > 0;
        self.composer.set_visible(shows_conversation);
        if shows_conversation {
            self.composer.resize(layout.composer, is_narrow);
            self.conversation.resize(layout.conversation, is_narrow);
            self.conversation.widget.show();
        } else {
            self.conversation.widget.hide();
        }
    }

    fn place_sides(&mut self, layout: &Layout) {
        let is_narrow = layout.is_narrow;
        self.side_head.resize(layout.side_head);
        self.conversations.resize(layout.conversations);
        self.conversations.update(|rows| rows.set_narrow(is_narrow));
        self.me.resize(layout.side_foot);
        self.people_head.resize(layout.people_head);
        self.filter.resize(layout.filter, 8);
        self.filter.set_visible(layout.filter.h > 0);
        self.people.resize(layout.people);
        self.people_foot.resize(layout.people_foot);
        self.leave.resize(layout.leave);
        self.leave.set_kind(if is_narrow { Kind::Icon } else { Kind::Quiet });
        self.leave.set_text(if is_narrow { "" } else { strings::LEAVE });
        self.leave.set_ground(if is_narrow { |colours| colours.ground } else { |colours| colours.side });
    }
}

fn header(state: &State) -> Header {
    let (note, short_note) = match &state.place {
        Place::Room => (strings::ROOM_NOTE.to_owned(), strings::people(state.people.len())),
        Place::Private(name) => {
            let person = state.people.iter().find(|person| person.name == *name);
            let address = person.map(|person| person.addr.to_string());
            let note = strings::private_note(name.as_str(), address.as_deref());
            (note, address.unwrap_or_default())
        }
    };
    Header { title: side::title(&state.place).to_owned(), note, short_note, buttons: 0 }
}

fn open_menu(menu: &mut Menu, person: &Person, is_me: bool, at: (i32, i32), sender: Sender<Message>) {
    let entry = |icon, text: &str, hint: &str, action: Box<dyn Fn()>| Entry {
        icon: Some(icon),
        text: text.to_owned(),
        hint: hint.to_owned(),
        action,
    };
    let (name, address) = (person.name.as_str().to_owned(), person.addr.to_string());
    let mut entries = Vec::new();
    if !is_me {
        let to = person.name.clone();
        let whisper = move || sender.send(Message::Whisper(to.clone()));
        entries.push(entry(Icon::Lock, strings::WHISPER, strings::WHISPER_HINT, Box::new(whisper)));
        let whom = person.name.clone();
        let mention = move || sender.send(Message::Mention(whom.clone()));
        entries.push(entry(Icon::At, strings::MENTION, "", Box::new(mention)));
    }
    entries.push(entry(Icon::Copy, strings::COPY_NAME, "", Box::new(move || app::copy(&name))));
    entries.push(entry(Icon::Copy, strings::COPY_ADDRESS, "", Box::new(move || app::copy(&address))));
    menu.open(Rect::new(at.0, at.1, 304, 0), 36, entries);
}

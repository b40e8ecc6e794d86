//! Text fields: FLTK's input in a frame of ours.

use std::cell::RefCell;
use std::rc::Rc;

use accesskit::{Invalid, Node, NodeId, Role};
use fltk::app;
use fltk::enums::{CallbackTrigger, Event, FrameType, Key};
use fltk::input::Input;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::{Tree, part_id};
use crate::view::kit::accessible::{Accessible, placed, told};
use crate::view::kit::draw;
use crate::view::kit::draw::BODY;
use crate::view::kit::graphemes;
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::panel::place;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme;
use crate::view::kit::theme::palette;

/// The height of a line in an input.
pub(crate) fn line_height() -> i32 {
    BODY.select();
    fltk::draw::height()
}

/// What a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// On the ground, with an edge.
    Plain,
    /// Raised, with an icon and without an edge.
    Search,
    /// What stands in it is wrong.
    Wrong,
}

/// A field of one line.
#[derive(Clone)]
pub(crate) struct Field {
    frame: Widget,
    pub(crate) input: Input,
    id: NodeId,
    name: &'static str,
    kind: Rc<RefCell<Kind>>,
}

impl Field {
    /// An empty field, which says `placeholder` for as long as it is; screen readers call it `name`.
    pub(crate) fn new(kind: Kind, name: &'static str, placeholder: &'static str) -> Field {
        let mut frame = Widget::default();
        let mut input = Input::default();
        dress(&mut input);
        let kind = Rc::new(RefCell::new(kind));
        frame.draw({
            let (kind, input) = (Rc::clone(&kind), input.clone());
            move |frame| paint_frame(*kind.borrow(), Rect::of(frame), input.has_focus())
        });
        input.draw(move |input| {
            if input.value().is_empty() {
                let baseline = BODY.baseline(input.y(), input.h());
                draw::fitted(placeholder, BODY, palette().soft, input.x() + 3, baseline, input.w() - 6);
            }
        });
        let mut field = Field { frame, input, id: part_id(), name, kind };
        field.dress();
        field
    }

    /// Passes events on to `ours` before FLTK's input sees them; true keeps them from it.
    pub(crate) fn on_event(&mut self, mut ours: impl FnMut(Event) -> bool + 'static) {
        self.input.super_handle_first(false);
        self.input.handle(move |input, event| {
            if matches!(event, Event::Focus | Event::Unfocus) {
                redraw_around(input);
            }
            ours(event) || graphemes::handle(input, event)
        });
    }

    /// What happens at each edit; one expression.
    pub(crate) fn on_edit(&mut self, mut action: impl FnMut(String) + 'static) {
        self.input.set_trigger(CallbackTrigger::Changed);
        self.input.set_callback(move |input| action(input.value()));
    }

    /// Gives it its place, leaving `right` pixels free inside; without one it is hidden.
    pub(crate) fn resize(&mut self, rect: Rect, right: i32) {
        place(&mut self.frame, rect);
        let left = if *self.kind.borrow() == Kind::Search { 32 } else { 10 };
        let height = line_height().min(rect.h);
        place(&mut self.input, Rect::new(rect.x + left, rect.y + (rect.h - height) / 2, rect.w - left - right, height));
    }

    /// Changes its look.
    pub(crate) fn set_kind(&mut self, kind: Kind) {
        if self.kind.replace(kind) != kind {
            self.dress();
            redraw_around(&self.input);
        }
    }

    /// Takes the colours of the look.
    pub(crate) fn dress(&mut self) {
        let ground = match *self.kind.borrow() {
            Kind::Plain => palette().ground,
            Kind::Search => palette().raised,
            Kind::Wrong => palette().error_ground,
        };
        self.input.set_color(ground);
        colour(&mut self.input);
        if self.input.readonly() {
            // FLTK keeps a caret there, of another form.
            self.input.set_cursor_color(ground);
        }
    }

    /// Lets it be edited, or not.
    pub(crate) fn set_readonly(&mut self, is_readonly: bool) {
        self.input.set_readonly(is_readonly);
        self.dress();
        self.input.redraw();
    }
}

impl Accessible for Field {
    fn tell(&self, tree: &mut Tree) {
        let kind = *self.kind.borrow();
        let role = if kind == Kind::Search { Role::SearchInput } else { Role::TextInput };
        tell_input(self.id, role, self.name, (&self.frame, &self.input), tree, |node| {
            if kind == Kind::Wrong {
                node.set_invalid(Invalid::True);
            }
        });
    }
}

/// Tells of an input in its frame, if it is in sight; `dress` adds what is particular about it.
pub(crate) fn tell_input<I: InputExt + Clone + 'static>(
    id: NodeId,
    role: Role,
    name: &str,
    (frame, input): (&Widget, &I),
    tree: &mut Tree,
    dress: impl FnOnce(&mut Node),
) {
    if !input.visible_r() {
        return;
    }
    let mut node = placed(told(id, role, name, input, tree), Rect::of(frame));
    if input.readonly() {
        node.set_read_only();
    }
    dress(&mut node);
    let ends = (input.mark().max(0) as usize, input.position().max(0) as usize);
    let field = input.clone();
    tree.add_text(id, node, &input.value(), ends, move |mark, caret| graphemes::put(&mut field.clone(), caret, mark));
}

/// Whether an event is one of these keys going down.
pub(crate) fn is_key(event: Event, keys: &[Key]) -> bool {
    event == Event::KeyDown && keys.contains(&app::event_key())
}

/// What all inputs have in common.
pub(crate) fn dress(input: &mut impl InputExt) {
    input.set_frame(FrameType::FlatBox);
    input.set_text_font(theme::REGULAR);
    input.set_text_size(14);
    input.set_tab_nav(true);
    colour(input);
}

/// The colours of text, caret and selection.
pub(crate) fn colour(input: &mut impl InputExt) {
    input.set_text_color(palette().text);
    input.set_cursor_color(palette().accent);
    input.set_selection_color(palette().mark);
}

/// Draws everything anew: the frame of an input lies under it.
pub(crate) fn redraw_around(widget: &impl WidgetExt) {
    if let Some(mut window) = widget.window() {
        window.redraw();
    }
}

fn paint_frame(kind: Kind, rect: Rect, has_focus: bool) {
    let colours = palette();
    match kind {
        Kind::Search => {
            draw::fill(rect, colours.side);
            if has_focus {
                draw::edged(rect, draw::RADIUS, colours.accent, 2, colours.raised);
            } else {
                draw::rounded(rect, draw::RADIUS, colours.raised);
            }
            icon::draw(Icon::Search, 14, colours.soft, Rect::new(rect.x + 11, rect.y, 14, rect.h));
        }
        Kind::Plain | Kind::Wrong => {
            draw::fill(rect, colours.ground);
            let (edge, ground) = match (kind, has_focus) {
                (Kind::Wrong, _) => (colours.error, colours.error_ground),
                (_, true) => (colours.accent, colours.ground),
                (_, false) => (colours.edge, colours.ground),
            };
            let thickness = if has_focus || kind == Kind::Wrong { 2 } else { 1 };
            draw::edged(rect, draw::RADIUS, edge, thickness, ground);
        }
    }
}

//! Text fields: FLTK's input in a frame of ours.

use std::cell::Cell;
use std::rc::Rc;

use accesskit::{Invalid, Node, NodeId, Role};
use fltk::enums::{CallbackTrigger, Event, FrameType};
use fltk::input::Input;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::view::kit::{
    Accessible, BODY, Icon, Rect, Tree, draw, graphemes, icon, palette, part_id, place, placed, redraw_window, theme,
    told,
};

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

/// A field of one line. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Field {
    frame: Widget,
    pub(crate) input: Input,
    id: NodeId,
    name: &'static str,
    kind: Rc<Cell<Kind>>,
}

impl Field {
    /// An empty field, which says `placeholder` for as long as it is; screen readers call it `name`.
    pub(crate) fn new(kind: Kind, name: &'static str, placeholder: &'static str) -> Field {
        let kind = Rc::new(Cell::new(kind));
        let shown = Rc::clone(&kind);
        let paint = move |rect, has_focus| paint_frame(shown.get(), rect, has_focus);
        let (frame, input) = framed(paint, || placeholder.to_owned());
        let mut field = Field { frame, input, id: part_id(), name, kind };
        field.dress();
        field
    }

    /// Gives it its place, leaving `right` pixels free inside; without one it is hidden.
    pub(crate) fn resize(&mut self, rect: Rect, right: i32) {
        place(&mut self.frame, rect);
        let left = if self.kind.get() == Kind::Search { 32 } else { 10 };
        let line = rect.middle(line_height().min(rect.h));
        place(&mut self.input, Rect { x: rect.x + left, w: rect.w - left - right, ..line });
    }

    /// Changes its look.
    pub(crate) fn set_kind(&mut self, kind: Kind) {
        if self.kind.replace(kind) != kind {
            self.dress();
            redraw_window(&self.input);
        }
    }

    /// Takes the colours of the look.
    pub(crate) fn dress(&mut self) {
        let ground = match self.kind.get() {
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
        let kind = self.kind.get();
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

/// An input in its frame. `paint` draws the frame, told whether the input has the focus; `placeholder` stands in the input
/// while it is empty.
pub(crate) fn framed<I>(paint: impl Fn(Rect, bool) + 'static, placeholder: impl Fn() -> String + 'static) -> (Widget, I)
where
    I: InputExt + WidgetBase + Default + Clone + 'static,
{
    let (mut frame, mut input) = (Widget::default(), I::default());
    input.set_frame(FrameType::FlatBox);
    input.set_text_font(theme::REGULAR);
    input.set_text_size(14);
    input.set_tab_nav(true);
    let inner = input.clone();
    frame.draw(move |frame| paint(Rect::of(frame), inner.has_focus()));
    input.draw(move |input| {
        if input.value().is_empty() {
            let baseline = BODY.baseline(input.y(), line_height());
            draw::fitted(&placeholder(), BODY, palette().soft, input.x() + 3, baseline, input.w() - 6);
        }
    });
    (frame, input)
}

/// Passes events on to `ours` before FLTK's input sees them; true keeps them from it.
pub(crate) fn on_event(input: &mut (impl InputExt + WidgetBase), mut ours: impl FnMut(Event) -> bool + 'static) {
    input.super_handle_first(false);
    input.handle(move |input, event| {
        if matches!(event, Event::Focus | Event::Unfocus) {
            redraw_window(input);
        }
        ours(event) || graphemes::handle(input, event)
    });
}

/// Sets what happens at each edit; one expression.
pub(crate) fn on_edit(input: &mut impl InputExt, mut action: impl FnMut(String) + 'static) {
    input.set_trigger(CallbackTrigger::Changed);
    input.set_callback(move |input| action(input.value()));
}

/// Replaces the text, and puts the caret behind byte `caret`.
pub(crate) fn put(input: &mut impl InputExt, text: &str, caret: usize) {
    input.set_value(text);
    input.set_position(caret as i32).ok();
}

/// The colours of text, caret and selection.
pub(crate) fn colour(input: &mut impl InputExt) {
    input.set_text_color(palette().text);
    input.set_cursor_color(palette().accent);
    input.set_selection_color(palette().mark);
}

fn paint_frame(kind: Kind, rect: Rect, has_focus: bool) {
    let colours = palette();
    let (around, ground, edge) = match kind {
        Kind::Search => (colours.side, colours.raised, colours.raised),
        Kind::Wrong => (colours.ground, colours.error_ground, colours.error),
        Kind::Plain => (colours.ground, colours.ground, colours.edge),
    };
    draw::fill(rect, around);
    let edge = if has_focus && kind != Kind::Wrong { colours.accent } else { edge };
    let thickness = if has_focus || kind == Kind::Wrong { 2 } else { 1 };
    draw::edged(rect, draw::RADIUS, edge, thickness, ground);
    if kind == Kind::Search {
        icon::draw(Icon::Search, 14, colours.soft, Rect { x: rect.x + 11, w: 14, ..rect });
    }
}

//! Buttons in our look. Their behaviour is FLTK's: clicks, keys, focus.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use accesskit::{NodeId, Role};
use fltk::app;
use fltk::button::Button as FltkButton;
use fltk::draw as canvas;
use fltk::enums::{Color, Event, FrameType, Key};
use fltk::misc::Tooltip;
use fltk::prelude::*;
use fltk::widget::Widget;

use crate::accessibility::tree::{Tree, part_id};
use crate::view::kit::accessible::{Accessible, told};
use crate::view::kit::draw;
use crate::view::kit::draw::NAME;
use crate::view::kit::field::is_key;
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::panel::place;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::{Palette, palette};

/// The look of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The main action: Entrar, Enviar.
    Primary,
    /// The main action where it is private.
    Private,
    /// Another action: Sair, Cancelar.
    Quiet,
    /// The action of the banner.
    Warning,
    /// A lone icon.
    Icon,
}

/// A button.
#[derive(Clone)]
pub(crate) struct Button {
    pub(crate) widget: FltkButton,
    id: NodeId,
    look: Rc<Look>,
}

struct Look {
    kind: Cell<Kind>,
    icon: Cell<Option<Icon>>,
    text: RefCell<String>,
    ground: Cell<fn(&Palette) -> Color>,
    is_hovered: Cell<bool>,
    /// Whether the focus came by the keyboard: only then it shows.
    has_ring: Cell<bool>,
    focus_after: RefCell<Option<Widget>>,
    on_key: RefCell<Option<Rc<dyn Fn() -> bool>>>,
}

impl Button {
    /// A button on `ground`.
    pub(crate) fn new(kind: Kind, icon: Option<Icon>, text: &str, ground: fn(&Palette) -> Color) -> Button {
        let mut widget = FltkButton::default();
        widget.set_frame(FrameType::NoBox);
        widget.super_draw(false);
        let look = Rc::new(Look {
            kind: Cell::new(kind),
            icon: Cell::new(icon),
            text: RefCell::new(text.to_owned()),
            ground: Cell::new(ground),
            is_hovered: Cell::new(false),
            has_ring: Cell::new(false),
            focus_after: RefCell::default(),
            on_key: RefCell::default(),
        });
        widget.draw({
            let look = Rc::clone(&look);
            move |widget| look.paint(widget)
        });
        widget.handle({
            let look = Rc::clone(&look);
            move |widget, event| {
                if event == Event::Focus {
                    // FLTK numbers keys and mouse buttons in one sequence: the buttons come first.
                    look.has_ring.set(!(1..=8).contains(&app::event_button()));
                }
                if matches!(event, Event::Enter | Event::Leave | Event::Hide | Event::Deactivate) {
                    look.is_hovered.set(event == Event::Enter);
                    widget.redraw();
                }
                // FLTK presses buttons by the space bar alone. A dialog's shortcut comes after the widget that has the
                // focus.
                if is_key(event, &[Key::Enter, Key::KPEnter]) {
                    widget.do_callback();
                    return true;
                }
                let on_key = look.on_key.borrow().clone().filter(|_| event == Event::KeyDown);
                if let Some(on_key) = on_key {
                    return on_key();
                }
                // FLTK asks for Enter to be taken before it sends Leave.
                event == Event::Enter
            }
        });
        Button { widget, id: part_id(), look }
    }

    /// Sets the action of a click; one expression.
    pub(crate) fn on_click(&mut self, mut action: impl FnMut() + 'static) {
        let look = Rc::clone(&self.look);
        self.widget.set_callback(move |_| {
            // The focus is given back first, so that a part that the action opens takes it from there.
            look.give_back_focus();
            action();
        });
    }

    /// Sets the action for keys that do not press it; true keeps them from the rest of the window.
    pub(crate) fn on_key(&mut self, action: impl Fn() -> bool + 'static) {
        *self.look.on_key.borrow_mut() = Some(Rc::new(action));
    }

    /// Sets the widget that has the focus after a click. A button that got it by the keyboard keeps it.
    pub(crate) fn set_focus_after(&mut self, widget: &impl WidgetExt) {
        *self.look.focus_after.borrow_mut() = Some(widget.as_base_widget());
    }

    /// Sets the tooltip that is shown while the pointer rests on it.
    pub(crate) fn set_tooltip(&mut self, text: &str) {
        if self.widget.tooltip().as_deref() != Some(text) {
            // FLTK shows the words where they are, and frees them when others come.
            Tooltip::current(&self.widget);
            self.widget.set_tooltip(text);
        }
    }

    /// Gives it its place; without one it is hidden.
    pub(crate) fn resize(&mut self, rect: Rect) {
        place(&mut self.widget, rect);
    }

    /// Changes its look.
    pub(crate) fn set_kind(&mut self, kind: Kind) {
        if self.look.kind.replace(kind) != kind {
            self.widget.redraw();
        }
    }

    /// Puts it on another ground.
    pub(crate) fn set_ground(&mut self, ground: fn(&Palette) -> Color) {
        self.look.ground.set(ground);
    }

    /// Changes its icon.
    pub(crate) fn set_icon(&mut self, icon: Option<Icon>) {
        if self.look.icon.replace(icon) != icon {
            self.widget.redraw();
        }
    }

    /// Changes its words.
    pub(crate) fn set_text(&mut self, text: &str) {
        if *self.look.text.borrow() != text {
            text.clone_into(&mut self.look.text.borrow_mut());
            self.widget.redraw();
        }
    }

    /// Lets it be pressed, or not.
    pub(crate) fn set_active(&mut self, is_active: bool) {
        match (is_active, self.widget.active()) {
            (true, false) => self.widget.activate(),
            (false, true) => self.widget.deactivate(),
            _ => {}
        }
    }
}

impl Accessible for Button {
    fn tell(&self, tree: &mut Tree) {
        if !self.widget.visible_r() {
            return;
        }
        // The tooltip names a button that is a lone icon.
        let name = if self.look.text.borrow().is_empty() { self.widget.tooltip() } else { None };
        let name = name.unwrap_or_else(|| self.look.text.borrow().clone());
        let mut node = told(self.id, Role::Button, &name, &self.widget, tree);
        if self.widget.active_r() {
            let widget = self.widget.clone();
            tree.on_press(self.id, move || widget.clone().do_callback());
        } else {
            node.set_disabled();
        }
        tree.add(self.id, node);
    }
}

impl Look {
    fn give_back_focus(&self) {
        let after = self.focus_after.borrow().clone();
        if let Some(mut after) = after.filter(|_| !self.has_ring.get()) {
            after.take_focus().ok();
        }
    }

    fn paint(&self, widget: &FltkButton) {
        let colours = palette();
        let rect = Rect::of(widget);
        draw::fill(rect, self.ground.get()(colours));
        let is_on = self.is_hovered.get() && widget.active_r();
        let ink = self.paint_shape(rect, is_on, widget.active_r(), widget.value());
        if widget.has_focus() && self.has_ring.get() {
            self.paint_ring(rect);
        }
        let text = self.text.borrow();
        let Some(icon) = self.icon.get() else { return draw::centred(&text, NAME, ink, rect) };
        if text.is_empty() {
            return icon::draw(icon, 18, ink, rect);
        }
        let width = 16 + 9 + NAME.width(&text);
        let x = rect.x + (rect.w - width) / 2;
        icon::draw(icon, 16, ink, Rect::new(x, rect.y, 16, rect.h));
        draw::text(&text, NAME, ink, x + 25, NAME.baseline(rect.y, rect.h));
    }

    /// Draws the ground and returns the colour for the text and the icon on it.
    fn paint_shape(&self, rect: Rect, is_hovered: bool, is_active: bool, is_down: bool) -> Color {
        let colours = palette();
        let kind = self.kind.get();
        let solid = |colour| draw::rounded(rect, draw::RADIUS, colour);
        let edged = |edge, ground| draw::edged(rect, draw::RADIUS, edge, 1, ground);
        match kind {
            Kind::Primary | Kind::Private if !is_active => {
                solid(colours.raised);
                colours.soft
            }
            Kind::Primary => {
                solid(if is_hovered || is_down { colours.accent_hover } else { colours.accent });
                colours.on_accent
            }
            Kind::Private => {
                solid(if is_hovered { colours.private_hover } else { colours.private });
                colours.on_accent
            }
            Kind::Quiet | Kind::Warning if !is_active => {
                edged(colours.line, self.ground.get()(colours));
                colours.soft
            }
            Kind::Quiet => {
                edged(colours.line, if is_hovered { colours.raised } else { self.ground.get()(colours) });
                colours.text
            }
            Kind::Warning => {
                edged(colours.warning, if is_hovered { colours.ground } else { colours.warning_ground });
                colours.text
            }
            Kind::Icon if !is_active => colours.edge,
            Kind::Icon => {
                if is_hovered {
                    draw::rounded(rect.inset(2), draw::RADIUS, colours.raised);
                }
                if is_hovered { colours.text } else { colours.soft }
            }
        }
    }

    /// Keyboard focus: a ring, with the ground between it and a button of its own colour.
    fn paint_ring(&self, rect: Rect) {
        let colours = palette();
        let (colour, inner) = match self.kind.get() {
            Kind::Primary => (colours.accent, Some(colours.accent)),
            Kind::Private => (colours.private, Some(colours.private)),
            Kind::Quiet | Kind::Icon | Kind::Warning => (colours.accent, None),
        };
        let ground = self.ground.get()(colours);
        if let Some(inner) = inner {
            draw::edged(rect, draw::RADIUS, colour, 2, ground);
            draw::rounded(rect.inset(4), draw::RADIUS - 4, inner);
        } else {
            canvas::set_draw_color(colour);
            canvas::draw_rounded_rect(rect.x, rect.y, rect.w, rect.h, draw::RADIUS);
            canvas::draw_rounded_rect(rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 2, draw::RADIUS - 1);
        }
    }
}

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

use crate::core::message::Message;
use crate::dispatch::Dispatch;
use crate::view::kit::theme::Palette;
use crate::view::kit::{Accessible, Icon, NAME, Rect, Tree, draw, icon, palette, part_id, place, told};

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

/// The face of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) kind: Kind,
    pub(crate) icon: Option<Icon>,
    /// Its words; those of a lone icon are its tooltip.
    pub(crate) text: &'static str,
}

impl Face {
    /// Words alone.
    pub(crate) const fn words(kind: Kind, text: &'static str) -> Face {
        Face { kind, icon: None, text }
    }

    /// A lone icon.
    pub(crate) const fn icon(icon: Icon, tooltip: &'static str) -> Face {
        Face { kind: Kind::Icon, icon: Some(icon), text: tooltip }
    }
}

/// A button. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Button {
    pub(crate) widget: FltkButton,
    id: NodeId,
    look: Rc<Look>,
}

struct Look {
    face: Cell<Face>,
    ground: Cell<fn(&Palette) -> Color>,
    is_hovered: Cell<bool>,
    /// Whether the focus came by the keyboard: only then it shows.
    has_ring: Cell<bool>,
    focus_after: RefCell<Option<Widget>>,
    on_key: RefCell<Option<Rc<dyn Fn()>>>,
}

impl Button {
    /// A button on `ground`.
    pub(crate) fn new(face: Face, ground: fn(&Palette) -> Color) -> Button {
        let mut widget = FltkButton::default();
        widget.set_frame(FrameType::NoBox);
        widget.super_draw(false);
        let look = Rc::new(Look {
            face: Cell::new(face),
            ground: Cell::new(ground),
            is_hovered: Cell::default(),
            has_ring: Cell::default(),
            focus_after: RefCell::default(),
            on_key: RefCell::default(),
        });
        widget.draw({
            let look = Rc::clone(&look);
            move |widget| look.paint(widget)
        });
        widget.handle({
            let look = Rc::clone(&look);
            move |widget, event| look.handle(widget, event)
        });
        let mut button = Button { widget, id: part_id(), look };
        button.set_tooltip(face);
        button
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

    /// Makes a click send a message.
    pub(crate) fn sends(&mut self, dispatch: &Dispatch, message: Message) {
        let dispatch = dispatch.clone();
        self.on_click(move || dispatch.send(message.clone()));
    }

    /// Sets the action for keys that do not press it, which the rest of the window then does not see.
    pub(crate) fn on_key(&mut self, action: impl Fn() + 'static) {
        *self.look.on_key.borrow_mut() = Some(Rc::new(action));
    }

    /// Sets the widget that has the focus after a click. A button that got it by the keyboard keeps it.
    pub(crate) fn set_focus_after(&mut self, widget: &impl WidgetExt) {
        *self.look.focus_after.borrow_mut() = Some(widget.as_base_widget());
    }

    /// Gives it its place; without one it is hidden.
    pub(crate) fn resize(&mut self, rect: Rect) {
        place(&mut self.widget, rect);
    }

    /// The face that it shows.
    pub(crate) fn face(&self) -> Face {
        self.look.face.get()
    }

    /// Shows something else.
    pub(crate) fn set(&mut self, face: Face) {
        if self.look.face.replace(face) != face {
            self.set_tooltip(face);
            self.widget.redraw();
        }
    }

    fn set_tooltip(&mut self, face: Face) {
        // FLTK shows the words where they are, and frees them when others come.
        Tooltip::current(&self.widget);
        self.widget.set_tooltip(if face.kind == Kind::Icon { face.text } else { "" });
    }

    /// Puts it on another ground.
    pub(crate) fn set_ground(&mut self, ground: fn(&Palette) -> Color) {
        self.look.ground.set(ground);
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
        let mut node = told(self.id, Role::Button, self.face().text, &self.widget, tree);
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
    fn handle(&self, widget: &mut FltkButton, event: Event) -> bool {
        if event == Event::Focus {
            // FLTK numbers keys and mouse buttons in one sequence: the buttons come first.
            self.has_ring.set(!(1..=8).contains(&app::event_button()));
        }
        if matches!(event, Event::Enter | Event::Leave | Event::Hide | Event::Deactivate) {
            self.is_hovered.set(event == Event::Enter);
            widget.redraw();
        }
        if event == Event::KeyDown {
            // FLTK presses buttons by the space bar alone. A dialog's shortcut comes after the widget that has the focus.
            if matches!(app::event_key(), Key::Enter | Key::KPEnter) {
                widget.do_callback();
                return true;
            }
            let on_key = self.on_key.borrow().clone();
            return on_key.inspect(|act| act()).is_some();
        }
        // FLTK asks for Enter to be taken before it sends Leave.
        event == Event::Enter
    }

    fn give_back_focus(&self) {
        let after = self.focus_after.borrow().clone();
        if let Some(mut after) = after.filter(|_| !self.has_ring.get()) {
            after.take_focus().ok();
        }
    }

    fn paint(&self, widget: &FltkButton) {
        let (rect, face) = (Rect::of(widget), self.face.get());
        draw::fill(rect, self.ground.get()(palette()));
        let is_lit = self.is_hovered.get() || widget.value();
        let ink = self.paint_shape(rect, is_lit, widget.active_r());
        if widget.has_focus() && self.has_ring.get() {
            self.paint_ring(rect);
        }
        let Some(icon) = face.icon else { return draw::centred(face.text, NAME, ink, rect) };
        if face.kind == Kind::Icon {
            return icon::draw(icon, 18, ink, rect);
        }
        let width = 16 + 9 + NAME.width(face.text);
        let x = rect.x + (rect.w - width) / 2;
        icon::draw(icon, 16, ink, Rect { x, w: 16, ..rect });
        draw::text(face.text, NAME, ink, x + 25, NAME.baseline(rect.y, rect.h));
    }

    /// Draws the ground and returns the colour for the text and the icon on it.
    fn paint_shape(&self, rect: Rect, is_lit: bool, is_active: bool) -> Color {
        let colours = palette();
        let ground = self.ground.get()(colours);
        let pick = |lit, usual| if is_lit { lit } else { usual };
        let (edge, fill, ink) = match self.face.get().kind {
            Kind::Primary | Kind::Private if !is_active => (colours.raised, colours.raised, colours.soft),
            Kind::Quiet | Kind::Warning if !is_active => (colours.line, ground, colours.soft),
            Kind::Icon if !is_active => return colours.edge,
            Kind::Icon => {
                if is_lit {
                    draw::rounded(rect.inset(2), draw::RADIUS, colours.raised);
                }
                return pick(colours.text, colours.soft);
            }
            Kind::Primary => {
                let fill = pick(colours.accent_hover, colours.accent);
                (fill, fill, colours.on_accent)
            }
            Kind::Private => {
                let fill = pick(colours.private_hover, colours.private);
                (fill, fill, colours.on_accent)
            }
            Kind::Quiet => (colours.line, pick(colours.raised, ground), colours.text),
            Kind::Warning => (colours.warning, pick(colours.ground, colours.warning_ground), colours.text),
        };
        draw::edged(rect, draw::RADIUS, edge, 1, fill);
        ink
    }

    /// Keyboard focus: a ring, with the ground between it and a button of its own colour.
    fn paint_ring(&self, rect: Rect) {
        let colours = palette();
        let solid = match self.face.get().kind {
            Kind::Primary => Some(colours.accent),
            Kind::Private => Some(colours.private),
            Kind::Quiet | Kind::Icon | Kind::Warning => None,
        };
        if let Some(colour) = solid {
            draw::edged(rect, draw::RADIUS, colour, 2, self.ground.get()(colours));
            draw::rounded(rect.inset(4), draw::RADIUS - 4, colour);
        } else {
            canvas::set_draw_color(colours.accent);
            canvas::draw_rounded_rect(rect.x, rect.y, rect.w, rect.h, draw::RADIUS);
            canvas::draw_rounded_rect(rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 2, draw::RADIUS - 1);
        }
    }
}

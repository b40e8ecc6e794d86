//! The banner of a lost connection, with the button that tries to connect at once.

use accesskit::{NodeId, Role};
use fltk::prelude::*;

use crate::accessibility::tree::{Tree, named};
use crate::core::message::Message;
use crate::core::{Phase, State};
use crate::dispatch::Dispatch;
use crate::strings::window as strings;
use crate::view::chat_window::bar::Bar;
use crate::view::kit::accessible::{Accessible, Described, placed};
use crate::view::kit::button::{Button, Kind};
use crate::view::kit::draw;
use crate::view::kit::draw::NAME;
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::panel::Panel;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme::palette;

/// The banner. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Banner {
    ground: Panel<Ground>,
    pub(crate) retry: Button,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ground {
    /// The words about the next attempt to connect; empty while the connection stands.
    detail: String,
}

impl Banner {
    /// Builds it, without a place.
    pub(crate) fn new() -> Banner {
        Banner {
            ground: Panel::new(Ground::default(), Ground::paint),
            retry: Button::new(Kind::Warning, None, strings::RETRY, |colours| colours.warning_ground),
        }
    }

    /// Connects the button to its message; the focus goes on to `after`.
    pub(crate) fn wire(&mut self, dispatch: &Dispatch, after: &impl WidgetExt) {
        self.retry.set_focus_after(after);
        let dispatch = dispatch.clone();
        self.retry.on_click(move || dispatch.send(Message::RetryNow));
    }
}

impl Bar for Banner {
    fn render(&mut self, state: &State) {
        let detail = match state.session.phase {
            Phase::Lost { retry_in: Some(seconds), .. } => strings::reconnecting_in(seconds),
            Phase::Lost { retry_in: None, .. } => strings::RECONNECTING.to_owned(),
            _ => String::new(),
        };
        self.ground.set(Ground { detail });
        self.retry.set_active(matches!(state.session.phase, Phase::Lost { retry_in: Some(_), .. }));
    }

    fn is_up(&self) -> bool {
        !self.ground.model().detail.is_empty()
    }

    fn stays_over_members(&self) -> bool {
        true
    }

    fn resize(&mut self, rect: Rect, is_narrow: bool) {
        let width = if is_narrow { 112 } else { 128 };
        let button = Rect::new(rect.right() - 16 - width, rect.y + (rect.h - 32) / 2, width, 32);
        self.ground.resize(rect);
        self.retry.resize(if rect.h > 0 { button } else { Rect::default() });
    }
}

impl Accessible for Banner {
    fn tell(&self, tree: &mut Tree) {
        self.ground.tell(tree);
        self.retry.tell(tree);
    }
}

impl Ground {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.warning_ground);
        let x = rect.x + if rect.w < 500 { 12 } else { 16 };
        icon::draw(Icon::Alert, 16, colours.warning, Rect::new(x, rect.y, 18, rect.h));
        let baseline = NAME.baseline(rect.y, rect.h);
        let right = rect.right() - 152;
        let end = draw::fitted(strings::LOST, NAME, colours.warning, x + 28, baseline, right - x - 28);
        draw::fitted(&self.detail, draw::BODY, colours.warning, end + 9, baseline, right - end - 9);
    }
}

impl Described for Ground {
    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        // No live region: the status bar announces it.
        tree.add(id, placed(named(Role::Banner, &format!("{}, {}", strings::LOST, self.detail)), rect));
    }
}

//! The banner of a lost connection, with the button that tries to connect at once.

use accesskit::{NodeId, Role};
use fltk::prelude::*;

use crate::core::message::Message;
use crate::core::{Phase, State};
use crate::dispatch::Dispatch;
use crate::strings::window as strings;
use crate::view::chat_window::bar::Bar;
use crate::view::kit::button::Kind;
use crate::view::kit::panel::Content;
use crate::view::kit::{
    Accessible, BODY, Button, Face, Icon, NAME, Panel, Rect, Tree, draw, icon, named, palette, placed,
};

/// The banner. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct Banner {
    ground: Panel<Ground>,
    pub(crate) retry: Button,
}

#[derive(Clone, PartialEq)]
struct Ground {
    /// The words about the next attempt to connect; empty while the connection stands.
    detail: String,
}

impl Banner {
    /// Builds it, without a place.
    pub(crate) fn new() -> Banner {
        let retry = Face::words(Kind::Warning, strings::RETRY);
        Banner {
            ground: Panel::new(Ground { detail: String::new() }),
            retry: Button::new(retry, |colours| colours.warning_ground),
        }
    }

    /// Connects the button to its message; the focus goes on to `after`.
    pub(crate) fn wire(&mut self, dispatch: &Dispatch, after: &impl WidgetExt) {
        self.retry.set_focus_after(after);
        self.retry.sends(dispatch, Message::RetryNow);
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

    fn is_up(&self, _is_over_members: bool) -> bool {
        self.ground.look(|ground| !ground.detail.is_empty())
    }

    fn resize(&mut self, rect: Rect, is_narrow: bool) {
        self.ground.resize(rect);
        let mut room = self.ground.rect();
        room.cut_right(16);
        self.retry.resize(room.cut_right(if is_narrow { 112 } else { 128 }).middle(32));
    }
}

impl Accessible for Banner {
    fn tell(&self, tree: &mut Tree) {
        self.ground.tell(tree);
        self.retry.tell(tree);
    }
}

impl Content for Ground {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.warning_ground);
        let x = rect.x + if rect.w < 500 { 12 } else { 16 };
        icon::draw(Icon::Alert, 16, colours.warning, Rect { x, w: 18, ..rect });
        let baseline = NAME.baseline(rect.y, rect.h);
        let right = rect.right() - 152;
        let end = draw::fitted(strings::LOST, NAME, colours.warning, x + 28, baseline, right - x - 28);
        draw::fitted(&self.detail, BODY, colours.warning, end + 9, baseline, right - end - 9);
    }

    fn tell(&self, id: NodeId, rect: Rect, tree: &mut Tree) {
        // No live region: the status bar announces it.
        tree.add(id, placed(named(Role::Banner, &format!("{}, {}", strings::LOST, self.detail)), rect));
    }
}

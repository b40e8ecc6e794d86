//! Where everything stands in the entering window, and what is drawn under its fields.

use std::ops::Range;

use accesskit::{Live, NodeId, Role};
use fltk::prelude::*;

use crate::strings::window as strings;
use crate::text::line_breaks::wrap;
use crate::view::kit::draw::TITLE;
use crate::view::kit::panel::Content;
use crate::view::kit::{BODY, Icon, Rect, SMALL, Tree, child_id, draw, icon, palette, placed, spoken};

/// The window's.
pub(super) const SIZE: (i32, i32) = (400, 456);
/// The fields.
pub(super) const SERVER: Rect = Rect::new(40, 184, 320, 40);
pub(super) const NAME: Rect = Rect::new(40, 278, 320, 40);
/// The button that enters, alone.
pub(super) const ENTER: Rect = Rect::new(40, 366, 320, 40);
/// While connecting it says "Conectando…" beside Cancelar.
pub(super) const CONNECTING: Rect = Rect::new(40, 366, 208, 40);
pub(super) const CANCEL: Rect = Rect::new(256, 366, 104, 40);
/// What the keys do, under the buttons.
const KEYS: Rect = Rect::new(0, 416, SIZE.0, 20);
/// The name of a field begins so far above it; what is wrong stands so far under it.
const LABEL: i32 = 24;
const ERROR: i32 = 2;
/// The height of a line of an error, and from one to the next.
const ERROR_LINE: i32 = 20;
const ERROR_STEP: i32 = 17;

/// What is drawn under the fields.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Backdrop {
    pub(super) server_error: Option<&'static str>,
    pub(super) name_error: Option<&'static str>,
    pub(super) is_connecting: bool,
    /// By how much what is below the server's error stands lower.
    pub(super) lower: i32,
}

impl Content for Backdrop {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.ground);
        if let Some(mut logo) = icon::program(52) {
            logo.draw(174, 28, 52, 52);
        }
        draw::centred(strings::PAPO, TITLE, colours.text, Rect::new(0, 92, SIZE.0, 30));
        draw::centred(strings::SLOGAN, BODY, colours.soft, Rect::new(0, 122, SIZE.0, 20));
        label(strings::SERVER, SERVER);
        let name = Rect { y: NAME.y + self.lower, ..NAME };
        label(strings::NAME, name);
        error(self.server_error, SERVER);
        error(self.name_error, name);
        let keys = if self.is_connecting { strings::CONNECTING_KEYS } else { strings::ENTER_KEYS };
        draw::centred(keys, SMALL, colours.soft, Rect { y: KEYS.y + self.lower, ..KEYS });
    }

    fn tell(&self, id: NodeId, _: Rect, tree: &mut Tree) {
        let name = Rect { y: NAME.y + self.lower, ..NAME };
        for (text, field) in [(self.server_error, SERVER), (self.name_error, name)] {
            let Some(text) = text else { continue };
            let under = Rect { y: field.bottom() + ERROR, h: ERROR_LINE, ..field };
            tree.add(child_id(id, field.y), placed(spoken(Role::Alert, text, Live::Assertive), under));
        }
    }
}

fn label(text: &str, field: Rect) {
    let baseline = draw::LABEL.baseline(field.y - LABEL, 20);
    draw::text(text, draw::LABEL, palette().text, field.x, baseline);
}

fn error(text: Option<&str>, field: Rect) {
    let Some(text) = text else { return };
    let y = field.bottom() + ERROR;
    icon::draw(Icon::Alert, 14, palette().error, Rect::new(field.x + 1, y, 14, ERROR_LINE));
    for (index, line) in error_lines(text).into_iter().enumerate() {
        let baseline = draw::ERROR.baseline(y + ERROR_STEP * index as i32, ERROR_LINE);
        draw::text(text.get(line).unwrap_or_default(), draw::ERROR, palette().error, field.x + 22, baseline);
    }
}

fn error_lines(text: &str) -> Vec<Range<usize>> {
    draw::ERROR.select();
    wrap(text, (SERVER.w - 22) as f32, |part| fltk::draw::width(part) as f32)
}

/// By how much an error of the server's address moves down what is below it.
pub(super) fn lower(server_error: Option<&str>) -> i32 {
    lower_under(server_error.map_or(1, |error| error_lines(error).len() as i32))
}

fn lower_under(lines: i32) -> i32 {
    ERROR_STEP * (lines - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_has_room() {
        let end = |field: Rect, lines: i32| field.bottom() + ERROR + ERROR_STEP * (lines - 1) + ERROR_LINE;
        for lines in [1, 2] {
            let lower = lower_under(lines);
            assert!(end(SERVER, lines) + 6 <= NAME.y + lower - LABEL, "{lines} lines over the name");
            assert!(end(NAME, lines) + 6 <= ENTER.y, "{lines} lines over the button");
            assert!(KEYS.bottom() + lower <= SIZE.1, "{lines} lines");
        }
    }
}

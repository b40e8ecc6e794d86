//! Announcements of the operator.

use crate::export::transcript::indented;
use crate::strings::{accessibility as words, window as strings};
use crate::view::kit::draw;
use crate::view::kit::draw::{BODY, LINE, NAME, SMALL};
use crate::view::kit::icon;
use crate::view::kit::icon::Icon;
use crate::view::kit::theme::palette;
use crate::view::timeline::blocks::Block;
use crate::view::timeline::canvas::RowCanvas;

/// An announcement of the operator.
#[derive(Debug)]
pub(super) struct Announcement;

impl Block for Announcement {
    fn around_text(&self) -> (i32, i32) {
        (LINE, 0)
    }

    fn paint(&self, canvas: &RowCanvas<'_>) {
        let colours = palette();
        let y = canvas.frame.y - LINE;
        if let Some(circle) = canvas.avatar(y) {
            draw::disc(circle, colours.warning_ground);
            icon::draw(Icon::Megaphone, 16, colours.warning, circle);
        }
        let baseline = BODY.baseline(y, LINE);
        let x = draw::text(strings::NOTICE, NAME, colours.warning, canvas.frame.x, baseline) + 8;
        draw::text(&canvas.time, SMALL, colours.soft, x, baseline);
        canvas.paint_text(colours.text);
    }

    fn entry(&self, time: &str, text: &str) -> Option<String> {
        Some(format!("[{time}] {}: {}", strings::NOTICE, indented(text)))
    }

    fn sentence(&self, time: &str, text: &str) -> String {
        words::said(strings::NOTICE, time, text, "")
    }
}

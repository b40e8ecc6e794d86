//! How wide words are, remembered: asking the font costs a thousand times more.

use std::collections::HashMap;

use fltk::draw;

use crate::text::line_breaks::WHOLE;
use crate::view::kit::draw::{BODY, Style};

/// Past that many words, of at most [`WHOLE`] bytes, all are forgotten. Longer pieces are measured each time: they are
/// lines, which seldom come again.
const MOST: usize = 20_000;

/// The widths of the words seen so far, in the styles that conversations are written in.
#[derive(Debug)]
pub(super) struct Widths {
    measure: fn(Style, &str) -> f32,
    body: HashMap<Box<str>, f32>,
    small: HashMap<Box<str>, f32>,
}

impl Widths {
    /// None yet; `measure` tells them.
    pub(super) fn new(measure: fn(Style, &str) -> f32) -> Widths {
        Widths { measure, body: HashMap::new(), small: HashMap::new() }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.body.clear();
        self.small.clear();
    }

    /// How wide `text` is in `style`.
    pub(super) fn of(&mut self, style: Style, text: &str) -> f32 {
        if text.is_empty() {
            return 0.0;
        }
        let words = if style == BODY { &mut self.body } else { &mut self.small };
        if let Some(&width) = words.get(text) {
            return width;
        }
        let width = (self.measure)(style, text);
        if text.len() <= WHOLE {
            if words.len() >= MOST {
                words.clear();
            }
            words.insert(text.into(), width);
        }
        width
    }
}

/// How wide `text` is in `style`, asked of the font.
pub(super) fn measure(style: Style, text: &str) -> f32 {
    style.select();
    draw::width(text) as f32
}

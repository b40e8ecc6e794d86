//! A part of a window, as a screen reader finds it.

use atspi_common::{Role, StateSet};

use super::screen_reader::Object;

/// An object of the accessibility tree, with its properties as they were when it was found.
#[derive(Clone, Debug)]
pub struct Part {
    pub(super) object: Object,
    pub role: Role,
    pub name: String,
    pub(super) states: StateSet,
    /// Left, top, width, height in pixels of its window; `None` if it has no bounds.
    pub bounds: Option<(i32, i32, i32, i32)>,
}

impl Part {
    /// Whether it has that role and that name, or one that begins with what stands before a final `…`.
    pub fn is(&self, role: Role, name: &str) -> bool {
        let matches = name.strip_suffix('…').map_or(self.name == name, |start| self.name.starts_with(start));
        self.role == role && matches
    }

    /// The middle of the part, in its window: the point to click at.
    #[track_caller]
    pub fn middle(&self) -> (i32, i32) {
        let (x, y, w, h) = self.place();
        (x + w / 2, y + h / 2)
    }

    /// Left, top, width, height in its window.
    #[track_caller]
    pub fn place(&self) -> (i32, i32, i32, i32) {
        self.bounds.filter(|(_, _, w, h)| *w > 0 && *h > 0).expect("it has a place")
    }
}

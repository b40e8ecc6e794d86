//! Rectangles in window pixels.

/// A rectangle; its right and lower edges are outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) w: i32,
    pub(crate) h: i32,
}

impl Rect {
    /// The rectangle at (`x`, `y`), `w` wide and `h` high.
    pub(crate) const fn new(x: i32, y: i32, w: i32, h: i32) -> Rect {
        Rect { x, y, w, h }
    }

    /// The place of a widget.
    pub(crate) fn of(widget: &impl fltk::prelude::WidgetExt) -> Rect {
        Rect::new(widget.x(), widget.y(), widget.w(), widget.h())
    }

    /// The first x that is outside.
    pub(crate) const fn right(self) -> i32 {
        self.x + self.w
    }

    /// The first y that is outside.
    pub(crate) const fn bottom(self) -> i32 {
        self.y + self.h
    }

    /// The same, smaller by `by` on every side.
    pub(crate) const fn inset(self, by: i32) -> Rect {
        Rect::new(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)
    }

    /// Whether the pixel is inside.
    pub(crate) const fn contains(self, x: i32, y: i32) -> bool {
        x >= self.x && x < self.right() && y >= self.y && y < self.bottom()
    }

    /// A square of `side` whose centre is this one's.
    pub(crate) const fn centred_square(self, side: i32) -> Rect {
        Rect::new(self.x + (self.w - side) / 2, self.y + (self.h - side) / 2, side, side)
    }
}

/// A size no smaller than the one and no larger than the other; where the two do not go together, the smaller counts.
pub(crate) fn within((w, h): (i32, i32), smallest: (i32, i32), largest: (i32, i32)) -> (i32, i32) {
    (w.min(largest.0).max(smallest.0), h.min(largest.1).max(smallest.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_fits_the_screen() {
        for (size, screen, expected) in [
            ((1100, 720), (1366, 738), (1100, 720)),
            ((3840, 2160), (1366, 738), (1366, 738)),
            ((0, -7), (1366, 738), (480, 320)),
            ((1100, 720), (0, 0), (480, 320)),
        ] {
            assert_eq!(within(size, (480, 320), screen), expected, "{size:?} on {screen:?}");
        }
    }
}

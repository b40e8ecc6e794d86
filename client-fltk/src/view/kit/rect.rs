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

    /// Cuts `h` pixels off its top, or as many as there are, and returns them.
    pub(crate) fn cut_top(&mut self, h: i32) -> Rect {
        let cut = Rect { h: h.min(self.h).max(0), ..*self };
        (self.y, self.h) = (cut.bottom(), self.h - cut.h);
        cut
    }

    /// Cuts `h` pixels off its bottom, or as many as there are, and returns them.
    pub(crate) fn cut_bottom(&mut self, h: i32) -> Rect {
        let h = h.min(self.h).max(0);
        self.h -= h;
        Rect { y: self.bottom(), h, ..*self }
    }

    /// Cuts `w` pixels off its left, or as many as there are, and returns them.
    pub(crate) fn cut_left(&mut self, w: i32) -> Rect {
        let cut = Rect { w: w.min(self.w).max(0), ..*self };
        (self.x, self.w) = (cut.right(), self.w - cut.w);
        cut
    }

    /// Cuts `w` pixels off its right, or as many as there are, and returns them.
    pub(crate) fn cut_right(&mut self, w: i32) -> Rect {
        let w = w.min(self.w).max(0);
        self.w -= w;
        Rect { x: self.right(), w, ..*self }
    }

    /// As much of it as `h` pixels in the middle of its height.
    pub(crate) const fn middle(self, h: i32) -> Rect {
        Rect { y: self.y + (self.h - h) / 2, h, ..self }
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
    fn what_is_cut_off_and_what_is_left_is_the_whole() {
        for by in [-3, 0, 7, 40, 99] {
            let whole = Rect::new(10, 20, 30, 40);
            let mut rest = whole;
            let (top, bottom) = (rest.cut_top(by), rest.cut_bottom(by));
            assert_eq!((top.y, top.bottom(), rest.bottom(), bottom.bottom()), (20, rest.y, bottom.y, 60), "{by}");
            let mut rest = whole;
            let (left, right) = (rest.cut_left(by), rest.cut_right(by));
            assert_eq!((left.x, left.right(), rest.right(), right.right()), (10, rest.x, right.x, 40), "{by}");
            assert!(left.w >= 0 && right.w >= 0 && rest.w >= 0, "{by}");
        }
    }

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

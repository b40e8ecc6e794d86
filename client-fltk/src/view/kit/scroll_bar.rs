//! The scroll bar of content that is longer than its place.

use fltk::app::{self, MouseWheel};
use fltk::enums::Event;

use crate::view::kit::{Rect, draw, palette};

const WIDTH: i32 = 6;
/// Room around the thumb; the pointer need not meet the thumb any closer than this.
const MARGIN: i32 = 4;
const SHORTEST: i32 = 32;

/// A scroll bar at the right edge of `area`, which shows `area.h` of `whole` pixels, `above` of them scrolled away.
/// It is made where it is needed and keeps nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScrollBar {
    area: Rect,
    whole: i64,
    above: i64,
}

impl ScrollBar {
    /// None if everything is in sight, or if there is no room for a bar.
    pub(crate) fn new(area: Rect, whole: i64, above: i64) -> Option<ScrollBar> {
        (whole > i64::from(area.h) && area.h > 2 * MARGIN).then_some(ScrollBar { area, whole, above })
    }

    /// The greatest number of pixels that can be scrolled away.
    fn furthest(self) -> i64 {
        self.whole - i64::from(self.area.h)
    }

    fn track(self) -> i32 {
        self.area.h - 2 * MARGIN
    }

    /// The thumb: the part that can be held.
    pub(crate) fn thumb(self) -> Rect {
        let height = share(i64::from(self.track()), self.area.h.into(), self.whole) as i32;
        let height = height.max(SHORTEST).min(self.track());
        // A thumb longer than its share has less way to go.
        let way = share(i64::from(self.track() - height), self.above, self.furthest()) as i32;
        Rect::new(self.area.right() - MARGIN - WIDTH, self.area.y + MARGIN + way, WIDTH, height)
    }

    /// Whether a pointer at `x` is on the bar.
    pub(crate) fn is_at(self, x: i32) -> bool {
        x >= self.thumb().x - MARGIN
    }

    /// The distance from the top of the thumb to the point where a pointer pressed at `y` holds it. A press beside the
    /// thumb holds its middle, which then comes to the pointer.
    pub(crate) fn grip(self, y: i32) -> i32 {
        let thumb = self.thumb();
        if thumb.contains(thumb.x, y) { y - thumb.y } else { thumb.h / 2 }
    }

    /// The number of pixels that are scrolled away above when the top of the thumb is at `y`.
    pub(crate) fn above_at(self, y: i32) -> i64 {
        let way = (self.track() - self.thumb().h).max(1);
        let y = (y - self.area.y - MARGIN).clamp(0, way);
        share(self.furthest(), y.into(), way.into())
    }

    /// Draws it, darker while the pointer is on it or holds it.
    pub(crate) fn paint(self, is_lit: bool) {
        draw::rounded(self.thumb(), WIDTH / 2, if is_lit { palette().edge } else { palette().bar });
    }
}

/// The distance that a notch of the wheel scrolls, in pixels.
pub(crate) const NOTCH: i32 = 60;

/// How far content of `whole` pixels is scrolled in its area, and what the pointer does to it.
#[derive(Debug, Default)]
pub(crate) struct Scroll {
    /// The number of pixels that are scrolled away above.
    pub(crate) top: i32,
    /// The distance from the top of the thumb to the point where the pointer holds it; `None` if it is not held.
    grip: Option<i32>,
    /// Whether the pointer is on the bar.
    is_lit: bool,
}

impl Scroll {
    /// Scrolls `top` pixels away above, as far as there are so many below the area.
    pub(crate) fn to(&mut self, top: i32, area: Rect, whole: i32) {
        self.top = top.clamp(0, (whole - area.h).max(0));
    }

    /// Draws the bar, if there is one.
    pub(crate) fn paint(&self, area: Rect, whole: i32) {
        if let Some(bar) = self.bar(area, whole) {
            bar.paint(self.grip.is_some() || self.is_lit);
        }
    }

    /// Handles an event of the pointer; true if something else is to be seen.
    pub(crate) fn handle(&mut self, event: Event, area: Rect, whole: i32) -> bool {
        let (x, y) = app::event_coords();
        let pointed = self.bar(area, whole).filter(|bar| area.contains(x, y) && bar.is_at(x));
        match event {
            Event::Push if pointed.is_some() => {
                self.grip = pointed.map(|bar| bar.grip(y));
                self.drag(y, area, whole);
            }
            Event::Drag if self.grip.is_some() => self.drag(y, area, whole),
            Event::Released => return self.grip.take().is_some(),
            Event::Enter | Event::Move | Event::Leave => {
                let is_lit = pointed.is_some() && event != Event::Leave;
                return std::mem::replace(&mut self.is_lit, is_lit) != is_lit;
            }
            Event::MouseWheel => match app::event_dy() {
                MouseWheel::Up => self.to(self.top - NOTCH, area, whole),
                MouseWheel::Down => self.to(self.top + NOTCH, area, whole),
                _ => return false,
            },
            _ => return false,
        }
        true
    }

    fn bar(&self, area: Rect, whole: i32) -> Option<ScrollBar> {
        ScrollBar::new(area, whole.into(), self.top.into())
    }

    fn drag(&mut self, y: i32, area: Rect, whole: i32) {
        if let (Some(bar), Some(grip)) = (self.bar(area, whole), self.grip) {
            self.to(i32::try_from(bar.above_at(y - grip)).unwrap_or(i32::MAX), area, whole);
        }
    }
}

/// `whole` × `part` ÷ `of`, to the nearest integer.
fn share(whole: i64, part: i64, of: i64) -> i64 {
    let of = i128::from(of.max(1));
    ((i128::from(whole) * i128::from(part) + of / 2) / of) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumb_goes_from_end_to_end_however_long_the_whole() {
        let area = Rect::new(0, 100, 200, 2_000);
        for whole in [2_001, 52_000, 2_080_000, 52_000_000, i64::from(u32::MAX)] {
            let furthest = whole - 2_000;
            let (first, last) =
                (ScrollBar::new(area, whole, 0).unwrap(), ScrollBar::new(area, whole, furthest).unwrap());
            assert_eq!((first.thumb().y, last.thumb().bottom()), (104, 2_096));
            for (y, above) in [(0, 0), (104, 0), (last.thumb().y, furthest), (9_999, furthest)] {
                assert_eq!(first.above_at(y), above, "{whole} {y}");
            }
        }
    }

    #[test]
    fn a_thumb_that_is_held_stays_under_the_pointer() {
        let bar = ScrollBar::new(Rect::new(0, 0, 200, 400), 4_000, 1_800).unwrap();
        let thumb = bar.thumb();
        for y in thumb.y..thumb.bottom() {
            assert_eq!(bar.above_at(y - bar.grip(y)), bar.above_at(thumb.y));
        }
        assert!((bar.above_at(thumb.y) - 1_800).abs() < 15);
        // A press beside the thumb holds its middle.
        assert_eq!(bar.grip(thumb.y - 50), thumb.h / 2);
    }

    #[test]
    fn the_bar_scrolls_from_end_to_end_however_long_the_content() {
        let area = Rect::new(0, 100, 200, 2_000);
        for whole in [2_001, 52_000, 2_080_000, 52_000_000] {
            let mut scroll = Scroll { grip: Some(0), ..Scroll::default() };
            for (y, top) in [(9_999, whole - area.h), (0, 0)] {
                scroll.drag(y, area, whole);
                assert_eq!(scroll.top, top, "{whole}");
            }
        }
    }

    #[test]
    fn what_fits_has_no_bar() {
        let area = Rect::new(0, 0, 200, 400);
        assert_eq!((ScrollBar::new(area, 400, 0), ScrollBar::new(Rect { h: 8, ..area }, 400, 0)), (None, None));
    }
}

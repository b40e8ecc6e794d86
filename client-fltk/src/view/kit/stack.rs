//! A vertical stack: bars of their own height above and below one part that takes the rest.

use crate::view::kit::rect::Rect;

/// The height that is left to the part in the middle in the smallest window with everything up, in pixels.
pub(crate) const LEAST: i32 = 16;

/// The places of the parts of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stack {
    /// The bars above, from the top; a bar without height is empty.
    pub(crate) above: Vec<Rect>,
    /// The part in the middle, which takes the rest.
    pub(crate) middle: Rect,
    /// The bar below, never so high that less than [`LEAST`] is left in the middle.
    pub(crate) below: Rect,
}

impl Stack {
    /// Divides `area` between bars of these heights; the whole is covered, and nothing has a negative height.
    pub(crate) fn new(area: Rect, above: &[i32], below: i32) -> Stack {
        let mut y = area.y;
        let bars = above.iter().map(|&h| {
            let bar = Rect { y, h: h.clamp(0, area.bottom() - y), ..area };
            y = bar.bottom();
            bar
        });
        let above: Vec<Rect> = bars.collect();
        let room = area.bottom() - y;
        let below = below.min(room - LEAST).max(0);
        Stack {
            above,
            middle: Rect { y, h: room - below, ..area },
            below: Rect { y: y + room - below, h: below, ..area },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_their_height_and_the_middle_takes_the_rest() {
        let stack = Stack::new(Rect::new(10, 50, 300, 400), &[48, 0, 30], 64);
        let bar = |y, h| Rect::new(10, y, 300, h);
        assert_eq!(stack.above, [bar(50, 48), bar(98, 0), bar(98, 30)]);
        assert_eq!((stack.middle, stack.below), (bar(128, 258), bar(386, 64)));
    }

    #[test]
    fn the_whole_is_covered_whatever_the_heights() {
        for height in 0..200 {
            for (above, below) in [(vec![], 0), (vec![48], 64), (vec![48, 48], 120), (vec![300, -5], 900)] {
                let area = Rect::new(0, 7, 1, height);
                let stack = Stack::new(area, &above, below);
                let parts = stack.above.iter().chain([&stack.middle, &stack.below]);
                let end = parts.fold(area.y, |y, part| {
                    assert!(part.y == y && part.h >= 0, "{height} {above:?} {below}: {stack:?}");
                    part.bottom()
                });
                assert_eq!(end, area.bottom(), "{height} {above:?} {below}");
                assert!(below <= 0 || stack.below.h == 0 || stack.middle.h >= LEAST, "{height} {above:?} {below}");
            }
        }
    }
}

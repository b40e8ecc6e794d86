//! The size of the text: FLTK scales whole windows and stays crisp.

use fltk::app;
use fltk::prelude::*;

use crate::core::TextStep;
use crate::view::kit::rect::Rect;

/// The scale at which everything is drawn.
pub(crate) struct Scale {
    screens: Vec<Screen>,
    /// The size that the person has chosen, in percent of the desktop's scale.
    percent: u16,
}

/// The scale of a screen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Screen {
    /// The scale that the desktop wants.
    desktop: f32,
    /// The scale that was last set here.
    set: f32,
}

/// Limit of the height of the title bar that the desktop puts above a window, in pixels.
const TITLE: i32 = 40;

impl Scale {
    /// The desktop's own scale. FLTK's keys for scaling are switched off.
    pub(crate) fn of_desktop() -> Scale {
        app::keyboard_screen_scaling(false);
        Scale { screens: followed(&[], &screen_scales()), percent: TextStep::USUAL }
    }

    /// `percent`, or less where a window of `size`, which cannot become smaller, would not fit every screen.
    pub(crate) fn fitting(&self, percent: u16, size: (i32, i32)) -> u16 {
        let areas = self.screens.iter().enumerate().map(|(number, screen)| {
            let (.., w, h) = app::screen_work_area(number as i32);
            screen.room((w, h))
        });
        let room = areas.reduce(|one, other| (one.0.min(other.0), one.1.min(other.1)));
        fitting(percent, size, room.unwrap_or((i32::MAX, i32::MAX)))
    }

    /// Whether everything is drawn at that size.
    pub(crate) fn is(&self, percent: u16) -> bool {
        self.percent == percent
    }

    /// Draws everything at `percent` of the desktop's scale. Windows then take that much more of the screen, and move
    /// away from its upper left corner.
    pub(crate) fn set(&mut self, percent: u16) {
        self.percent = percent;
        for (number, screen) in self.screens.iter_mut().enumerate() {
            screen.set = screen.desktop * f32::from(percent) / f32::from(TextStep::USUAL);
            app::set_screen_scale(number as i32, screen.set);
        }
    }

    /// Draws everything at the same size on screens that came later, and on those whose scale the desktop has changed:
    /// FLTK then takes the desktop's scale, without the person's percentage.
    pub(crate) fn follow_desktop(&mut self) {
        let screens = followed(&self.screens, &screen_scales());
        if screens != self.screens {
            self.screens = screens;
            self.set(self.percent);
        }
    }
}

impl Screen {
    /// The room that a window has at the desktop's scale, where it has `size` at the present one.
    fn room(self, (w, h): (i32, i32)) -> (i32, i32) {
        let at_desktop = |length: i32| (length as f32 * self.set / self.desktop).round() as i32;
        (at_desktop(w), at_desktop(h))
    }
}

/// The scale of each screen, as FLTK draws now.
fn screen_scales() -> Vec<f32> {
    (0..app::screen_count()).map(app::screen_scale).collect()
}

/// The screens there are `now`: a scale that is not the one last set comes from the desktop.
fn followed(before: &[Screen], now: &[f32]) -> Vec<Screen> {
    let is_own = |screen: &&Screen, scale: f32| (screen.set - scale).abs() < 0.001;
    let screens = now.iter().enumerate().map(|(number, &scale)| {
        let known = before.get(number).filter(|screen| is_own(screen, scale));
        known.copied().unwrap_or(Screen { desktop: scale, set: scale })
    });
    screens.collect()
}

/// A window's place, and the room that it has on its screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WindowPlacement {
    pub(crate) window: Rect,
    pub(crate) room: Rect,
}

impl WindowPlacement {
    /// The placement of `window`.
    pub(crate) fn of(window: &impl WindowExt) -> WindowPlacement {
        let (x, y, w, h) = app::screen_work_area(window.screen_num());
        let title = window.decorated_h() - window.h();
        WindowPlacement { window: Rect::of(window), room: Rect::new(x, y + title, w, h - title) }
    }

    /// The window's rectangle, at least `smallest`, once everything is drawn at `after` percent and no more at
    /// `before`: on the screen it stays as it was. It moves only where it has to grow, so that no more of it than
    /// before is beyond the edge.
    pub(crate) fn rescaled(self, before: u16, after: u16, smallest: (i32, i32)) -> Rect {
        let scaled = |length: i32| rescaled(length, before, after);
        let of = |rect: Rect| {
            // Rounds up, so that saving and restoring a size at this scale is stable.
            let (w, h) = from_usual(at_usual_size((rect.w, rect.h), before), after);
            Rect::new(scaled(rect.x), scaled(rect.y), w, h)
        };
        let (window, room) = (of(self.window), of(self.room));
        let (w, h) = (window.w.max(smallest.0), window.h.max(smallest.1));
        let x = window.x.min(room.right().max(window.right()) - w).max(window.x.min(room.x));
        let y = window.y.min(room.bottom().max(window.bottom()) - h).max(window.y.min(room.y));
        Rect::new(x, y, w, h)
    }
}

fn fitting(percent: u16, (w, h): (i32, i32), room: (i32, i32)) -> u16 {
    let most = |length: i32, room: i32| room.saturating_mul(i32::from(TextStep::USUAL)) / length;
    let most = most(w, room.0).min(most(h + TITLE, room.1));
    percent.min(u16::try_from(most).unwrap_or(u16::MAX)).max(TextStep::SMALLEST)
}

/// A length once everything is drawn at `after` percent and no more at `before`, to the nearest pixel.
fn rescaled(length: i32, before: u16, after: u16) -> i32 {
    let (before, after) = (i32::from(before), i32::from(after));
    (length * before + after / 2).div_euclid(after)
}

/// The size of a window at the usual scale, in which it is saved: FLTK cuts off fractions of a pixel.
pub(crate) fn at_usual_size((w, h): (i32, i32), percent: u16) -> (i32, i32) {
    let at_usual = |length: i32| length * i32::from(percent) / i32::from(TextStep::USUAL);
    (at_usual(w), at_usual(h))
}

/// The smallest size at `percent` for which [`at_usual_size`] gives no less than this one.
fn from_usual((w, h): (i32, i32), percent: u16) -> (i32, i32) {
    let from = |length: i32| {
        let percent = i32::from(percent);
        (length * i32::from(TextStep::USUAL) + percent - 1) / percent
    };
    (from(w), from(h))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_keeps_its_place_and_its_size_on_the_screen() {
        let room = Rect::new(0, 20, 1280, 880);
        let smallest = (480, 320);
        for (before, after, window, expected) in [
            (100, 110, Rect::new(201, 172, 1000, 700), Rect::new(183, 156, 910, 637)),
            (110, 100, Rect::new(183, 156, 910, 637), Rect::new(201, 172, 1001, 700)),
            (100, 80, Rect::new(201, 172, 1000, 700), Rect::new(251, 215, 1250, 875)),
            // A window that has to grow grows to the right and down, and then moves.
            (100, 200, Rect::new(40, 60, 480, 320), Rect::new(20, 30, 480, 320)),
            (100, 200, Rect::new(700, 500, 480, 320), Rect::new(160, 130, 480, 320)),
            // A window partly beyond the edges stays so.
            (100, 125, Rect::new(-100, 172, 1000, 700), Rect::new(-80, 138, 800, 560)),
            (100, 125, Rect::new(1000, 700, 1000, 700), Rect::new(800, 560, 800, 560)),
        ] {
            let place = WindowPlacement { window, room };
            assert_eq!(place.rescaled(before, after, smallest), expected, "{window:?} {before} {after}");
        }
    }

    #[test]
    fn screens_that_come_or_change_later_take_the_same_size() {
        let own = Screen { desktop: 1.0, set: 1.25 };
        let of = |desktop: f32| Screen { desktop, set: desktop };
        for (now, expected) in [
            (&[1.25][..], &[own][..]),
            // A second screen, whatever FLTK does with the first one.
            (&[1.25, 2.0], &[own, of(2.0)]),
            (&[1.0, 1.0], &[of(1.0), of(1.0)]),
            // The desktop's own scale changes.
            (&[1.5], &[of(1.5)]),
            (&[], &[]),
        ] {
            assert_eq!(followed(&[own], now), expected, "{now:?}");
        }
        assert_eq!(own.room((1024, 800)), (1280, 1000), "at the desktop's scale");
    }

    #[test]
    fn a_window_that_cannot_shrink_is_drawn_no_larger_than_the_screen() {
        for (percent, room, expected) in [
            (100, (1920, 1040), 100),
            (200, (1920, 1040), 200),
            (200, (1366, 738), 148),
            (150, (1366, 738), 148),
            (125, (1366, 738), 125),
            // On a screen that is too small for any size the smallest is the best.
            (100, (320, 240), 80),
        ] {
            assert_eq!(fitting(percent, (400, 456), room), expected, "{percent} {room:?}");
        }
    }

    #[test]
    fn a_size_that_was_remembered_comes_back_and_stays() {
        for percent in [80, 90, 100, 110, 125, 150, 175, 200] {
            for length in 480..2_600 {
                let open = |saved| {
                    let place =
                        WindowPlacement { window: Rect::new(0, 0, saved, saved), room: Rect::new(0, 0, 3840, 2160) };
                    let opened = place.rescaled(TextStep::USUAL, percent, (1, 1));
                    at_usual_size((opened.w, opened.h), percent).0
                };
                let saved = at_usual_size((length, length), percent).0;
                assert_eq!(open(saved), saved, "{percent} {length}");
                // A size set by hand for which there is no saved size changes once at most.
                let nearest = open(length);
                assert!((length..=length + 1).contains(&nearest), "{percent} {length}");
                assert_eq!(open(nearest), nearest, "{percent} {length}");
            }
        }
    }
}

//! Soft shadows under floating parts: menus, panels, the pill.

use std::cell::RefCell;
use std::collections::HashMap;

use fltk::enums::ColorDepth;
use fltk::image::RgbImage;
use fltk::prelude::*;

use crate::view::kit::{Rect, draw, palette};

/// The distance that a shadow reaches beyond its shape, in pixels.
const REACH: i32 = 8;
/// The distance that it is moved down, in pixels.
const DROP: i32 = 2;
/// Its opacity where it is darkest, of 255.
const STRENGTH: f32 = 70.0;
/// Limit of the pixels that are kept, in bytes; at it all of them are drawn anew.
const MOST_BYTES: usize = 512 * 1024;

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// Draws the shadow of a rounded rectangle, which is then drawn over it. A shadow drawn twice is twice as dark:
/// everything under it must be drawn anew each time.
pub(crate) fn draw(rect: Rect, radius: i32) {
    let strips = CACHE.with_borrow_mut(|cache| cache.strips((rect.w, rect.h, radius)));
    for (Rect { x, y, w, h }, mut image) in strips {
        image.draw(rect.x + x, rect.y + y, w, h);
    }
}

/// Draws an empty panel over the window, with its edge and its shadow.
pub(crate) fn panel(rect: Rect) {
    draw(rect, draw::RADIUS);
    draw::edged(rect, draw::RADIUS, palette().line, 1, palette().ground);
}

/// A part of a shadow, relative to its shape.
type Strip = (Rect, RgbImage);
/// Width, height and radius of a shape.
type Size = (i32, i32, i32);

/// Shadows of the sizes that were drawn last.
#[derive(Default)]
struct Cache {
    shadows: HashMap<Size, Vec<Strip>>,
    bytes: usize,
}

impl Cache {
    fn strips(&mut self, size: Size) -> Vec<Strip> {
        if let Some(strips) = self.shadows.get(&size) {
            return strips.clone();
        }
        let strips: Vec<Strip> =
            strips(size).into_iter().filter_map(|strip| Some((strip, render(size, strip)?))).collect();
        let bytes: usize = strips.iter().map(|(strip, _)| bytes(*strip)).sum();
        if self.bytes + bytes > MOST_BYTES {
            *self = Cache::default();
        }
        self.bytes += bytes;
        self.shadows.insert(size, strips.clone());
        strips
    }
}

fn bytes(strip: Rect) -> usize {
    strip.w as usize * strip.h as usize * 4
}

/// The parts of a shadow that its shape does not cover: a frame, or all of a shadow whose shape is hardly higher than
/// its corners.
fn strips((w, h, radius): Size) -> Vec<Rect> {
    let (left, top) = (-REACH, DROP - REACH);
    let (width, height) = (w + 2 * REACH, h + 2 * REACH);
    // The shape covers its straight sides only to the last pixel, which may be shared at a scale.
    let (edge, side) = (REACH + radius + DROP, REACH + 1);
    if 2 * edge >= height {
        return vec![Rect::new(left, top, width, height)];
    }
    let (middle, bottom) = (top + edge, top + height - edge);
    vec![
        Rect::new(left, top, width, edge),
        Rect::new(left, middle, side, bottom - middle),
        Rect::new(left + width - side, middle, side, bottom - middle),
        Rect::new(left, bottom, width, edge),
    ]
}

fn render((w, h, radius): Size, strip: Rect) -> Option<RgbImage> {
    let mut pixels = Vec::with_capacity(bytes(strip));
    for y in strip.y..strip.bottom() {
        for x in strip.x..strip.right() {
            let distance = distance(x, y - DROP, w, h, radius);
            let nearness = (1.0 - distance / REACH as f32).clamp(0.0, 1.0);
            pixels.extend([0, 0, 0, (STRENGTH * nearness * nearness) as u8]);
        }
    }
    RgbImage::new(&pixels, strip.w, strip.h, ColorDepth::Rgba8).ok()
}

/// The distance from the middle of pixel (`x`, `y`) to the rounded rectangle of `w` by `h` at the origin; not above 0
/// inside.
fn distance(x: i32, y: i32, w: i32, h: i32, radius: i32) -> f32 {
    let (half_w, half_h, radius) = (w as f32 / 2.0, h as f32 / 2.0, radius as f32);
    let dx = ((x as f32 + 0.5 - half_w).abs() - half_w + radius).max(0.0);
    let dy = ((y as f32 + 0.5 - half_h).abs() - half_h + radius).max(0.0);
    dx.hypot(dy) - radius
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_grow_outwards() {
        assert!(distance(50, 10, 100, 20, 8) <= 0.0);
        assert!((distance(50, 22, 100, 20, 8) - 2.5).abs() < 0.01);
        assert!(distance(0, 0, 100, 20, 8) > 0.0);
    }

    #[test]
    fn many_sizes_take_no_more_memory_than_some() {
        let mut cache = Cache::default();
        for height in 300..900 {
            assert!(!cache.strips((876, height, 8)).is_empty());
            let kept: usize = cache.shadows.values().flatten().map(|(strip, _)| bytes(*strip)).sum();
            assert!(kept == cache.bytes && kept <= MOST_BYTES, "{kept} bytes after height {height}");
        }
    }

    #[test]
    fn strips_meet_and_leave_free_only_what_the_shape_covers() {
        for (w, h, radius) in [(876, 550, 8), (304, 150, 8), (150, 32, 16), (100, 37, 8), (100, 38, 8)] {
            let strips = strips((w, h, radius));
            for y in -REACH + DROP..h + REACH + DROP {
                for x in -REACH..w + REACH {
                    let count = strips.iter().filter(|strip| strip.contains(x, y)).count();
                    let is_covered = distance(x, y, w, h, radius) <= -1.0;
                    assert!(count == 1 || count == 0 && is_covered, "{count} at {x}, {y} of {w} by {h}");
                }
            }
        }
    }
}

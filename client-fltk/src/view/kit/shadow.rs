//! Soft shadows under what floats: the menu and the pill.

use std::cell::RefCell;
use std::collections::HashMap;

use fltk::enums::ColorDepth;
use fltk::image::RgbImage;
use fltk::prelude::*;

use crate::view::kit::rect::Rect;

/// How far a shadow reaches beyond its shape.
const REACH: i32 = 8;
/// How far it is moved down.
const DROP: i32 = 2;
/// How dark it is where it is darkest.
const STRENGTH: f32 = 70.0;

thread_local! {
    // One for each size: the pill's few widths, a menu or two.
    static CACHE: RefCell<HashMap<(i32, i32, i32), RgbImage>> = RefCell::default();
}

/// Draws the shadow of a rounded rectangle, which is then drawn over it. Drawn twice it gets twice as dark: what is
/// under it must be drawn anew each time.
pub(crate) fn draw(rect: Rect, radius: i32) {
    let key = (rect.w, rect.h, radius);
    let cached = CACHE.with_borrow(|cache| cache.get(&key).cloned());
    let Some(mut image) = cached.or_else(|| render(key)) else { return };
    image.draw(rect.x - REACH, rect.y - REACH + DROP, rect.w + 2 * REACH, rect.h + 2 * REACH);
    CACHE.with_borrow_mut(|cache| {
        if cache.len() > 64 {
            cache.clear();
        }
        cache.entry(key).or_insert(image);
    });
}

fn render((w, h, radius): (i32, i32, i32)) -> Option<RgbImage> {
    let (width, height) = (w + 2 * REACH, h + 2 * REACH);
    let mut pixels = Vec::with_capacity((width * height * 4) as usize);
    for y in 0..height {
        for x in 0..width {
            let distance = distance(x - REACH, y - REACH, w, h, radius);
            let nearness = (1.0 - distance / REACH as f32).clamp(0.0, 1.0);
            pixels.extend([0, 0, 0, (STRENGTH * nearness * nearness) as u8]);
        }
    }
    RgbImage::new(&pixels, width, height, ColorDepth::Rgba8).ok()
}

/// From the middle of pixel (`x`, `y`) to the rounded rectangle of `w` by `h` at the origin; not above 0 inside.
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
}

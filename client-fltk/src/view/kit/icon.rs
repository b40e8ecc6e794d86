//! Icons, drawn from our own SVG: 24×24, stroked, in any size and colour.

use std::cell::RefCell;
use std::collections::HashMap;

use fltk::enums::Color;
use fltk::image::SvgImage;
use fltk::prelude::*;

use crate::view::kit::rect::Rect;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Icon {
    At,
    Alert,
    ArrowDown,
    ArrowUp,
    Bell,
    BellOff,
    ChevronDown,
    Clock,
    Close,
    Copy,
    Download,
    Enter,
    Exit,
    Hash,
    Info,
    Link,
    Lock,
    Megaphone,
    Moon,
    People,
    Search,
    Send,
    Sun,
    Text,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::At => r#"<circle cx="12" cy="12" r="4"/><path d="M16 8v5a3 3 0 0 0 6 0v-1a10 10 0 1 0-4 8"/>"#,
            Icon::Alert => r#"<circle cx="12" cy="12" r="10"/><path d="M12 7v6"/><circle cx="12" cy="17" r=".4"/>"#,
            Icon::ArrowDown => r#"<path d="M12 4v16M5 13l7 7 7-7"/>"#,
            Icon::ArrowUp => r#"<path d="M12 20V4M5 11l7-7 7 7"/>"#,
            Icon::Bell => {
                r#"<path d="M18 8.5a6 6 0 0 0-12 0c0 6-2.5 8-2.5 8h17s-2.5-2-2.5-8M10 20.5a2.2 2.2 0 0 0 4 0"/>"#
            }
            Icon::BellOff => {
                r#"<path d="M18 8.5a6 6 0 0 0-9.5-4.9M6 8.5c0 6-2.5 8-2.5 8H16M18 8.5c0 2.2.3 3.9.9 5.2M10 20.5a2.2 2.2 0 0 0 4 0M3 3l18 18"/>"#
            }
            Icon::ChevronDown => r#"<path d="M6 9l6 6 6-6"/>"#,
            Icon::Clock => r#"<circle cx="12" cy="12" r="9.5"/><path d="M12 6.5V12l3.5 2"/>"#,
            Icon::Close => r#"<path d="M6 6l12 12M18 6L6 18"/>"#,
            Icon::Copy => {
                r#"<rect x="9" y="9" width="12" height="12" rx="2"/><path d="M5 15H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v1"/>"#
            }
            Icon::Download => r#"<path d="M12 3v12M7 11l5 5 5-5M4 20.5h16"/>"#,
            Icon::Enter => r#"<path d="M3 12h13M11 7l5 5-5 5M20 5v14"/>"#,
            Icon::Exit => r#"<path d="M9 21H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h3M9 12h12M16 7l5 5-5 5"/>"#,
            Icon::Hash => r#"<path d="M4 9h16M4 15h16M10 3L8 21M16 3l-2 18"/>"#,
            Icon::Info => r#"<circle cx="12" cy="12" r="10"/><path d="M12 11v6"/><circle cx="12" cy="7.5" r=".4"/>"#,
            Icon::Link => {
                r#"<path d="M10 14a5 5 0 0 0 7.1 0l3.5-3.5a5 5 0 0 0-7.1-7.1L12 5M14 10a5 5 0 0 0-7.1 0L3.4 13.5a5 5 0 0 0 7.1 7.1L12 19"/>"#
            }
            Icon::Lock => r#"<rect x="4" y="11" width="16" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>"#,
            Icon::Megaphone => r#"<path d="M3 10v4l12 5V5zM7 15.5V20h4v-3M19 9a4 4 0 0 1 0 6"/>"#,
            Icon::Moon => r#"<path d="M21 13A9 9 0 1 1 11 3a7 7 0 0 0 10 10z"/>"#,
            Icon::People => {
                r#"<circle cx="9" cy="7.5" r="4"/><path d="M2 21v-1a6 6 0 0 1 6-6h2a6 6 0 0 1 6 6v1M16 3.8a4 4 0 0 1 0 7.4M22 21v-1a6 6 0 0 0-4-5.6"/>"#
            }
            Icon::Search => r#"<circle cx="10.5" cy="10.5" r="7"/><path d="M16 16l5 5"/>"#,
            Icon::Send => r#"<path d="M22 2L11 13M22 2l-7 20-4-9-9-4z"/>"#,
            Icon::Text => r#"<path d="M4 6h16M4 12h16M4 18h10"/>"#,
            Icon::Sun => {
                r#"<circle cx="12" cy="12" r="4.5"/><path d="M12 1.5v2M12 20.5v2M4.6 4.6L6 6M18 18l1.4 1.4M1.5 12h2M20.5 12h2M4.6 19.4L6 18M18 6l1.4-1.4"/>"#
            }
        }
    }

    /// Small icons need a stroke that is not thinner than a pixel.
    fn stroke(size: i32) -> f32 {
        if size < 13 { 2.8 } else { 2.0 }
    }

    fn svg(self, size: i32, colour: Color) -> String {
        let (red, green, blue) = colour.to_rgb();
        let (path, stroke) = (self.path(), Icon::stroke(size));
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#{red:02x}{green:02x}{blue:02x}" stroke-width="{stroke}" stroke-linecap="round" stroke-linejoin="round">{path}</svg>"##
        )
    }
}

type Key = (Icon, i32, u32);

thread_local! {
    // A picture is parsed once for each size and colour; there are some dozens of them in all.
    static CACHE: RefCell<HashMap<Key, SvgImage>> = RefCell::default();
}

/// Draws an icon in the middle of `rect`, `size` pixels high.
pub(crate) fn draw(icon: Icon, size: i32, colour: Color, rect: Rect) {
    let key = (icon, size, colour.bits());
    let cached = CACHE.with_borrow(|cache| cache.get(&key).cloned());
    let Some(mut image) = cached.or_else(|| load(icon, size, colour)) else { return };
    let Rect { x, y, w, h } = rect.centred_square(size);
    image.draw(x, y, w, h);
    CACHE.with_borrow_mut(|cache| {
        cache.entry(key).or_insert(image);
    });
}

fn load(icon: Icon, size: i32, colour: Color) -> Option<SvgImage> {
    let mut image = SvgImage::from_data(&icon.svg(size, colour)).ok()?;
    image.scale(size, size, true, true);
    Some(image)
}

/// What the desktop knows the windows by: the name of the desktop entry.
pub(crate) const CLASS: &str = "papo";

/// The program's own icon: a bubble on a rounded square.
pub(crate) fn program(size: i32) -> Option<SvgImage> {
    let mut image = SvgImage::from_data(PROGRAM).ok()?;
    image.scale(size, size, true, true);
    Some(image)
}

const PROGRAM: &str = include_str!("../../../assets/papo.svg");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_carries_its_colour() {
        let svg = Icon::Lock.svg(24, Color::from_rgb(1, 2, 255));
        assert!(svg.contains(r##"stroke="#0102ff""##), "{svg}");
    }
}

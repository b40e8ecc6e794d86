//! Icons, drawn from the files in `assets/icons`: 24×24, stroked, in any size and colour.

use std::cell::RefCell;
use std::collections::HashMap;

use fltk::enums::Color;
use fltk::image::SvgImage;
use fltk::prelude::*;
use fltk::window::DoubleWindow;

use crate::view::kit::Rect;

/// Makes the icons from one table: the name of each, and of its file.
macro_rules! icons {
    ($($name:ident: $file:literal,)+) => {
        /// An icon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Icon {
            $($name,)+
        }

        impl Icon {
            fn source(self) -> &'static str {
                match self {
                    $(Icon::$name => include_str!(concat!("../../../assets/icons/", $file, ".svg")),)+
                }
            }
        }
    };
}

icons! {
    At: "at",
    Alert: "alert",
    ArrowDown: "arrow-down",
    ArrowUp: "arrow-up",
    Bell: "bell",
    BellOff: "bell-off",
    ChevronDown: "chevron-down",
    Clock: "clock",
    Close: "close",
    Copy: "copy",
    Download: "download",
    Enter: "enter",
    Exit: "exit",
    Hash: "hash",
    Info: "info",
    Link: "link",
    Lock: "lock",
    Megaphone: "megaphone",
    Moon: "moon",
    People: "people",
    Search: "search",
    Send: "send",
    Text: "text",
    Sun: "sun",
}

impl Icon {
    /// The picture in `colour`. A small one needs a stroke that is not thinner than a pixel.
    fn svg(self, size: i32, colour: Color) -> String {
        let (red, green, blue) = colour.to_rgb();
        let stroke = if size < 13 { 2.8 } else { 2.0 };
        let coloured = self.source().replace(BLACK, &format!("stroke=\"#{red:02x}{green:02x}{blue:02x}\""));
        coloured.replace(WIDTH, &format!("stroke-width=\"{stroke}\""))
    }
}

/// The stroke in the files, which are black lines so that any drawing program shows them.
const BLACK: &str = r##"stroke="#000000""##;
const WIDTH: &str = r#"stroke-width="2""#;

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

/// Gives a window the program's icon, and the class by which the desktop knows it: the name of the desktop entry.
pub(crate) fn put_on(window: &mut DoubleWindow) {
    window.set_xclass("papo");
    if let Some(icon) = program(64) {
        window.set_icon(Some(icon));
    }
}

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
        assert!(Icon::Lock.svg(12, Color::Black).contains(r#"stroke-width="2.8""#));
    }
}

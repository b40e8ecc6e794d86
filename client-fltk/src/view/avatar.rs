//! The round pictures of people and of the room.

use fltk::enums::Color;
use unicode_segmentation::UnicodeSegmentation as _;

use super::draw::{self, NAME};
use super::geometry::Rect;
use super::icon::{self, Icon};
use super::theme::{name_colour, palette};

/// Draws the avatar of a name.
pub(super) fn person(name: &str, circle: Rect) {
    draw::disc(circle, name_colour(name));
    draw::centred(&initial(name), NAME, palette().initial, circle);
}

/// Draws the avatar of the room.
pub(super) fn room(circle: Rect) {
    draw::disc(circle, palette().accent);
    icon::draw(Icon::Hash, 18, palette().on_accent, circle);
}

/// Draws the dot of somebody present or absent at an avatar's lower right, with a ring of the `ground` around it.
pub(super) fn dot(circle: Rect, colour: Color, ground: Color) {
    let dot = Rect::new(circle.right() - 10, circle.bottom() - 10, 11, 11);
    draw::disc(dot.inset(-2), ground);
    draw::disc(dot, colour);
}

/// Draws the lock of a private conversation in the same place.
pub(super) fn lock(circle: Rect, ground: Color) {
    let badge = Rect::new(circle.right() - 11, circle.bottom() - 11, 14, 14);
    draw::disc(badge.inset(-2), ground);
    draw::disc(badge, palette().private);
    icon::draw(Icon::Lock, 8, palette().on_accent, badge);
}

/// The first letter or digit of a name, in upper case.
fn initial(name: &str) -> String {
    let is_letter = |grapheme: &&str| grapheme.chars().any(char::is_alphanumeric);
    let first = name.graphemes(true).find(is_letter).or_else(|| name.graphemes(true).next());
    first.unwrap_or_default().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials() {
        for (name, expected) in [("ana", "A"), ("érica", "É"), ("_bia", "B"), ("7anões", "7"), ("", "")] {
            assert_eq!(initial(name), expected, "{name}");
        }
    }
}

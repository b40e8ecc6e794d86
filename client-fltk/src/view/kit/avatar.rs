//! The round pictures of people and of the room.

use fltk::enums::Color;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::view::kit::theme::name_colour;
use crate::view::kit::{CHIP, Icon, NAME, Rect, draw, icon, palette};

/// Draws the avatar of a name.
pub(crate) fn person(name: &str, circle: Rect) {
    lettered(name, &initial(name), circle);
}

/// Draws it with other letters than its initial.
pub(crate) fn lettered(name: &str, letters: &str, circle: Rect) {
    draw::disc(circle, name_colour(name));
    let style = if letters.graphemes(true).count() > 1 { CHIP } else { NAME };
    draw::centred(letters, style, palette().initial, circle);
}

/// Draws the avatar of the room.
pub(crate) fn room(circle: Rect) {
    draw::disc(circle, palette().accent);
    icon::draw(Icon::Hash, 18, palette().on_accent, circle);
}

/// Draws the dot of somebody present or absent at an avatar's lower right, with a ring of the `ground` around it.
pub(crate) fn dot(circle: Rect, colour: Color, ground: Color) {
    let dot = Rect::new(circle.right() - 10, circle.bottom() - 10, 11, 11);
    draw::disc(dot.inset(-2), ground);
    draw::disc(dot, colour);
}

/// Draws the lock of a private conversation in the same place.
pub(crate) fn lock(circle: Rect, ground: Color) {
    let badge = Rect::new(circle.right() - 11, circle.bottom() - 11, 14, 14);
    draw::disc(badge.inset(-2), ground);
    draw::disc(badge, palette().private);
    icon::draw(Icon::Lock, 8, palette().on_accent, badge);
}

/// The first letter or digit of a name, in upper case.
pub(crate) fn initial(name: &str) -> String {
    let first = letters(name).next().or_else(|| name.graphemes(true).next());
    first.unwrap_or_default().to_uppercase()
}

/// What tells a name from `others` where none of them stands beside its avatar: the initial, with another letter behind
/// it if somebody has the same one. If there is one, that is a letter which nobody of those has in its place.
pub(crate) fn telling_letters<'a>(name: &str, others: impl Iterator<Item = &'a str>) -> String {
    let initial = initial(name);
    let namesakes: Vec<Vec<&str>> = others
        .filter(|other| crate::view::kit::avatar::initial(other) == initial)
        .map(|other| letters(other).collect())
        .collect();
    if namesakes.is_empty() {
        return initial;
    }
    let mut more = letters(name).enumerate().skip(1);
    let tells = |&(at, letter): &(usize, &str)| namesakes.iter().all(|other| other.get(at) != Some(&letter));
    let second = more.clone().find(tells).or_else(|| more.next());
    format!("{initial}{}", second.map(|(_, letter)| letter.to_lowercase()).unwrap_or_default())
}

fn letters(name: &str) -> impl Iterator<Item = &str> + Clone {
    name.graphemes(true).filter(|grapheme| grapheme.chars().any(char::is_alphanumeric))
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

    #[test]
    fn letters_tell_names_apart() {
        for (names, expected) in [
            (&["ana", "bia"][..], &["A", "B"][..]),
            (&["bia", "bruno", "beto", "caio"], &["Bi", "Br", "Be", "C"]),
            (&["bia", "bianca"], &["Bi", "Bn"]),
            (&["b", "_B_2"], &["B", "B2"]),
            (&["érica", "Éder"], &["Ér", "Éd"]),
            (&[], &[]),
        ] {
            let telling = names.iter().enumerate().map(|(nth, name)| {
                let others = names.iter().enumerate().filter(|(at, _)| *at != nth);
                telling_letters(name, others.map(|(_, other)| *other))
            });
            assert_eq!(telling.collect::<Vec<String>>(), expected, "{names:?}");
        }
    }
}

//! The palette of both looks, the colours of names, the fonts.

use std::cell::Cell;

use fltk::app;
use fltk::enums::{Color, Font};
use fltk::misc::Tooltip;

use crate::core::Theme;
use crate::platform::fonts;

/// Makes the palettes of both looks from one table: a colour's use, its name, and the colour itself, light and dark.
macro_rules! palettes {
    ($($(#[$use:meta])+ $name:ident: $light:literal, $dark:literal;)+) => {
        /// The colours of one look, each with the use it is meant for; contrasts were measured for those uses alone.
        #[derive(Debug)]
        pub(crate) struct Palette {
            $($(#[$use])+ pub(crate) $name: Color,)+
        }

        const LIGHT: Palette = Palette { $($name: rgb($light)),+ };
        const DARK: Palette = Palette { $($name: rgb($dark)),+ };
    };
}

palettes! {
    /// The conversation and the windows.
    ground: 0xFF_FFFF, 0x12_181D;
    /// Side columns, status bar, day chip.
    side: 0xF3_F6F7, 0x18_2026;
    /// Hovered row, filter field, disabled button.
    raised: 0xE8_EDEF, 0x22_2C34;
    /// Dividers, edges of quiet buttons and menus.
    line: 0xDC_E3E6, 0x2A_353E;
    /// The thumb of the scroll bar.
    bar: 0xC3_CDD2, 0x3B_4853;
    /// The edge of an unfocused field, the dot of somebody absent. Never text.
    edge: 0x7F_8C94, 0x66_7580;
    /// Text.
    text: 0x17_212B, 0xE4_EAEE;
    /// Times, addresses, joins and leaves, hints.
    soft: 0x53_616D, 0x9B_A9B4;
    /// Buttons, focus, caret, links, badges. Never text on `chosen`.
    accent: 0x0A_7771, 0x45_C8BC;
    /// `accent` under the pointer.
    accent_hover: 0x08_5F5A, 0x6A_DACF;
    /// Text on `accent`, `private` and `new`.
    on_accent: 0xFF_FFFF, 0x04_211F;
    /// The ground of the chosen conversation.
    chosen: 0xD8_EEEB, 0x17_393A;
    /// The ground of selected text, which is all painted as `text`.
    mark: 0xB9_E2DD, 0x1F_5A58;
    /// What is private: chip, field edge, badge, bar.
    private: 0x76_37AE, 0xCB_A6F7;
    /// `private` under the pointer.
    private_hover: 0x5F_2891, 0xDB_C1FA;
    /// The ground of what is private.
    private_ground: 0xF6_F0FC, 0x24_1D33;
    /// "novas mensagens".
    new: 0xB9_3A12, 0xFF_9A6C;
    /// Text of errors.
    error: 0xB3_261E, 0xFF_8A80;
    /// The ground of a field in error.
    error_ground: 0xFD_F1F0, 0x33_1C1C;
    /// Text of the banner.
    warning: 0x7A_4A00, 0xF6_C768;
    /// The ground of the banner.
    warning_ground: 0xFF_F2D1, 0x33_290F;
    /// The dot of a connection that is lost.
    amber: 0xB8_6E00, 0xF6_C768;
    /// The dot of somebody present. Never text.
    ok: 0x1D_8A4C, 0x4C_C98A;
    /// The initial in an avatar.
    initial: 0xFF_FFFF, 0x12_181D;
}

/// The colours of the ten hues of names, light and dark.
const NAMES: [(Color, Color); 10] = [
    (rgb(0xBD_3838), rgb(0xFE_A199)),
    (rgb(0xA2_5302), rgb(0xFC_A76C)),
    (rgb(0x85_6302), rgb(0xE3_B756)),
    (rgb(0x65_6E06), rgb(0xBB_C764)),
    (rgb(0x02_7936), rgb(0x7F_D492)),
    (rgb(0x07_747E), rgb(0x39_D4E4)),
    (rgb(0x00_6DAD), rgb(0x82_C5FD)),
    (rgb(0x53_5DCC), rgb(0xAA_B9FF)),
    (rgb(0x8D_4BB7), rgb(0xD6_A7FA)),
    (rgb(0xB3_3A7E), rgb(0xFA_9BC9)),
];

thread_local! {
    // Like FLTK's own colours and fonts, the look is one for all windows, and only the main thread draws.
    static THEME: Cell<Theme> = const { Cell::new(Theme::Light) };
}

/// Changes the look; what is on the screen has to be redrawn.
pub(crate) fn set(theme: Theme) {
    THEME.set(theme);
    let palette = palette();
    // What FLTK draws by itself, which is its dialogs, takes these.
    for (colour, change) in [
        (palette.ground, app::set_background_color as fn(u8, u8, u8)),
        (palette.ground, app::set_background2_color),
        (palette.text, app::set_foreground_color),
        (palette.mark, app::set_selection_color),
    ] {
        let (red, green, blue) = colour.to_rgb();
        change(red, green, blue);
    }
    Tooltip::set_color(palette.raised);
    Tooltip::set_text_color(palette.text);
    Tooltip::set_font(REGULAR);
    Tooltip::set_font_size(12);
}

/// Whether the dark look is on.
pub(crate) fn is_dark() -> bool {
    THEME.get() == Theme::Dark
}

/// The colours of the look that is on.
pub(crate) fn palette() -> &'static Palette {
    match THEME.get() {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
    }
}

/// The colour of a name, the same everywhere and on every machine.
pub(crate) fn name_colour(name: &str) -> Color {
    let hue = NAMES.get(hue(name)).map(|(light, dark)| if is_dark() { *dark } else { *light });
    hue.unwrap_or(palette().text)
}

/// Which of the ten hues a name has: FNV-1a of its lower case, mixed, because FNV alone gives similar names the
/// same hue too often.
fn hue(name: &str) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    for byte in name.to_lowercase().bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x735a_2d97);
    hash ^= hash >> 15;
    hash as usize % NAMES.len()
}

/// The font of text.
pub(crate) const REGULAR: Font = Font::Helvetica;
/// The font of names, headings and buttons.
pub(crate) const STRONG: Font = Font::HelveticaBold;

/// Puts our families into FLTK's slots; once, before the first window.
pub(crate) fn load_fonts() {
    let (regular, strong) = fonts::FAMILIES;
    Font::set_font(REGULAR, regular);
    Font::set_font(STRONG, strong);
    app::set_font_size(14);
}

const fn rgb(hex: u32) -> Color {
    Color::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_people_of_the_pictures_have_the_hues_of_the_pictures() {
        for (name, expected) in [("ana", 1), ("bia", 5), ("caio", 0), ("eva", 9), ("joão.conceição", 3)] {
            assert_eq!(hue(name), expected, "{name}");
        }
    }

    #[test]
    fn case_does_not_change_a_hue() {
        assert_eq!(hue("Érica"), hue("éRICA"));
    }
}

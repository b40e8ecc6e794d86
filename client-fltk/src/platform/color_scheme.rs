//! Whether the desktop prefers a dark or a light look.

use super::background;
use crate::core::Theme;

/// Asks the desktop and calls `tell` if it prefers one.
pub fn ask(tell: impl FnOnce(Theme) + Send + 'static) {
    background::run("color-scheme", || match dark_light::detect() {
        Ok(dark_light::Mode::Dark) => tell(Theme::Dark),
        Ok(dark_light::Mode::Light) => tell(Theme::Light),
        Ok(dark_light::Mode::Unspecified) | Err(_) => {}
    });
}

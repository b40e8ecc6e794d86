//! The look and the size of the text: the desktop's choice until the person makes one.

use serde::{Deserialize, Serialize};

use crate::core::Effect;
use crate::core::model::Model;

/// The look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Dark text on light ground.
    #[default]
    Light,
    /// Light text on dark ground.
    Dark,
}

/// A step of the text's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextStep {
    /// Ctrl +.
    Larger,
    /// Ctrl −.
    Smaller,
    /// Ctrl 0.
    Usual,
}

/// The sizes there are, in percent.
const SIZES: [u16; 8] = [80, 90, 100, 110, 125, 150, 175, 200];

impl TextStep {
    /// The size that counts as 100 %.
    pub const USUAL: u16 = 100;
    /// The smallest size.
    pub const SMALLEST: u16 = SIZES[0];

    /// The size after this step from `size`.
    fn from(self, size: u16) -> u16 {
        let next = match self {
            TextStep::Larger => SIZES.into_iter().find(|&it| it > size),
            TextStep::Smaller => SIZES.into_iter().rfind(|&it| it < size),
            TextStep::Usual => Some(TextStep::USUAL),
        };
        next.unwrap_or(size)
    }
}

/// What was remembered, whatever the file says.
pub(crate) fn text_size(remembered: Option<u16>) -> u16 {
    let nearest = |size: u16| SIZES.into_iter().min_by_key(|it| it.abs_diff(size));
    remembered.and_then(nearest).unwrap_or(TextStep::USUAL)
}

impl Model {
    pub(crate) fn toggle_theme(&mut self) {
        self.state.theme = match self.state.theme {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        self.settings.theme = Some(self.state.theme);
        self.request(Effect::Save(self.settings.clone()));
    }

    /// Counts for as long as the person has chosen nothing.
    pub(crate) fn follow_desktop(&mut self, theme: Theme) {
        if self.settings.theme.is_none() {
            self.state.theme = theme;
        }
    }

    pub(crate) fn resize_text(&mut self, step: TextStep) {
        let size = step.from(self.state.text_size);
        if size != self.state.text_size {
            self.state.text_size = size;
            self.settings.text_size = Some(size);
            self.request(Effect::Save(self.settings.clone()));
        }
    }

    pub(crate) fn toggle_sound(&mut self) {
        self.state.sound = !self.state.sound;
        self.settings.muted = !self.state.sound;
        self.request(Effect::Save(self.settings.clone()));
    }
}

//! The look, the size of the text and the sound: the desktop's choice until the user makes one.

use crate::core::model::Model;
use crate::core::{Effect, TextStep, Theme};

impl Model {
    pub(crate) fn toggle_theme(&mut self) {
        self.state.theme = match self.state.theme {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        };
        self.preferences.theme = Some(self.state.theme);
        self.request(Effect::Save(self.preferences.clone()));
    }

    /// Counts for as long as the person has chosen nothing.
    pub(crate) fn follow_desktop(&mut self, theme: Theme) {
        if self.preferences.theme.is_none() {
            self.state.theme = theme;
        }
    }

    pub(crate) fn resize_text(&mut self, step: TextStep) {
        let size = step.from(self.state.text_size);
        if size != self.state.text_size {
            self.state.text_size = size;
            self.preferences.text_size = Some(size);
            self.request(Effect::Save(self.preferences.clone()));
        }
    }

    pub(crate) fn toggle_sound(&mut self) {
        self.state.sound = !self.state.sound;
        self.preferences.muted = !self.state.sound;
        self.request(Effect::Save(self.preferences.clone()));
    }
}

//! The size of the text: FLTK scales whole windows and stays crisp.

use fltk::app;

use crate::state::TextStep;

/// How large everything is drawn.
pub(super) struct Scale {
    /// Of each screen, as the desktop wants it.
    desktop: Vec<f32>,
    /// What the person wants of that, in percent.
    percent: u16,
}

impl Scale {
    /// What the desktop wants. FLTK's own keys for it are switched off.
    pub(super) fn of_desktop() -> Scale {
        app::keyboard_screen_scaling(false);
        let desktop = (0..app::screen_count()).map(app::screen_scale).collect();
        Scale { desktop, percent: TextStep::USUAL }
    }

    /// Draws everything at `percent` of what the desktop wants. A window then takes that much more of the screen: the
    /// answer is by how much its size has to be multiplied to take as much as before, `None` if nothing changed.
    pub(super) fn set(&mut self, percent: u16) -> Option<f32> {
        let before = std::mem::replace(&mut self.percent, percent);
        if before == percent {
            return None;
        }
        for (number, scale) in self.desktop.iter().enumerate() {
            app::set_screen_scale(number as i32, scale * f32::from(percent) / f32::from(TextStep::USUAL));
        }
        Some(f32::from(before) / f32::from(percent))
    }
}

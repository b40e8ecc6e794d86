//! What is on the screen: both windows, and the only names of widgets.

mod avatar;
mod bars;
mod button;
mod composer;
mod conversation;
mod dates;
mod dialogs;
mod draw;
mod entering;
mod field;
mod find;
mod focus;
mod geometry;
mod help;
mod icon;
mod keys;
mod layout;
mod list;
mod menu;
mod overlay;
mod panel;
mod people;
mod reader;
mod scale;
mod shadow;
mod side;
mod sight;
mod tag;
mod talking;
mod theme;

use std::path::PathBuf;

use fltk::app::Sender;

use self::entering::Entering;
use self::reader::Reader;
use self::scale::Scale;
use self::talking::Talking;
use crate::message::Message;
use crate::state::{Phase, State, Theme};

/// Both windows.
pub struct View {
    entering: Entering,
    talking: Talking,
    theme: Option<Theme>,
    scale: Scale,
    reader: Reader,
}

impl View {
    /// Builds both windows, hidden.
    pub fn new(sender: Sender<Message>) -> View {
        theme::load_fonts();
        let scale = Scale::of_desktop();
        View {
            entering: Entering::new(sender),
            talking: Talking::new(sender),
            theme: None,
            scale,
            reader: Reader::new(sender),
        }
    }

    /// Brings the screen in line with the state. What did not change is not touched.
    pub fn show(&mut self, state: &State) {
        if self.theme != Some(state.theme) {
            self.dress(state);
        }
        let is_entering = matches!(state.phase, Phase::Entering | Phase::Connecting);
        let text_size = if is_entering { self.scale.fitting(state.text_size, Entering::SIZE) } else { state.text_size };
        if !self.scale.is(text_size) {
            let before = self.talking.place();
            self.scale.set(text_size);
            self.talking.rescale(before, text_size);
        }
        if is_entering {
            self.entering.show(state);
            self.entering.open();
            self.talking.close();
        } else {
            self.talking.show(state);
            self.talking.open();
            self.entering.close();
        }
        let focus = self.entering.focus().or_else(|| self.talking.focus());
        self.reader.tell(state, focus);
    }

    fn dress(&mut self, state: &State) {
        if self.theme.is_none() {
            self.talking.set_size(state.window);
        }
        self.theme = Some(state.theme);
        theme::set(state.theme);
        self.entering.dress();
        self.talking.dress();
    }

    /// Tab completed nothing: the focus goes where it would take it.
    pub fn focus_next(&mut self) {
        self.talking.focus_next();
    }

    /// The talking window as the system knows it, while it is up; `None` on systems that know no urgency hint.
    pub fn window_handle(&self) -> Option<u64> {
        self.talking.handle()
    }

    /// FLTK's own alert, in our colours. It runs its own event loop.
    pub fn alert(&self, title: &str, text: &str) {
        dialogs::alert(title, text);
    }

    /// FLTK's own question with two answers; true for `yes`. It runs its own event loop.
    pub fn ask(&self, title: &str, text: &str, yes: &str, no: &str) -> bool {
        dialogs::ask(title, text, yes, no)
    }

    /// Asks where to save a file; `None` if nowhere.
    pub fn save_dialog(&self, suggested: &str) -> Option<PathBuf> {
        dialogs::save(suggested)
    }
}

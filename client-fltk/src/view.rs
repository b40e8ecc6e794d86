//! The view: both windows. Nothing outside of it names a widget.

mod alert;
pub(crate) mod chat_window;
mod composer;
pub(crate) mod connect_window;
mod dates;
pub(crate) mod keymap;
pub(crate) mod kit;
pub(crate) mod timeline;

use std::collections::HashMap;

use accesskit::ActionRequest;
use fltk::app::{self, Sender};
use fltk::prelude::*;
use fltk::window::DoubleWindow;

pub use crate::view::alert::alert;

use crate::accessibility::adapter::{Reader, Window};
use crate::accessibility::tree::{Actions, Tree};
use crate::core::message::Message;
use crate::core::{Phase, State, Theme};
use crate::dispatch::Dispatch;
use crate::view::chat_window::ChatWindow;
use crate::view::connect_window::ConnectWindow;
use crate::view::kit::scale::Scale;
use crate::view::kit::{Accessible as _, focus, theme};

/// Both windows.
pub struct View {
    entering: ConnectWindow,
    talking: ChatWindow,
    theme: Option<Theme>,
    scale: Scale,
    reader: Reader,
    /// The actions that a screen reader may request, as of the tree that it was given last.
    actions: Actions,
    /// Whether the state may have changed since a screen reader was given a tree.
    is_untold: bool,
}

impl View {
    /// Builds both windows, hidden. Their widgets send messages to `dispatch`, screen readers through `sender`.
    pub fn new(dispatch: &Dispatch, sender: Sender<Message>) -> View {
        theme::load_fonts();
        let scale = Scale::of_desktop();
        View {
            entering: ConnectWindow::new(dispatch.clone()),
            talking: ChatWindow::new(dispatch.clone()),
            theme: None,
            scale,
            reader: Reader::new(sender),
            actions: HashMap::new(),
            is_untold: true,
        }
    }

    /// Updates the screen to the state. Unchanged parts are not touched.
    pub fn show(&mut self, state: &State) {
        if self.theme != Some(state.theme()) {
            self.dress(state);
        }
        let is_entering = matches!(state.session.phase, Phase::Entering | Phase::Connecting);
        self.scale.follow_desktop();
        let text_size = if is_entering {
            self.scale.fitting(state.preferences.text_size(), ConnectWindow::SIZE)
        } else {
            state.preferences.text_size()
        };
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
        self.is_untold = true;
    }

    /// Gives screen readers the tree of the window that is up, if anything in it has changed: by the state, or by itself,
    /// which shows in that it `is_drawn` anew.
    pub fn tell(&mut self, state: &State, is_drawn: bool) {
        if !std::mem::take(&mut self.is_untold) && !is_drawn {
            return;
        }
        let (entering, talking, actions) = (&self.entering, &self.talking, &mut self.actions);
        let finish = |tree: Tree, window: &DoubleWindow, actions: &mut Actions| {
            let scale = app::screen_scale(window.screen_num());
            let (update, asked) = tree.finish(&window.label(), (window.w(), window.h()), f64::from(scale));
            *actions = asked;
            update
        };
        let mut tree = Tree::default();
        if entering.window.shown() {
            self.reader.tell(Window::Connect, focus::has_keys(&entering.window), || {
                entering.tell(&mut tree);
                finish(tree, &entering.window, actions)
            });
        } else {
            self.reader.tell(Window::Chat, focus::has_keys(&talking.window), || {
                talking.tell(state, &mut tree);
                finish(tree, &talking.window, actions)
            });
        }
    }

    /// Does what a screen reader requests of a part; nothing if the part is gone.
    pub fn act(&self, request: &ActionRequest) {
        let actions = self.actions.get(&request.target).into_iter().flatten();
        for run in actions.filter(|(action, _)| *action == request.action).map(|(_, run)| run) {
            run(request.data.as_ref());
        }
    }

    fn dress(&mut self, state: &State) {
        if self.theme.is_none() {
            self.talking.set_size(state.preferences.window);
        }
        self.theme = Some(state.theme());
        theme::set(state.theme());
        self.entering.dress();
        self.talking.dress();
    }

    /// Moves the focus as Tab does, for when Tab completed nothing.
    pub fn focus_next(&mut self) {
        self.talking.focus_next();
    }

    /// The chat window's handle in the system, while it is up; `None` on systems that know no urgency hint.
    pub fn window_handle(&self) -> Option<u64> {
        self.talking.handle()
    }
}

//! Which part of a window has its keys.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app;
use fltk::prelude::*;
use fltk::widget::Widget;
use fltk::window::DoubleWindow;

use crate::view::kit::overlay::Overlay;

/// Moves the keys within one window, and never takes them from another one: FLTK calls a window to the front when a part
/// of it takes the focus. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct FocusKeeper {
    window: DoubleWindow,
    /// Who gets them when the window has them again.
    owed: Rc<RefCell<Option<Widget>>>,
}

impl FocusKeeper {
    /// Those of `window`.
    pub(crate) fn new(window: &DoubleWindow) -> FocusKeeper {
        FocusKeeper { window: window.clone(), owed: Rc::default() }
    }

    /// Gives them to `part`: at once if the window has them, else when it gets them.
    pub(crate) fn give(&self, part: &impl WidgetExt) {
        let mut part = part.as_base_widget();
        if self.are_here() {
            self.owed.take();
            part.take_focus().ok();
        } else {
            self.owed.replace(Some(part));
        }
    }

    /// The window gets them. What is owed is given later: FLTK gives them to the part that had them last, or to the
    /// first one, after this. By then they may be with another window again.
    pub(crate) fn come(&self, overlays: Vec<Overlay>) {
        let keys = self.clone();
        app::add_timeout3(0.0, move |_| {
            if !keys.are_here() {
                return;
            }
            overlays.clone().iter_mut().for_each(Overlay::come_to_front);
            let owed = keys.owed.take();
            if let Some(mut part) = owed.filter(|_| !overlays.iter().any(Overlay::is_open)) {
                part.take_focus().ok();
            }
        });
    }

    fn are_here(&self) -> bool {
        app::focus().is_some_and(|focus| focus.inside(&self.window))
    }
}

//! Which part of a window has its keys.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app;
use fltk::prelude::*;
use fltk::widget::Widget;
use fltk::window::DoubleWindow;

use crate::view::kit::overlay::Overlay;
use crate::view::kit::timer::Timer;

/// Moves the keys within one window, and never takes them from another one: FLTK calls a window to the front when a part
/// of it takes the focus. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct FocusKeeper {
    window: DoubleWindow,
    /// The part that gets them when the window has them again.
    pending: Rc<RefCell<Option<Widget>>>,
    overlays: Rc<RefCell<Vec<Overlay>>>,
    /// Gives them, soon after the window got them.
    timer: Timer,
}

impl FocusKeeper {
    /// Those of `window`.
    pub(crate) fn new(window: &DoubleWindow) -> FocusKeeper {
        let pending = Rc::<RefCell<Option<Widget>>>::default();
        let overlays = Rc::<RefCell<Vec<Overlay>>>::default();
        let timer = Timer::new({
            let (window, pending, overlays) = (window.clone(), Rc::clone(&pending), Rc::clone(&overlays));
            move || give_pending(&window, &pending, &overlays.borrow())
        });
        FocusKeeper { window: window.clone(), pending, overlays, timer }
    }

    /// Names what may open over the window: while one is up the keys are its.
    pub(crate) fn set_overlays(&self, overlays: Vec<Overlay>) {
        self.overlays.replace(overlays);
    }

    /// Gives them to `part`: at once if the window has them, else when it gets them.
    pub(crate) fn give(&self, part: &impl WidgetExt) {
        let mut part = part.as_base_widget();
        if has_keys(&self.window) {
            self.pending.take();
            part.take_focus().ok();
        } else {
            self.pending.replace(Some(part));
        }
    }

    /// The window gets them. What is pending is given later: FLTK gives them to the part that had them last, or to the
    /// first one, after this.
    pub(crate) fn come(&self) {
        self.timer.start(0.0);
    }
}

/// By now the keys may be with another window again.
fn give_pending(window: &DoubleWindow, pending: &RefCell<Option<Widget>>, overlays: &[Overlay]) {
    if !has_keys(window) {
        return;
    }
    overlays.to_vec().iter_mut().for_each(Overlay::come_to_front);
    let part = pending.take();
    if let Some(mut part) = part.filter(|_| !overlays.iter().any(Overlay::is_open)) {
        part.take_focus().ok();
    }
}

fn has_keys(window: &DoubleWindow) -> bool {
    app::focus().is_some_and(|focus| focus.inside(window))
}

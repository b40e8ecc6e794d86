//! The keyboard focus within a window.

use std::cell::RefCell;
use std::rc::Rc;

use fltk::app;
use fltk::enums::Damage;
use fltk::prelude::*;
use fltk::widget::Widget;
use fltk::window::DoubleWindow;

use crate::view::kit::{Overlay, Timer};

/// Moves the keyboard focus within one window, and never takes it from another one: FLTK calls a window to the front
/// when a part of it takes the focus. A clone is another handle of the same one.
#[derive(Clone)]
pub(crate) struct FocusKeeper {
    window: DoubleWindow,
    /// The part that gets the focus when the window has it again.
    pending: Rc<RefCell<Option<Widget>>>,
    overlays: Rc<RefCell<Vec<Overlay>>>,
    /// Gives the pending part the focus, soon after the window got it.
    timer: Timer,
}

impl FocusKeeper {
    /// The focus within `window`.
    pub(crate) fn new(window: &DoubleWindow) -> FocusKeeper {
        let pending = Rc::<RefCell<Option<Widget>>>::default();
        let overlays = Rc::<RefCell<Vec<Overlay>>>::default();
        let timer = Timer::new({
            let (window, pending, overlays) = (window.clone(), Rc::clone(&pending), Rc::clone(&overlays));
            move || give_pending(&window, &pending, &overlays.borrow())
        });
        FocusKeeper { window: window.clone(), pending, overlays, timer }
    }

    /// Sets the overlays that may open over the window: while one is up it has the focus. They and `others`, the last
    /// children of the window, are kept whole. What is drawn anew under one would paint over it, and its shadow drawn
    /// twice gets darker: whatever part of the window is drawn then is drawn with all its layers. FLTK clips that to the
    /// part.
    pub(crate) fn set_overlays(&mut self, overlays: &[&Overlay], others: &[&Widget]) {
        self.overlays.replace(overlays.iter().copied().cloned().collect());
        let above = overlays.iter().map(|overlay| &overlay.widget).chain(others.iter().copied());
        let above: Vec<Widget> = above.cloned().collect();
        self.window.super_draw_first(false);
        self.window.draw(move |window| {
            if above.iter().any(Widget::visible) {
                window.set_damage_type(Damage::All);
            }
        });
    }

    /// Gives the focus to `part`: at once if the window has it, else when the window gets it.
    pub(crate) fn give(&self, part: &impl WidgetExt) {
        let mut part = part.as_base_widget();
        if has_keys(&self.window) {
            self.pending.take();
            part.take_focus().ok();
        } else {
            self.pending.replace(Some(part));
        }
    }

    /// Call this when the window gets the focus. The pending part gets it later, since right after this FLTK gives it
    /// to the part that had it last, or to the first one.
    pub(crate) fn come(&self) {
        self.timer.start(0.0);
    }
}

/// Gives the pending part the focus, unless another window has it again by now, or an overlay is open.
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

/// Whether `window`, or a part of it, has the keyboard focus.
pub(crate) fn has_keys(window: &DoubleWindow) -> bool {
    app::focus().is_some_and(|focus| focus.inside(window))
}

//! What opens over a window and covers all of it: menus, the list of keys.

use fltk::enums::Damage;
use fltk::prelude::*;
use fltk::widget::Widget;
use fltk::window::DoubleWindow;

/// Keeps `overlays`, the last children of the window, whole while they are up. What is drawn anew under one would
/// paint over it, and its shadow drawn twice gets darker: whatever part of the window is drawn then is drawn with all
/// its layers. FLTK clips that to the part.
pub(super) fn keep_whole(window: &mut DoubleWindow, overlays: Vec<Widget>) {
    window.super_draw_first(false);
    window.draw(move |window| {
        if overlays.iter().any(Widget::visible) {
            window.set_damage_type(Damage::All);
        }
    });
}

/// Opens one over its whole window and gives it the keys.
pub(super) fn open(widget: &mut Widget) {
    let Some(mut window) = widget.window() else { return };
    widget.resize(0, 0, window.w(), window.h());
    widget.show();
    widget.take_focus().ok();
    window.redraw();
}

/// Closes one, if it is up, and gives the keys back to whoever had them `before`.
pub(super) fn close(widget: &mut Widget, before: Option<Widget>) {
    if !widget.visible() {
        return;
    }
    widget.hide();
    if let Some(mut before) = before {
        before.take_focus().ok();
    }
    redraw(widget);
}

/// Draws it anew, and so the whole window.
pub(super) fn redraw(widget: &Widget) {
    if let Some(mut window) = widget.window() {
        window.redraw();
    }
}

//! FLTK's own alert, which says why nobody got in, dressed as far as FLTK lets.

use fltk::dialog;
use fltk::enums::{FrameType, Key, Shortcut};
use fltk::prelude::*;
use fltk::widget::Widget;
use fltk::{app, group};

use crate::strings::window as strings;
use crate::text::line_breaks::wrap;
use crate::view::kit::button::{Button, Face, Kind};
use crate::view::kit::draw;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme;
use crate::view::kit::theme::palette;
use crate::view::kit::timer::Timer;

/// The height of the buttons, and their distance from the edges.
const HEIGHT: i32 = 32;
const MARGIN: i32 = 10;
/// The widest line of a dialog's text, in pixels: the smallest screen has room for it at any size of the text.
const WIDEST: f32 = 440.0;

/// Tells something that has to be read.
pub fn alert(title: &str, text: &str) {
    prepare(title, "!");
    dress_when_open();
    let text = broken(text);
    let (x, y) = place(&text);
    dialog::alert(x, y, &plain(&text));
}

fn prepare(title: &str, sign: &str) {
    dialog::message_title(title);
    dialog::message_set_font(theme::REGULAR, 14);
    dialog::message_set_hotspot(false);
    dialog::message_icon_label(sign);
    let mut icon = dialog::message_icon();
    icon.set_frame(FrameType::OFlatFrame);
    icon.set_color(palette().raised);
    icon.set_label_color(palette().accent);
}

/// In lines of which none is too wide: FLTK breaks none, and a dialog has its buttons at its right edge.
fn broken(text: &str) -> String {
    draw::BODY.select();
    let lines = wrap(text, WIDEST, |part| fltk::draw::width(part) as f32);
    lines.into_iter().filter_map(|line| text.get(line)).collect::<Vec<_>>().join("\n")
}

/// The dialogs' text is a label, in which `@` begins a symbol.
fn plain(text: &str) -> String {
    text.replace('@', "@@")
}

/// A dialog runs its own loop, in which this comes first: FLTK offers no other way to its buttons.
fn dress_when_open() {
    thread_local! {
        static TIMER: Timer = Timer::new(|| {
            let group = app::modal().and_then(|window| window.as_group());
            group.iter().for_each(dress);
        });
    }
    TIMER.with(|timer| timer.start(0.0));
}

/// Puts a button of ours in place of FLTK's, whose box and arrow no colour mends, and presses FLTK's with it.
fn dress(group: &group::Group) {
    let children = (0..group.children()).filter_map(|index| group.child(index));
    let buttons = children.filter(|child| child.frame() == FrameType::UpBox && child.visible());
    for theirs in buttons {
        let mut ours = Button::new(Face::words(Kind::Primary, strings::CLOSE), |colours| colours.ground);
        let width = (draw::NAME.width(strings::CLOSE) + 32).max(88);
        ours.resize(Rect::new(group.w() - MARGIN - width, group.h() - HEIGHT - MARGIN, width, HEIGHT));
        replace(group, &theirs, &mut ours);
        ours.widget.set_shortcut(Shortcut::from_key(Key::Enter));
        ours.widget.take_focus().ok();
    }
}

fn replace(group: &group::Group, theirs: &Widget, ours: &mut Button) {
    let mut theirs = theirs.clone();
    group.clone().add(&ours.widget);
    theirs.hide();
    ours.on_click(move || theirs.do_callback());
    ours.widget.show();
}

/// Over the middle of the window in front, or of the screen while there is none, or none that has its place yet.
fn place(text: &str) -> (i32, i32) {
    let window = app::first_window().filter(|window| window.visible() && (window.x(), window.y()) != (0, 0));
    let (x, y, w, h) = app::screen_work_area(window.as_ref().map_or(0, WindowExt::screen_num));
    let screen = Rect::new(x, y, w, h);
    draw::BODY.select();
    let (w, h) = size(fltk::draw::measure(text, false));
    let over = window.map_or(screen, |window| Rect::of(&window));
    let middle = (over.x + (over.w - w) / 2, over.y + (over.h - h) / 2);
    (middle.0.min(screen.right() - w).max(screen.x), middle.1.min(screen.bottom() - h).max(screen.y))
}

/// What FLTK makes of a text of that size, whose dialog it places before anybody can ask for its own.
fn size((w, h): (i32, i32)) -> (i32, i32) {
    ((w + 10).max(340) + 80, (h + 10).max(30) + 58)
}

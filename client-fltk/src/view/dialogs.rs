//! FLTK's own dialogs, dressed as far as FLTK lets.

use std::path::PathBuf;

use fltk::app::Option as AppOption;
use fltk::dialog::{self, FileChooser, FileDialogOptions, FileDialogType, NativeFileChooser};
use fltk::enums::{FrameType, Key, Shortcut};
use fltk::prelude::*;
use fltk::widget::Widget;
use fltk::{app, group};

use crate::strings::{chooser, window as strings};
use crate::text::line_breaks::wrap;
use crate::view::kit::button::{Button, Kind};
use crate::view::kit::draw;
use crate::view::kit::rect::Rect;
use crate::view::kit::theme;
use crate::view::kit::theme::palette;

/// The height of the buttons, and their distance from the edges.
const HEIGHT: i32 = 32;
const MARGIN: i32 = 10;
/// The widest line of a dialog's text, in pixels: the smallest screen has room for it at any size of the text.
const WIDEST: f32 = 440.0;

/// Tells something that has to be read.
pub fn alert(title: &str, text: &str) {
    prepare(title, "!");
    dress_when_open(Some(strings::CLOSE));
    let text = broken(text);
    let (x, y) = place(&text);
    dialog::alert(x, y, &plain(&text));
}

/// Asks; true for `yes`.
pub fn ask(title: &str, text: &str, yes: &str, no: &str) -> bool {
    prepare(title, "?");
    dress_when_open(None);
    let text = broken(text);
    let (x, y) = place(&text);
    dialog::choice2(x, y, &plain(&text), &plain(no), &plain(yes), "") == Some(1)
}

/// Asks where to save a file, until it is one that may be written.
pub(crate) fn save(suggested: &str) -> Option<PathBuf> {
    loop {
        let path = choose(suggested)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // FLTK itself would ask in English.
        let may_go =
            || ask(strings::REPLACE_TITLE, &strings::replace_question(&name), strings::REPLACE, strings::CANCEL);
        if !path.exists() || may_go() {
            return Some(path);
        }
    }
}

/// Opens the file dialog: of the system on Windows and macOS, elsewhere of FLTK. GTK's, which FLTK would load where the
/// library is installed, is another one on each machine, speaks the language of the session, and does not always take
/// Enter.
fn choose(suggested: &str) -> Option<PathBuf> {
    app::set_option(AppOption::FnfcUsesGtk, false);
    translate_chooser();
    let mut chooser = NativeFileChooser::new(FileDialogType::BrowseSaveFile);
    if cfg!(any(windows, target_os = "macos")) {
        chooser.set_title(strings::SAVE_TITLE);
    } else {
        finish_chooser_when_open();
    }
    chooser.set_filter(strings::SAVE_FILTER);
    chooser.set_option(FileDialogOptions::NewFolder);
    chooser.set_preset_file(suggested);
    chooser.show();
    Some(chooser.filename()).filter(|path| !path.as_os_str().is_empty())
}

/// Gives FLTK's file dialog its title and the words of its two buttons once it is open. FLTK has no setting for the
/// words, and keeps no copy of a title that is set before.
fn finish_chooser_when_open() {
    app::add_timeout3(0.0, |_| {
        let Some(mut window) = app::modal() else { return };
        window.set_label(strings::SAVE_TITLE);
        if let Some(group) = window.as_group() {
            dress_chooser(&group);
        }
    });
}

/// Mends the words and the frames of a part of FLTK's file dialog: frames with a light and a dark side are half lost on
/// our grounds.
fn dress_chooser(group: &group::Group) {
    for mut child in (0..group.children()).filter_map(|index| group.child(index)) {
        match child.label().as_str() {
            "OK" => child.set_label(chooser::SAVE),
            "Cancel" => child.set_label(strings::CANCEL),
            _ => {}
        }
        if matches!(child.frame(), FrameType::UpBox | FrameType::DownBox) {
            child.set_frame(FrameType::BorderBox);
        }
        if let Some(inner) = child.as_group() {
            dress_chooser(&inner);
        }
    }
}

/// The words for which FLTK's file dialog has settings.
fn translate_chooser() {
    FileChooser::set_preview_label(chooser::PREVIEW);
    FileChooser::set_hidden_label(chooser::HIDDEN);
    FileChooser::set_save_label(chooser::SAVE);
    FileChooser::set_show_label(chooser::SHOW);
    FileChooser::set_filename_label(chooser::FILE_NAME);
    FileChooser::set_favorites_label(chooser::FAVORITES);
    FileChooser::set_add_favorites_label(chooser::ADD_FAVORITES);
    FileChooser::set_manage_favorites_label(chooser::MANAGE_FAVORITES);
    FileChooser::set_filesystems_label(chooser::FILE_SYSTEMS);
    FileChooser::set_new_directory_label(chooser::NEW_FOLDER);
    FileChooser::set_new_directory_tooltip(chooser::NEW_FOLDER_TIP);
    FileChooser::set_existing_file_label(chooser::EXISTING);
    FileChooser::set_all_files_label(chooser::ALL_FILES);
    FileChooser::set_custom_filter_label(chooser::FILTER);
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
fn dress_when_open(answer: Option<&'static str>) {
    app::add_timeout3(0.0, move |_| {
        let Some(window) = app::modal() else { return };
        let Some(group) = window.as_group() else { return };
        dress(&group, answer);
    });
}

/// Puts buttons of ours in place of FLTK's, whose box and arrow no colour mends, and presses FLTK's with them.
fn dress(group: &group::Group, answer: Option<&str>) {
    let children = (0..group.children()).filter_map(|index| group.child(index));
    let buttons: Vec<Widget> = children.filter(|child| child.frame() == FrameType::UpBox).collect();
    let mut right = group.w() - MARGIN;
    // The last of the three stands at the right; the one in the middle is the one that Enter presses.
    for (index, theirs) in buttons.iter().enumerate().rev().filter(|(_, theirs)| theirs.visible()) {
        let text = answer.map_or_else(|| theirs.label(), str::to_owned);
        let kind = if index == 1 { Kind::Primary } else { Kind::Quiet };
        let mut ours = Button::new(kind, None, &text, |colours| colours.ground);
        let width = (draw::NAME.width(&text) + 32).max(88);
        ours.resize(Rect::new(right - width, group.h() - HEIGHT - MARGIN, width, HEIGHT));
        right -= width + 8;
        replace(group, theirs, &mut ours);
        if kind == Kind::Primary {
            ours.widget.set_shortcut(Shortcut::from_key(Key::Enter));
            ours.widget.take_focus().ok();
        }
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

//! FLTK's own dialogs, dressed as far as FLTK lets.

use std::path::PathBuf;

use fltk::dialog::{self, FileDialogOptions, FileDialogType, NativeFileChooser};
use fltk::enums::FrameType;
use fltk::prelude::*;
use fltk::{app, group};

use super::theme::{self, palette};
use crate::strings::window as strings;

/// Tells something that has to be read.
pub(super) fn alert(title: &str, text: &str) {
    prepare(title, "!");
    dress_when_open(Some(strings::CLOSE));
    let (x, y) = place();
    dialog::alert(x, y, &plain(text));
}

/// Asks; true for `yes`.
pub(super) fn ask(title: &str, text: &str, yes: &str, no: &str) -> bool {
    prepare(title, "?");
    dress_when_open(None);
    let (x, y) = place();
    dialog::choice2(x, y, &plain(text), &plain(no), &plain(yes), "") == Some(1)
}

/// Asks where to save a file.
pub(super) fn save(suggested: &str) -> Option<PathBuf> {
    let mut chooser = NativeFileChooser::new(FileDialogType::BrowseSaveFile);
    chooser.set_title(strings::SAVE_TITLE);
    chooser.set_filter(strings::SAVE_FILTER);
    chooser.set_option(FileDialogOptions::SaveAsConfirm | FileDialogOptions::NewFolder);
    chooser.set_preset_file(suggested);
    chooser.show();
    Some(chooser.filename()).filter(|path| !path.as_os_str().is_empty())
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

/// The dialogs' text is a label, in which `@` begins a symbol and `&` a shortcut.
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

fn dress(group: &group::Group, answer: Option<&'static str>) {
    let colours = palette();
    for mut child in (0..group.children()).filter_map(|index| group.child(index)) {
        if !matches!(child.frame(), FrameType::UpBox) {
            continue;
        }
        child.set_frame(FrameType::RFlatBox);
        child.set_color(colours.raised);
        child.set_label_color(colours.text);
        child.set_label_font(theme::STRONG);
        if let Some(answer) = answer {
            child.set_label(answer);
        }
        child.redraw();
    }
}

/// Over the window in front, or near the upper left of the screen.
fn place() -> (i32, i32) {
    let window = app::first_window().filter(WidgetExt::visible);
    window.map_or((200, 200), |window| (window.x() + window.w() / 2 - 200, window.y() + window.h() / 2 - 75))
}

//! The content of each dialog of the chat window.

use crate::core::Dialog;
use crate::strings;
use crate::strings::{connecting, help, window};
use crate::view::keymap;
use crate::view::kit::dialog::{Content, Section};

/// The title, the text and the buttons of `dialog`.
pub(super) fn content(dialog: Dialog) -> Content {
    match dialog {
        Dialog::Help => Content {
            title: help::TITLE.to_owned(),
            sections: help::SECTIONS.iter().map(section).collect(),
            accept: Some(window::CLOSE),
            ..Content::default()
        },
        Dialog::Asking => Content {
            title: window::ASKING_TITLE.to_owned(),
            text: window::ASKING.to_owned(),
            cancel: Some(window::BACK_TO_CHAT),
            ..Content::default()
        },
        Dialog::ChatEnded { ending, can_save } => {
            let text = connecting::ending(&ending);
            let title = connecting::DISCONNECTED.to_owned();
            if !can_save {
                return Content { title, text, accept: Some(window::CLOSE), ..Content::default() };
            }
            let text = format!("{text}\n\n{}", strings::SAVE_QUESTION);
            Content {
                title,
                text,
                accept: Some(strings::SAVE),
                cancel: Some(strings::DO_NOT_SAVE),
                ..Content::default()
            }
        }
        Dialog::SavePath { path, problem } => {
            let (title, text) = match problem {
                Some(problem) => (strings::NOT_SAVED, strings::not_written(&path, problem)),
                None => (window::SAVE_TITLE, window::SAVE_PATH.to_owned()),
            };
            Content {
                title: title.to_owned(),
                text,
                field: Some(path),
                is_wrong: problem.is_some(),
                accept: Some(window::SAVE_BUTTON),
                cancel: Some(window::CANCEL),
                ..Content::default()
            }
        }
        Dialog::Replace { path } => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Content {
                title: window::REPLACE_TITLE.to_owned(),
                text: window::replace_question(&name),
                accept: Some(window::REPLACE),
                cancel: Some(window::CANCEL),
                ..Content::default()
            }
        }
    }
}

/// A section of the list of keys, with the chords of the keymap.
fn section((heading, lines): &help::Section) -> Section {
    let line = |(topic, does): &(help::Topic, &'static str)| match topic {
        help::Topic::Typed(words) => ((*words).to_owned(), *does),
        topic => (keymap::chords(*topic), *does),
    };
    Section { heading, lines: lines.iter().map(line).collect() }
}

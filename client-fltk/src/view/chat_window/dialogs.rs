//! The content of each dialog of the chat window.

use crate::core::Dialog;
use crate::strings;
use crate::strings::{connecting, window};
use crate::view::kit::dialog::Content;

/// The title, the text and the buttons of `dialog`.
pub(super) fn content(dialog: Dialog) -> Content {
    match dialog {
        Dialog::ChatEnded { ending, can_save } => {
            let text = connecting::ending(&ending);
            let title = connecting::DISCONNECTED.to_owned();
            if !can_save {
                return Content { title, text, accept: window::CLOSE, ..Content::default() };
            }
            let text = format!("{text}\n\n{}", strings::SAVE_QUESTION);
            Content { title, text, accept: strings::SAVE, cancel: Some(strings::DO_NOT_SAVE), ..Content::default() }
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
                accept: window::SAVE_BUTTON,
                cancel: Some(window::CANCEL),
            }
        }
        Dialog::Replace { path } => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Content {
                title: window::REPLACE_TITLE.to_owned(),
                text: window::replace_question(&name),
                accept: window::REPLACE,
                cancel: Some(window::CANCEL),
                ..Content::default()
            }
        }
    }
}

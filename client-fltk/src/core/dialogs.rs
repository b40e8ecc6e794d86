//! Dialogs in the window, and the steps from the command to save a conversation to its file.

use std::io;
use std::path::PathBuf;

use crate::core::connect_failure::Ending;
use crate::core::effect::{Effect, Effects, Transcript};

/// A dialog over the chat, which goes on under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Says that the chat is over, and offers to save it.
    ChatEnded {
        /// The reason.
        ending: Ending,
        /// Whether something was said that can be saved.
        can_save: bool,
    },
    /// The list of keys and commands.
    Help,
    /// Says that the desktop asks for the file to save a conversation to.
    Asking,
    /// Asks for the file to save a conversation to, where the desktop has no dialog of its own for it.
    SavePath {
        /// The path as typed; `~` is the home folder.
        path: String,
        /// The reason why the file could not be written there.
        problem: Option<WriteProblem>,
    },
    /// Asks whether the file that stands at that path already may be replaced.
    Replace {
        /// The path.
        path: PathBuf,
    },
}

/// The answer of the desktop's dialog that asks for a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathAnswer {
    /// The chosen file; if it exists already it may be replaced.
    Chosen(PathBuf),
    /// No file was chosen.
    Cancelled,
    /// The desktop has no such dialog; the window asks instead, beginning with this path.
    Unavailable(PathBuf),
}

/// Why a file could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteProblem {
    /// The kind of the error.
    pub kind: io::ErrorKind,
    /// The system's own number for it.
    pub code: Option<i32>,
}

impl From<&io::Error> for WriteProblem {
    fn from(error: &io::Error) -> WriteProblem {
        WriteProblem { kind: error.kind(), code: error.raw_os_error() }
    }
}

/// The dialogs that are open. At most one is shown.
#[derive(Debug, Default)]
pub struct Dialogs {
    is_help_open: bool,
    ended: Option<(Ending, bool)>,
    saving: Option<Saving>,
    /// The number of the last conversation that was to be saved. It outlives [`Dialogs::close`]: the desktop's dialog
    /// stays open, and its answer must not be taken for that of a later one.
    pub(in crate::core) last: u64,
}

/// A conversation on its way to a file.
#[derive(Debug)]
struct Saving {
    /// Stands in what is asked for and in its answer.
    number: u64,
    what: Transcript,
    path: PathBuf,
    step: Step,
    /// Whether the window shows a dialog for it.
    is_shown: bool,
}

#[derive(Debug)]
enum Step {
    /// The desktop asks for the path.
    Asking,
    /// The window asks for the path.
    Editing(Option<WriteProblem>),
    /// The window asks whether the file may be replaced.
    Replacing,
    /// The file is being written.
    Writing,
}

/// The end of something, by an answer to a dialog.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The file of that path was written.
    Saved(PathBuf),
    /// The chat, which is over, is left.
    LeaveChat,
}

impl Dialogs {
    /// The dialog to show.
    pub fn shown(&self) -> Option<Dialog> {
        let ended = || self.ended.clone().map(|(ending, can_save)| Dialog::ChatEnded { ending, can_save });
        self.shown_for_saving().or_else(ended).or(self.is_help_open.then_some(Dialog::Help))
    }

    fn shown_for_saving(&self) -> Option<Dialog> {
        let saving = self.saving.as_ref().filter(|saving| saving.is_shown)?;
        let path = saving.path.display().to_string();
        Some(match saving.step {
            // A dialog stands also before the answer and while the file is written, so that keys typed ahead do not go to
            // the chat.
            Step::Asking => Dialog::Asking,
            Step::Writing => Dialog::SavePath { path, problem: None },
            Step::Editing(problem) => Dialog::SavePath { path, problem },
            Step::Replacing => Dialog::Replace { path: saving.path.clone() },
        })
    }

    /// Opens the list of keys, or closes it. Under another dialog it stays as it is.
    pub(crate) fn toggle_help(&mut self) {
        if matches!(self.shown(), None | Some(Dialog::Help)) {
            self.is_help_open = !self.is_help_open;
        }
    }

    /// Opens the dialog that says that the chat is over, in place of the list of keys.
    pub(crate) fn end(&mut self, ending: Ending, can_save: bool) {
        (self.ended, self.is_help_open) = (Some((ending, can_save)), false);
    }

    /// Closes all dialogs, of which the chat ends. What is being written is written.
    pub(crate) fn close(&mut self) {
        (self.is_help_open, self.ended, self.saving) = (false, None, None);
    }

    /// Saves a conversation. If one is being saved already, that goes on in sight.
    pub(crate) fn save(&mut self, what: Transcript, effects: &mut Effects) {
        if let Some(saving) = &mut self.saving {
            saving.is_shown = true;
            return;
        }
        self.last += 1;
        let number = self.last;
        effects.push(Effect::AskSavePath { number, what: what.clone() });
        self.saving = Some(Saving { number, what, path: PathBuf::new(), step: Step::Asking, is_shown: true });
    }

    /// The conversation of that number on its way to a file, if it is still on it.
    fn saving(&mut self, number: u64) -> Option<&mut Saving> {
        self.saving.as_mut().filter(|saving| saving.number == number)
    }

    /// Takes the answer of the desktop's dialog for the path of the conversation with that number.
    pub(crate) fn answer_path(&mut self, number: u64, answer: PathAnswer, effects: &mut Effects) {
        let Some(saving) = self.saving(number).filter(|saving| matches!(saving.step, Step::Asking)) else { return };
        match answer {
            PathAnswer::Chosen(path) => {
                (saving.path, saving.is_shown) = (path, false);
                saving.write(true, effects);
            }
            PathAnswer::Cancelled => self.saving = None,
            PathAnswer::Unavailable(path) => {
                (saving.path, saving.step, saving.is_shown) = (path, Step::Editing(None), true);
            }
        }
    }

    /// The dialog's field was edited.
    pub(crate) fn edit(&mut self, text: String) {
        if let Some(saving) = self.saving.as_mut().filter(|saving| matches!(saving.step, Step::Editing(_))) {
            (saving.path, saving.step) = (text.into(), Step::Editing(None));
        }
    }

    /// The dialog's first button was pressed.
    pub(crate) fn accept(&mut self, effects: &mut Effects) -> Option<Outcome> {
        match (self.shown()?, &mut self.saving) {
            (Dialog::ChatEnded { can_save: true, .. }, _) => self.save(Transcript::Whole, effects),
            (Dialog::ChatEnded { .. }, _) => return Some(Outcome::LeaveChat),
            (Dialog::Help, _) => self.is_help_open = false,
            (Dialog::Replace { .. }, Some(saving)) => saving.write(true, effects),
            (_, Some(saving)) if matches!(saving.step, Step::Editing(_)) => saving.write(false, effects),
            _ => {}
        }
        None
    }

    /// The dialog's other button was pressed, or Esc.
    pub(crate) fn cancel(&mut self) -> Option<Outcome> {
        match (self.shown()?, &mut self.saving) {
            (Dialog::ChatEnded { .. }, _) => return Some(Outcome::LeaveChat),
            (Dialog::Help, _) => self.is_help_open = false,
            // The desktop's dialog stays, and so does its answer.
            (Dialog::Asking, Some(saving)) => saving.is_shown = false,
            (Dialog::Replace { .. }, Some(saving)) => saving.step = Step::Editing(None),
            (_, Some(saving)) if matches!(saving.step, Step::Editing(_)) => self.saving = None,
            _ => {}
        }
        None
    }

    /// The conversation with that number was written at that path, or not.
    pub(crate) fn note_written(
        &mut self,
        number: u64,
        path: PathBuf,
        problem: Option<WriteProblem>,
    ) -> Option<Outcome> {
        let saving = self.saving(number).filter(|saving| matches!(saving.step, Step::Writing))?;
        let Some(problem) = problem else {
            let is_whole = saving.what == Transcript::Whole;
            self.saving = None;
            return Some(if is_whole { Outcome::LeaveChat } else { Outcome::Saved(path) });
        };
        saving.is_shown = true;
        saving.step = match problem.kind {
            io::ErrorKind::AlreadyExists => Step::Replacing,
            _ => Step::Editing(Some(problem)),
        };
        None
    }
}

impl Saving {
    fn write(&mut self, replaces: bool, effects: &mut Effects) {
        self.step = Step::Writing;
        effects.push(Effect::Write { number: self.number, path: self.path.clone(), replaces });
    }
}

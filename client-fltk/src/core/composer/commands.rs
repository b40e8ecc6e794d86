//! Slash commands: for the program, never for the room.

use crate::core::Conversation;
use crate::core::composer::problem::ComposerError;
use crate::core::dialogs::Transcript;
use crate::core::model::Model;
use crate::core::notices::LocalNotice;

/// The command in a text that is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlashCommand<'a> {
    /// To say it.
    Say(&'a str),
    /// The list of keys and commands.
    Help,
    /// An empty conversation.
    Clear,
    /// The conversation as a file.
    Save,
    /// The other look.
    Theme,
    /// Alerts that are heard, or not.
    Sound,
    /// To leave.
    Leave,
    /// A command that does not exist, or one with something behind it: it might have been meant for one person.
    Unknown(&'a str),
}

/// What `text`, cleaned, asks for. `//x` says `/x`. A path such as `/home/ana` is said as it stands, for no command
/// has a second slash; a lone `/` is no command that exists. Behind white space `//` stands for itself: that is how
/// programs are written.
pub(crate) fn intent(text: &str) -> SlashCommand<'_> {
    let command = text.trim_start();
    let Some(rest) = command.strip_prefix('/') else { return SlashCommand::Say(text) };
    if rest.starts_with('/') {
        return SlashCommand::Say(if command == text { rest } else { text });
    }
    let word = command.split(char::is_whitespace).next().unwrap_or_default();
    let is_alone = word.len() == command.len();
    match word.to_lowercase().as_str() {
        "/ajuda" if is_alone => SlashCommand::Help,
        "/limpar" if is_alone => SlashCommand::Clear,
        "/salvar" if is_alone => SlashCommand::Save,
        "/tema" if is_alone => SlashCommand::Theme,
        "/som" if is_alone => SlashCommand::Sound,
        "/sair" if is_alone => SlashCommand::Leave,
        other if other[1..].contains('/') => SlashCommand::Say(text),
        _ => SlashCommand::Unknown(word),
    }
}

impl Model {
    /// Does what the text in the field asks for, if it asks for something; false if it is to be said.
    pub(crate) fn run_command(&mut self, intent: SlashCommand<'_>) -> bool {
        match intent {
            SlashCommand::Say(_) => return false,
            SlashCommand::Unknown(word) => {
                self.state.composer.error = Some(ComposerError::UnknownCommand(word.to_owned()));
                return true;
            }
            SlashCommand::Help => self.state.help = true,
            SlashCommand::Clear => self.clear_shown(),
            SlashCommand::Save => self.save_conversation(),
            SlashCommand::Theme => self.toggle_theme(),
            SlashCommand::Sound => {
                self.toggle_sound();
                // A narrow window has no bell that would show it.
                let notice = if self.state.sound { LocalNotice::SoundOn } else { LocalNotice::SoundOff };
                self.add_notice(notice);
            }
            SlashCommand::Leave => self.quit(),
        }
        self.set_text(String::new());
        true
    }

    pub(crate) fn save_conversation(&mut self) {
        let place = self.state.place.clone();
        self.follow_dialog(|dialogs| dialogs.save(Transcript::One(place)));
    }

    fn clear_shown(&mut self) {
        self.state.shown_mut().map(Conversation::clear);
    }
}

//! Slash commands: for the program, never for the room.

/// The command in a text that is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlashCommand<'a> {
    /// No command: this text is to be sent.
    Say(&'a str),
    /// `/ajuda`: opens the list of keys and commands.
    Help,
    /// `/limpar`: empties the conversation.
    Clear,
    /// `/salvar`: saves the conversation to a file.
    Save,
    /// `/tema`: switches between the dark and the light look.
    Theme,
    /// `/som`: switches the sound of alerts on or off.
    Sound,
    /// `/sair`: leaves the chat.
    Leave,
    /// A command that does not exist, or one followed by more text, which might have been meant for one person.
    Unknown(&'a str),
}

/// Parses a cleaned text. `//x` is sent as `/x`. A path such as `/home/ana` is sent as it stands, for no command has a
/// second slash; a lone `/` is an unknown command. After leading white space `//` is kept: that is how programs are
/// written.
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

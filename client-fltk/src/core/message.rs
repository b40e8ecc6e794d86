//! Everything that can happen to the window, in one type: the one that goes through fltk's app channel.

use std::path::PathBuf;

use accesskit::ActionRequest;
use papo_common::Name;

use crate::core::dialogs::{PathAnswer, WriteProblem};
use crate::core::{ConversationId, ItemId, TextStep, Theme};
use crate::net::Report;

/// Something that happened: a person did it, or the network did.
#[derive(Clone, Debug)]
pub enum Message {
    /// Entrar, or Enter in the entering window, with what stands in its fields.
    Enter {
        /// The server as typed.
        server: String,
        /// The name as typed.
        name: String,
    },
    /// The name field of the entering window was edited.
    NameEdited(String),
    /// The server's field was edited.
    ServerEdited(String),
    /// Cancelar while connecting.
    CancelEntering,
    /// Esc or the close button of the entering window.
    Quit,
    /// The text field was edited by the person.
    TextEdited(String),
    /// Enviar, or Enter in the text field: what stands there is sent.
    Send,
    /// ↑ in a text field of one line, or before its first letter: what was sent before.
    Older,
    /// ↓ in a text field of one line, or behind its last letter: back towards the draft.
    Newer,
    /// Tab in the text field, with the caret's place in bytes.
    Complete(usize),
    /// A conversation was chosen.
    Show(ConversationId),
    /// A desktop notification was clicked that told of this conversation.
    NotificationClicked(ConversationId),
    /// Ctrl+Tab: the conversation below the one shown.
    ShowNext,
    /// Ctrl+Shift+Tab: the one above.
    ShowPrevious,
    /// A person was double-clicked, or Conversar em privado was chosen: open the private conversation.
    Whisper(Name),
    /// Mencionar na Sala was chosen: `nome, ` goes into the room's text.
    Mention(Name),
    /// Tentar de novo at that failed message of the conversation shown.
    Retry(ItemId),
    /// Descartar at that failed message of the conversation shown.
    Discard(ItemId),
    /// A link in a message was clicked.
    OpenLink(String),
    /// That link could not be opened.
    LinkNotOpened(String),
    /// The first button of the dialog was pressed, or Enter.
    DialogAccepted,
    /// The field of the dialog was edited.
    DialogEdited(String),
    /// The other button of the dialog was pressed, or Esc.
    DialogCancelled,
    /// The desktop has asked where to save, or cannot.
    PathAnswered {
        /// The number that stood in [`crate::core::Effect::AskSavePath`].
        number: u64,
        /// The answer.
        answer: PathAnswer,
    },
    /// A conversation was written to that file, or not.
    Written {
        /// The number that stood in [`crate::core::Effect::Write`].
        number: u64,
        /// The whole path.
        path: PathBuf,
        /// Why not.
        problem: Option<WriteProblem>,
    },
    /// Ctrl+F opens the find bar, Esc in it closes it.
    Find(bool),
    /// The field of the find bar was edited.
    FindEdited(String),
    /// F3, or Enter in the find bar: the next hit below.
    FindNext,
    /// Shift+F3: the next hit above.
    FindPrevious,
    /// F1: opens the list of keys, or closes it.
    Help,
    /// Salvar a conversa: the one shown, to a file.
    SaveConversation,
    /// Tentar agora in the banner.
    RetryNow,
    /// The light or dark look was switched.
    ToggleTheme,
    /// The desktop prefers this look.
    DesktopTheme(Theme),
    /// Ctrl +, − or 0.
    TextSize(TextStep),
    /// The sound was switched on or off.
    ToggleSound,
    /// The talking window's size was changed by the person, in pixels.
    Resized(i32, i32),
    /// The first line of the conversation shown is nearly in sight, and there may be older ones.
    LookBack,
    /// Whether the last line of the conversation shown is in sight and the window is in front.
    ViewingEnd(bool),
    /// The talking window came to the front, or another one did.
    Front(bool),
    /// Sair, or the close button of the talking window.
    Leave,
    /// A screen reader wants to know what stands in the window.
    ScreenReader,
    /// A screen reader does something to a part of the window for the person.
    ScreenReaderAction(ActionRequest),
    /// A second has passed.
    Tick,
    /// News from the network, from the connection with that number; of any other than the current one it is stale.
    Network {
        /// Which connection speaks.
        connection: u64,
        /// What it says.
        report: Report,
    },
}

//! All that the window shows.

use crate::core::dialogs::Dialogs;
use crate::core::{Composer, ConnectForm, Conversation, ConversationId, Find, Person, Phase, TextStep, Theme};

/// All that the window shows. The view reads it and never changes it.
#[derive(Debug)]
pub struct State {
    /// The phase: the window shown, and the state of the connection.
    pub phase: Phase,
    /// The light or the dark look.
    pub theme: Theme,
    /// The size of the text, in percent of the usual.
    pub text_size: u16,
    /// Whether an alert may be heard.
    pub sound: bool,
    /// Fields of the entering window; kept while talking, for the way back.
    pub entering: ConnectForm,
    /// The user of this window, once the server has let it in.
    pub me: Option<Person>,
    /// The members, the user among them, in order of joining.
    pub people: Vec<Person>,
    /// Rises whenever `people` changes.
    pub people_version: u64,
    /// The room first, then private conversations, the one with the newest message first.
    pub conversations: Vec<Conversation>,
    /// The place whose conversation is shown.
    pub place: ConversationId,
    /// The text field.
    pub composer: Composer,
    /// The search, while the find bar is open.
    pub find: Option<Find>,
    /// The open dialogs.
    pub dialogs: Dialogs,
    /// The size of the talking window the last time, in pixels.
    pub window: Option<(i32, i32)>,
}

impl Default for State {
    fn default() -> State {
        State {
            phase: Phase::Entering,
            theme: Theme::default(),
            text_size: TextStep::USUAL,
            sound: true,
            entering: ConnectForm::default(),
            me: None,
            people: Vec::new(),
            people_version: 0,
            conversations: vec![Conversation::new(ConversationId::Room)],
            place: ConversationId::Room,
            composer: Composer::default(),
            find: None,
            dialogs: Dialogs::default(),
            window: None,
        }
    }
}

impl State {
    /// The conversation shown.
    pub fn shown(&self) -> Option<&Conversation> {
        self.conversation(&self.place)
    }

    /// The room's conversation.
    pub fn room(&self) -> Option<&Conversation> {
        self.conversation(&ConversationId::Room)
    }

    /// The conversation of that name, if it was begun.
    pub fn conversation(&self, id: &ConversationId) -> Option<&Conversation> {
        self.conversations.iter().find(|it| it.place == *id)
    }

    pub(crate) fn shown_mut(&mut self) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|it| it.place == self.place)
    }

    /// The find bar, while it is open, and the conversation that it looks through.
    pub(crate) fn find_in_shown(&mut self) -> Option<(&mut Find, &Conversation)> {
        let shown = self.conversations.iter().find(|it| it.place == self.place);
        self.find.as_mut().zip(shown)
    }

    pub(crate) fn room_mut(&mut self) -> Option<&mut Conversation> {
        self.conversation_mut(&ConversationId::Room)
    }

    pub(crate) fn conversation_mut(&mut self, id: &ConversationId) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|it| it.place == *id)
    }
}

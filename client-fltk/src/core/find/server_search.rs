//! Search above the messages fetched so far: the server is asked, and the messages in between are fetched.

/// The progress of a search on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerSearch {
    pub(crate) stage: Stage,
    /// The number of questions left. The server looks for the words of a text separately, wherever they stand, and the
    /// find bar for the text as a whole, so that a message found by the server may have no hit here.
    pub(crate) left: u8,
    /// Whether the conversation had no hits when the search began.
    pub(crate) is_from_nothing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The server is to be asked, as soon as an earlier answer is in.
    Asking,
    /// The server was asked for messages before that number.
    Asked(u64),
    /// The server found the message with that number, and the messages in between are being fetched.
    Coming(u64),
}

impl ServerSearch {
    const MOST_QUESTIONS: u8 = 10;

    /// A search that is about to ask.
    pub(crate) fn new(is_from_nothing: bool) -> ServerSearch {
        ServerSearch { stage: Stage::Asking, left: ServerSearch::MOST_QUESTIONS, is_from_nothing }
    }

    /// The same search at another stage.
    pub(crate) fn at(self, stage: Stage) -> ServerSearch {
        ServerSearch { stage, ..self }
    }
}

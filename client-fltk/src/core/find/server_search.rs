//! Finding further up than what was fetched: the server is asked, and what lies between is fetched.

/// How far a search on the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerSearch {
    pub(crate) stage: Stage,
    /// How often the server may still be asked: it finds the parts of a text between white space, wherever they stand,
    /// and people look for the text as a whole, so that what it finds may be nothing here.
    pub(crate) left: u8,
    /// Nothing at all was found here.
    pub(crate) is_from_nothing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// To be asked, as soon as an earlier answer is in.
    Asking,
    /// Asked for messages before that number.
    Asked(u64),
    /// It stands in the message with that number, and what is in between is on its way.
    Coming(u64),
}

impl ServerSearch {
    const MOST_QUESTIONS: u8 = 10;

    /// A search that is about to ask.
    pub(crate) fn new(is_from_nothing: bool) -> ServerSearch {
        ServerSearch { stage: Stage::Asking, left: ServerSearch::MOST_QUESTIONS, is_from_nothing }
    }

    /// The same at another stage.
    pub(crate) fn at(self, stage: Stage) -> ServerSearch {
        ServerSearch { stage, ..self }
    }
}

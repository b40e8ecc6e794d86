//! The upper end of a conversation: the words above the first row, and the request for older items.

use crate::core::OlderHistory;
use crate::strings::window as strings;
use crate::view::timeline::log::Log;

impl Log {
    /// The words above the first row, if there are any.
    pub(in crate::view::timeline) fn head(&self) -> Option<&'static str> {
        match self.past {
            OlderHistory::Unknown | OlderHistory::Available => None,
            OlderHistory::Loading => Some(strings::OLDER_COMING),
            OlderHistory::Exhausted => Some(strings::BEGINNING),
        }
    }

    /// Whether older items are worth asking for: there may be some, and less than a screen is left above.
    pub(in crate::view::timeline) fn wants_older(&self) -> bool {
        let above = self.top() - self.start();
        self.past == OlderHistory::Available && self.height > 0 && above < i64::from(self.height)
    }
}

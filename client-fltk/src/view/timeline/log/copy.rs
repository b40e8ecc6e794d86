//! What is copied of a conversation.

use crate::export::transcript::indented;
use crate::strings::window as strings;
use crate::view::timeline::log::Log;
use crate::view::timeline::row::{Body, Row};

impl Log {
    /// What is selected, as it goes to the clipboard: within one item the bare text, over several an entry for each with
    /// its time.
    pub(in crate::view::timeline) fn selected_text(&self) -> Option<String> {
        let selection = self.selection.filter(|selection| !selection.is_empty())?;
        let (first, last) = selection.ends();
        let copied = |number, row: &'_ Row| -> Option<String> {
            row.copied(selection.within(number, &row.text)?).map(str::to_owned)
        };
        if first.number == last.number {
            return copied(first.number, self.row(first.number)?);
        }
        let from = self.index(first.number.max(self.first))?;
        let numbered = self.rows.iter().enumerate().skip(from).map(|(index, row)| (self.first + index as u64, row));
        let selected = numbered.take_while(|(number, _)| *number <= last.number);
        let entries: Vec<String> =
            selected.filter_map(|(number, row)| entry(&row.body, &copied(number, row)?)).collect();
        (!entries.is_empty()).then(|| entries.join("\n"))
    }
}

/// As a saved conversation has it.
fn entry(body: &Body, text: &str) -> Option<String> {
    let text = indented(text);
    match body {
        Body::Message(message) => Some(format!("[{}] {}: {text}", message.time, message.from)),
        Body::Notice { time } => Some(format!("[{time}] {}: {text}", strings::NOTICE)),
        Body::Note { time, .. } => Some(format!("[{time}] {text}")),
        Body::Entered => None,
    }
}

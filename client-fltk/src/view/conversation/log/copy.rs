//! What is copied of a conversation.

use super::Log;
use crate::view::conversation::row::{Body, Row};

impl Log {
    /// What is selected, as it goes to the clipboard: within one item the bare text, over several a line for each
    /// message with its time and name.
    pub(in crate::view::conversation) fn selected_text(&self) -> Option<String> {
        let selection = self.selection.filter(|selection| !selection.is_empty())?;
        let (first, last) = selection.ends();
        if first.number == last.number {
            let row = self.row(first.number)?;
            let range = selection.within(first.number, &row.text)?;
            let is_all = range == (0..row.text.len());
            return Some(if is_all { row.whole_text() } else { row.text.get(range)? }.to_owned());
        }
        let from = self.index(first.number.max(self.first))?;
        let numbered = self.rows.iter().enumerate().skip(from).map(|(index, row)| (self.first + index as u64, row));
        let selected = numbered.take_while(|(number, _)| *number <= last.number);
        let lines: Vec<String> = selected
            .filter_map(|(number, row)| {
                let text = row.text.get(selection.within(number, &row.text)?)?;
                copied(row, text)
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// A line of a copy of several items; notes are left out.
fn copied(row: &Row, text: &str) -> Option<String> {
    match &row.body {
        Body::Message(message) => Some(format!("[{}] {}: {text}", message.time, message.from)),
        Body::Notice { time } => Some(format!("[{time}] {}: {text}", crate::strings::window::NOTICE)),
        Body::Note { .. } | Body::Entered => None,
    }
}

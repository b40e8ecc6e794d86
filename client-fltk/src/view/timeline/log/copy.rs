//! Copying the selection of a conversation.

use crate::view::timeline::log::Log;
use crate::view::timeline::row::Row;

impl Log {
    /// The selection as it goes to the clipboard: the bare text if it is within one item, otherwise an entry with its
    /// time for each item.
    pub(in crate::view::timeline) fn selected_text(&self) -> Option<String> {
        let selected = self.selected()?;
        let copied = |index, row: &'_ Row| -> Option<String> {
            row.copied(selected.within(index, &row.text)?).map(str::to_owned)
        };
        let (first, last) = (selected.first.0, selected.last.0);
        let mut rows = self.rows.iter().enumerate().skip(first).take(last - first + 1);
        if first == last {
            return rows.next().and_then(|(index, row)| copied(index, row));
        }
        let entries: Vec<String> =
            rows.filter_map(|(index, row)| row.block.entry(&self.time(row.at), &copied(index, row)?)).collect();
        (!entries.is_empty()).then(|| entries.join("\n"))
    }
}

//! What an exported file looks like: a table for spreadsheets, or lines for people.

use std::path::Path;

/// The form, by the ending of the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sheet {
    /// `.csv`: values between commas, as RFC 4180 has it, in UTF-8 with the mark by which spreadsheets know it.
    Csv,
    /// Any other: values between tabs, the line breaks inside of them indented.
    Text,
}

impl Sheet {
    pub(super) fn of(path: &Path) -> Sheet {
        let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if is_csv { Sheet::Csv } else { Sheet::Text }
    }

    /// The first line.
    pub(super) fn head(self, titles: &[&str]) -> String {
        match self {
            Sheet::Csv => format!("\u{feff}{}", self.row(titles)),
            Sheet::Text => String::new(),
        }
    }

    /// One line of the table.
    pub(super) fn row(self, values: &[&str]) -> String {
        match self {
            Sheet::Csv => values.iter().map(|value| field(value)).collect::<Vec<_>>().join(",") + "\r\n",
            Sheet::Text => values.join("\t").replace('\n', "\n\t") + "\n",
        }
    }
}

/// One value. A spreadsheet takes what begins like a formula for one and may do anything that it says: an apostrophe
/// in front makes it the text that it is.
fn field(value: &str) -> String {
    let guard =
        if value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) { "'" } else { "" };
    format!("\"{guard}{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_holds_anything_and_does_nothing() {
        for (values, line) in [
            (&["a", "b"][..], "\"a\",\"b\"\r\n"),
            (&["diz \"oi\", e\nvai"], "\"diz \"\"oi\"\", e\nvai\"\r\n"),
            (&["=1+1", "+1", "-1", "@a", "a=b", ""], "\"'=1+1\",\"'+1\",\"'-1\",\"'@a\",\"a=b\",\"\"\r\n"),
        ] {
            assert_eq!(Sheet::Csv.row(values), line);
        }
        assert_eq!(Sheet::Text.row(&["1", "oi\ngente"]), "1\toi\n\tgente\n");
    }

    #[test]
    fn the_ending_decides() {
        for (name, sheet) in
            [("a.csv", Sheet::Csv), ("a.CSV", Sheet::Csv), ("csv", Sheet::Text), ("a.txt", Sheet::Text)]
        {
            assert_eq!(Sheet::of(Path::new(name)), sheet, "{name}");
        }
    }
}

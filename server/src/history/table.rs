//! Formats of exported files: a table for spreadsheets, or lines for people.

use std::path::Path;

/// The format, chosen by the file name's extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableFormat {
    /// `.csv`, for a Brazilian Excel's double click: RFC 4180 with `;` between values, which is the list separator of
    /// Windows in pt-BR; UTF-8 with a byte order mark; every value in quotes; no `sep=` line, which many readers
    /// take for a row. [`field`] says how formulas are kept out.
    Csv,
    /// Any other extension: values between tabs, line breaks inside of them indented.
    Text,
}

impl TableFormat {
    pub(super) fn of(path: &Path) -> TableFormat {
        let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if is_csv { TableFormat::Csv } else { TableFormat::Text }
    }

    /// The header line.
    pub(super) fn header(self, titles: &[&str]) -> String {
        match self {
            TableFormat::Csv => format!("\u{feff}{}", self.row(titles)),
            TableFormat::Text => String::new(),
        }
    }

    /// One line of the table.
    pub(super) fn row(self, values: &[&str]) -> String {
        match self {
            TableFormat::Csv => values.iter().map(|value| field(value)).collect::<Vec<_>>().join(";") + "\r\n",
            TableFormat::Text => values.join("\t").replace('\n', "\n\t") + "\n",
        }
    }
}

/// Characters that begin a formula: `=` in every spreadsheet, the others in Excel or gnumeric; the full-width forms in
/// an Excel for East Asia.
const FORMULA_STARTS: &[char] = &['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Characters that begin a formula behind blanks too, for readers that strip them: `LibreOffice`, if told to.
const FORMULA_STARTS_AFTER_BLANKS: &[char] = &['=', '＝'];

/// Encodes one value: quotes around it, and an apostrophe in front of each character with which a formula might begin
/// in any reader.
///
/// - Excel in pt-BR, `LibreOffice` and gnumeric with `;` (with `,` or tab as well), and Python's `csv` with
///   `delimiter=';'` keep a value in quotes whole, whatever separators and line breaks are in it. Quotes alone do not
///   make it text: the guard at the first character does.
/// - A reader with another separator (an Excel or gnumeric in English, `LibreOffice` with `,` alone, Python's `csv` by
///   default) takes the quotes inside a row for text. It begins a cell behind each `,` or tab and at each line break
///   within a value: gnumeric calculates what stands there, `LibreOffice` what follows a line break. A program that
///   splits at every `;` begins one there too. So the guard also stands behind `;`, `,`, tab and line breaks, through
///   quotes.
/// - Only `=` is guarded behind further blanks, so that `oi, @bia` and `3, -2` stay as they are.
///
/// Spreadsheets still show a text that is nothing but a number or a date (`007`, `3/4`) as one. The text export has no
/// guards.
fn field(value: &str) -> String {
    let mut field = String::with_capacity(value.len() + 2);
    field.push('"');
    let mut starts = FORMULA_STARTS;
    for character in value.chars() {
        if starts.contains(&character) {
            field.push('\'');
        }
        starts = match character {
            ';' | ',' | '\t' | '\n' | '\r' => FORMULA_STARTS,
            '"' => starts,
            _ if character.is_whitespace() && !starts.is_empty() => FORMULA_STARTS_AFTER_BLANKS,
            _ => &[],
        };
        if character == '"' {
            field.push('"');
        }
        field.push(character);
    }
    field.push('"');
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_holds_anything_and_does_nothing() {
        for (values, line) in [
            (&["a", "b"][..], r#""a";"b""#),
            (&["diz \"oi\"; e\nvai", "007"], "\"diz \"\"oi\"\"; e\nvai\";\"007\""),
            (&["=1+1", "+1", "-1", "@a", "＠a", "a=b", ""], r#""'=1+1";"'+1";"'-1";"'@a";"'＠a";"a=b";"""#),
            (
                &["oi;=1;@a", "oi,-1", "\t+1", "\r=1", "a\n\n=1"],
                "\"oi;'=1;'@a\";\"oi,'-1\";\"\t'+1\";\"\r'=1\";\"a\n\n'=1\"",
            ),
            (
                &["a\";\"=1", "a; =1", "oi, @bia; -2", "a = b", " =1"],
                r#""a"";""'=1";"a; '=1";"oi, @bia; -2";"a = b";" '=1""#,
            ),
        ] {
            assert_eq!(TableFormat::Csv.row(values), format!("{line}\r\n"));
        }
        assert_eq!(TableFormat::Csv.header(&["a", "b"]), "\u{feff}\"a\";\"b\"\r\n");
        assert_eq!(TableFormat::Text.row(&["1", "oi\ngente"]), "1\toi\n\tgente\n");
    }

    #[test]
    fn the_ending_decides() {
        for (name, format) in [
            ("a.csv", TableFormat::Csv),
            ("a.CSV", TableFormat::Csv),
            ("csv", TableFormat::Text),
            ("a.txt", TableFormat::Text),
        ] {
            assert_eq!(TableFormat::of(Path::new(name)), format, "{name}");
        }
    }
}

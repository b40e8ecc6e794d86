//! Decoding of lines from programs and terminals that do not speak UTF-8.

use std::borrow::Cow;

/// The characters of the bytes 80 to 9F in Windows-1252. Five bytes have none: they become the control characters of
/// the same number, which no text keeps.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', //
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Decodes a line as UTF-8. An invalid line is decoded as Windows-1252, which is Latin-1 with quotation marks, unless
/// most of its bytes beyond ASCII are UTF-8: then the line is damaged UTF-8, and each damage becomes U+FFFD.
pub fn decode(line: &[u8]) -> Cow<'_, str> {
    // Nearly every line is UTF-8, and that check is fast; only the others are decoded byte by byte.
    match str::from_utf8(line) {
        Ok(line) => Cow::Borrowed(line),
        Err(_) if is_mostly_utf8(line) => String::from_utf8_lossy(line),
        Err(_) => line.iter().map(|&byte| windows_1252(byte)).collect(),
    }
}

fn is_mostly_utf8(line: &[u8]) -> bool {
    let (mut well_formed, mut broken) = (0, 0);
    for chunk in line.utf8_chunks() {
        well_formed += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    well_formed > broken
}

fn windows_1252(byte: u8) -> char {
    let special = usize::from(byte).checked_sub(0x80).and_then(|place| WINDOWS_1252.get(place));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (line, read) in [
            (&b""[..], ""),
            ("olá 😀".as_bytes(), "olá 😀"),
            (b"Jo\xe3o", "João"),
            (b"amanh\xe3 n\xe3o h\xe1 aula \xe0s 9", "amanhã não há aula às 9"),
            (b"\x80 \x93\xc9\x94 \x96 \x85", "€ “É” – …"),
            (b"\x81\x8d\x8f\x90\x9d\xff", "\u{81}\u{8d}\u{8f}\u{90}\u{9d}ÿ"),
            (b"n\xc3\xa3o x\xc3 ol\xc3\xa1", "não x\u{fffd} olá"),
            (b"ol\xc3", "olÃ"),
        ] {
            assert_eq!(decode(line), read, "{line:x?}");
        }
    }
}

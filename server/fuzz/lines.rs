//! The line buffer against the plainest thing that does the same.

use papo_common::{LineBuffer, LineTooLong};

/// The first byte is the limit; then come reads, each behind a byte with its length.
#[test]
fn lines() {
    bolero::check!().for_each(|input: &[u8]| {
        let Some((&limit, mut rest)) = input.split_first() else { return };
        let limit = usize::from(limit);
        let mut buffer = LineBuffer::new(limit);
        let (mut stream, mut handed_out) = (Vec::new(), 0);
        while let Some((&length, behind)) = rest.split_first() {
            let (read, behind) = behind.split_at(usize::from(length).min(behind.len()));
            rest = behind;
            buffer.push(read);
            stream.extend_from_slice(read);
            if !agree(&mut buffer, &stream, &mut handed_out, limit) {
                assert_eq!(buffer.next_line(), Err(LineTooLong), "an error stays one");
                return;
            }
        }
        let unfinished = stream.rsplit(|&b| b == b'\n').next().unwrap_or_default();
        assert_eq!(buffer.unfinished(), unfinished);
        assert_eq!(buffer.take_unfinished(), unfinished);
        assert_eq!(buffer.next_line(), Ok(None));
    });
}

/// Takes out all lines there are and compares; false after a line that is too long.
fn agree(buffer: &mut LineBuffer, stream: &[u8], handed_out: &mut usize, limit: usize) -> bool {
    let parts: Vec<&[u8]> = stream.split(|&b| b == b'\n').collect();
    let (unfinished, whole) = parts.split_last().unwrap();
    for line in &whole[*handed_out..] {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(heard) = buffer.next_line() else {
            assert!(line.len() > limit);
            return false;
        };
        assert_eq!(heard, Some(line));
        assert!(line.len() <= limit);
        *handed_out += 1;
    }
    let pending = unfinished.strip_suffix(b"\r").unwrap_or(unfinished);
    match buffer.next_line() {
        Ok(heard) => assert!(heard.is_none() && pending.len() <= limit),
        Err(LineTooLong) => assert!(pending.len() > limit),
    }
    pending.len() <= limit
}

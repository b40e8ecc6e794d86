//! Collecting bytes into lines.

use std::fmt;

/// The bytes that a connection sent, handed out line by line, however they were cut into reads. Takes memory only while
/// a line is unfinished.
#[derive(Debug)]
pub struct LineBuffer {
    bytes: Vec<u8>,
    // 32 bits: no buffer comes near four gigabytes, and a large room has ten thousand of them.
    /// The beginning of the next line.
    start: u32,
    /// The end of the bytes that are known to hold no end of a line.
    scanned: u32,
    limit: u32,
}

/// A line, finished or not, has more bytes than the limit. Nothing behind it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineTooLong;

impl fmt::Display for LineTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("line too long")
    }
}

impl std::error::Error for LineTooLong {}

impl LineBuffer {
    /// A buffer for lines of at most `limit` bytes, their end not counted.
    pub fn new(limit: usize) -> LineBuffer {
        LineBuffer { bytes: Vec::new(), start: 0, scanned: 0, limit: u32::try_from(limit).unwrap_or(u32::MAX) }
    }

    /// The most bytes that a line may have.
    pub fn limit(&self) -> usize {
        self.limit as usize
    }

    /// Appends bytes from the connection.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.bytes.drain(..self.start as usize);
            self.scanned -= self.start;
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole line without its `\n` or `\r\n`; `None` until there is one. After an error it stays an error.
    pub fn next_line(&mut self) -> Result<Option<&[u8]>, LineTooLong> {
        let Some(length) = memchr::memchr(b'\n', &self.bytes[self.scanned as usize..]) else {
            self.scanned = self.bytes.len() as u32;
            return self.wait_for_more();
        };
        let (start, end) = (self.start as usize, self.scanned as usize + length);
        let line = self.bytes[start..end].strip_suffix(b"\r").unwrap_or(&self.bytes[start..end]);
        if line.len() > self.limit as usize {
            return Err(LineTooLong);
        }
        self.start = end as u32 + 1;
        self.scanned = self.start;
        Ok(Some(line))
    }

    /// The bytes of the unfinished line so far.
    pub fn unfinished(&self) -> &[u8] {
        &self.bytes[self.start as usize..]
    }

    /// Hands out the unfinished line as if it had ended.
    pub fn take_unfinished(&mut self) -> Vec<u8> {
        let rest = self.bytes.split_off(self.start as usize);
        self.release();
        rest
    }

    fn wait_for_more(&mut self) -> Result<Option<&[u8]>, LineTooLong> {
        let pending = self.unfinished();
        // A `\r` at the end may belong to the end of the line.
        if pending.strip_suffix(b"\r").unwrap_or(pending).len() > self.limit as usize {
            return Err(LineTooLong);
        }
        if pending.is_empty() {
            self.release();
        }
        Ok(None)
    }

    fn release(&mut self) {
        *self = LineBuffer::new(self.limit as usize);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 8;

    /// All lines of these reads, the unfinished one, and whether a line was too long.
    fn lines(reads: &[&[u8]]) -> (Vec<Vec<u8>>, Vec<u8>, bool) {
        let mut buffer = LineBuffer::new(LIMIT);
        let mut lines = Vec::new();
        for read in reads {
            buffer.push(read);
            loop {
                match buffer.next_line() {
                    Ok(Some(line)) => lines.push(line.to_vec()),
                    Ok(None) => break,
                    Err(LineTooLong) => return (lines, Vec::new(), true),
                }
            }
        }
        (lines, buffer.take_unfinished(), false)
    }

    #[track_caller]
    fn check(stream: &str, whole: &[&str], rest: &str, too_long: bool) {
        let (lines, unfinished, error) = lines(&[stream.as_bytes()]);
        assert_eq!(lines, whole.iter().map(|l| l.as_bytes()).collect::<Vec<_>>());
        assert_eq!((unfinished, error), (rest.into(), too_long));
    }

    #[test]
    fn streams() {
        check("", &[], "", false);
        check("oi\n", &["oi"], "", false);
        check("oi\r\n", &["oi"], "", false);
        check("a\n\nb\n", &["a", "", "b"], "", false);
        check("a\nb", &["a"], "b", false);
        check("a\rb\n", &["a\rb"], "", false);
        check("a\r\r\n", &["a\r"], "", false);
        check("12345678\n", &["12345678"], "", false);
        check("12345678\r\n", &["12345678"], "", false);
        check("123456789\n", &[], "", true);
        check("ok\n123456789", &["ok"], "", true);
        check("12345678\rx", &[], "", true);
    }

    #[test]
    fn memory_is_held_only_for_an_unfinished_line() {
        let mut buffer = LineBuffer::new(LIMIT);
        buffer.push(b"oi\nte");
        assert_eq!(buffer.next_line(), Ok(Some(&b"oi"[..])));
        assert_eq!(buffer.next_line(), Ok(None));
        assert_eq!(buffer.unfinished(), b"te");
        buffer.push(b"m\n");
        assert_eq!(buffer.next_line(), Ok(Some(&b"tem"[..])));
        assert_eq!(buffer.next_line(), Ok(None));
        assert_eq!(buffer.bytes.capacity(), 0);
    }

    fn cuts(stream: &[u8], mut at: Vec<usize>) -> Vec<&[u8]> {
        at.extend([0, stream.len()]);
        for cut in &mut at {
            *cut = (*cut).min(stream.len());
        }
        at.sort_unstable();
        at.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect()
    }

    proptest! {
        #[test]
        fn every_way_of_cutting_gives_the_same_lines(
            stream in prop::collection::vec(prop::sample::select(b"ab\r\n\n".as_slice()), 0..40),
            at in prop::collection::vec(0_usize..40, 0..10),
        ) {
            let whole = lines(&[&stream]);
            prop_assert_eq!(&lines(&cuts(&stream, at)), &whole);
            let bytes: Vec<&[u8]> = stream.chunks(1).collect();
            prop_assert_eq!(&lines(&bytes), &whole);
        }
    }
}

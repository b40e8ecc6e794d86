//! A filter for telnet's commands (RFC 854) and for the zero bytes that C programs send.

/// A filter that drops telnet's commands and zero bytes from a stream, however it is cut into reads.
///
/// Only the request for a timing mark is answered, with a refusal: after an interrupt (Ctrl+C) some telnet programs,
/// Debian's among them, show nothing more until they get that answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Telnet {
    state: State,
    is_asked_for_mark: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// Behind a carriage return: a zero byte there ends a line, as telnet has it.
    Return,
    /// Behind an IAC.
    Command,
    /// Behind DO.
    Request,
    /// Behind WILL, WONT or DONT.
    Option,
    /// Between IAC SB and IAC SE.
    Parameters,
    /// Behind an IAC between those.
    ParametersCommand,
}

const NUL: u8 = 0;
/// "Interpret as command".
const IAC: u8 = 255;
const DONT: u8 = 254;
const DO: u8 = 253;
const WONT: u8 = 252;
const WILL: u8 = 251;
/// The option with which a program asks whether everything before it has been processed (RFC 860).
const TIMING_MARK: u8 = 6;
/// Begins the parameters of an option.
const SB: u8 = 250;
/// Ends them, and is the command with the lowest number.
const SE: u8 = 240;

impl Telnet {
    /// The answer to a request for a timing mark: there is none.
    pub const NO_MARK: [u8; 3] = [IAC, WONT, TIMING_MARK];

    /// Appends the text in `read` to `out`.
    pub fn filter(&mut self, read: &[u8], out: &mut Vec<u8>) {
        for &byte in read {
            self.is_asked_for_mark |= self.state == State::Request && byte == TIMING_MARK;
            self.state = self.state.after(byte, out);
        }
    }

    /// Whether [`Telnet::NO_MARK`] must be sent; true once per request.
    pub fn owes_answer(&mut self) -> bool {
        std::mem::take(&mut self.is_asked_for_mark)
    }

    /// Whether [`Telnet::filter`] would copy all of `read` unchanged.
    pub fn is_plain(self, read: &[u8]) -> bool {
        self.state == State::Text && read.last() != Some(&b'\r') && memchr::memchr2(NUL, IAC, read).is_none()
    }
}

impl State {
    fn after(self, byte: u8, out: &mut Vec<u8>) -> State {
        match (self, byte) {
            (State::Command, DO) => State::Request,
            (State::Command, WILL..=DONT) => State::Option,
            (State::Command, SB) => State::Parameters,
            (State::Command, SE..SB) | (State::Option | State::Request, _) | (State::ParametersCommand, SE) => {
                State::Text
            }
            (State::Parameters, IAC) => State::ParametersCommand,
            (State::Parameters | State::ParametersCommand, _) => State::Parameters,
            (State::Text | State::Return, IAC) => State::Command,
            (State::Return, NUL) => {
                out.push(b'\n');
                State::Text
            }
            (State::Text, NUL) => State::Text,
            (State::Command, IAC) => {
                out.push(IAC);
                State::Text
            }
            // Not a command: the letter ÿ of a program that does not speak telnet.
            (State::Command, _) => {
                out.push(IAC);
                State::Text.after(byte, out)
            }
            (State::Text | State::Return, _) => {
                out.push(byte);
                if byte == b'\r' { State::Return } else { State::Text }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that the stream holds that text, whether it comes at once or byte by byte.
    #[track_caller]
    fn check(stream: &[u8], text: &[u8]) {
        let (mut whole, mut pieces) = (Vec::new(), Vec::new());
        Telnet::default().filter(stream, &mut whole);
        let mut telnet = Telnet::default();
        for byte in stream.chunks(1) {
            telnet.filter(byte, &mut pieces);
        }
        assert_eq!((&*whole, &*pieces), (text, text), "{stream:x?}");
        assert!(!Telnet::default().is_plain(stream) || stream == text);
    }

    #[test]
    fn what_is_text() {
        check("olá\r\n".as_bytes(), "olá\r\n".as_bytes());
        check(b"bia\0", b"bia");
        check(b"\0\0b\0ia\0\n", b"bia\n");
        check(b"maria\r\0oi\r\n", b"maria\r\noi\r\n");
        check(b"\xff\xfb\x1f\xff\xfb\x20\xff\xfd\x01bia\r\n", b"bia\r\n");
        check(b"\xff\xf4\xff\xfd\x06@watch segredo\r\n", b"@watch segredo\r\n");
        check(b"a\xff\xf1b\xff\xf9c\xff\xfe\xffd", b"abcd");
        check(b"\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0bia", b"bia");
        check(b"\xff\xfa\x18\x00x\xff\xff\xf0y\xff\xf0bia", b"bia");
        check(b"Lou\xffs e \xff\xff", b"Lou\xffs e \xff");
        check(b"\xff\n\xff\0x", b"\xff\n\xffx");
        check(b"x\r\xff\xf1\0\n", b"x\r\n");
    }

    #[test]
    fn only_a_timing_mark_is_answered() {
        for (stream, is_owed) in [
            (&b"\xff\xf4\xff\xfd\x06"[..], true),
            (b"\xff\xfd\x01\xff\xfd\x03", false),
            (b"\xff\xfb\x06\xff\xfe\x06\xff\xfc\x06", false),
            (b"\xfd\x06", false),
        ] {
            let mut telnet = Telnet::default();
            telnet.filter(stream, &mut Vec::new());
            assert_eq!((telnet.owes_answer(), telnet.owes_answer()), (is_owed, false), "{stream:x?}");
        }
    }

    #[test]
    fn plain_reads_are_known() {
        let telnet = Telnet::default();
        assert!(telnet.is_plain("olá\r\n".as_bytes()) && telnet.is_plain(b""));
        for read in [&b"bia\r"[..], b"a\0", b"\xff"] {
            assert!(!telnet.is_plain(read), "{read:x?}");
        }
        let mut in_command = telnet;
        in_command.filter(b"\xff", &mut Vec::new());
        assert!(!in_command.is_plain(b"bia"));
    }
}

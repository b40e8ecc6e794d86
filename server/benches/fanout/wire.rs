//! What a client of each server says and hears, as far as the benchmark goes.

use std::io::Write as _;

use crate::text;

/// A language that a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Papo's lines of text; the bare loops speak them too.
    Classic,
    /// Papo's JSON lines.
    Native,
    /// The bare loops: like the classic dialect, but a sender hears itself.
    Bare,
    /// The bare loops with lines as long as native ones, in both directions.
    Long,
    /// Redis's third protocol, in which a subscriber may publish.
    Redis,
    /// A channel of an IRC server.
    Irc,
    /// A subject of a NATS server.
    Nats,
    /// A topic of an MQTT broker, at most once.
    Mqtt,
}

/// By how much a `say` with a name in front is shorter than the `message` that papo-server makes of it.
const LACK: usize = 61;

impl Wire {
    /// Appends all that a newcomer must say to be in.
    pub(crate) fn enter(self, name: &str, out: &mut Vec<u8>) {
        match self {
            Wire::Classic | Wire::Bare => line(out, format_args!("{name}\n")),
            Wire::Long => line(out, format_args!("{name}{:.<LACK$}\n", "")),
            Wire::Native => line(out, format_args!("{{\"type\":\"hello\",\"name\":\"{name}\",\"version\":1}}\n")),
            Wire::Redis => line(out, format_args!("HELLO 3\r\nSUBSCRIBE c\r\n")),
            Wire::Irc => line(out, format_args!("NICK {name}\r\nUSER u 0 * :u\r\nJOIN #c\r\n")),
            Wire::Nats => line(
                out,
                format_args!("CONNECT {{\"verbose\":false,\"pedantic\":false,\"echo\":false}}\r\nSUB c 1\r\nPING\r\n"),
            ),
            Wire::Mqtt => {
                out.extend([0x10, 12 + name.len() as u8, 0, 4]);
                out.extend(b"MQTT\x04\x02\0\0\0");
                out.push(name.len() as u8);
                out.extend(name.as_bytes());
                out.extend(b"\x82\x06\0\x01\0\x01c\0");
            }
        }
    }

    /// What a newcomer hears once it is in.
    pub(crate) fn entered(self) -> &'static [u8] {
        match self {
            Wire::Classic | Wire::Bare | Wire::Long => b"OK\n",
            Wire::Native => b"\"type\":\"welcome\"",
            Wire::Redis => b"subscribe\r\n$1\r\nc\r\n:1\r\n",
            Wire::Irc => b" 366 ",
            Wire::Nats => b"PONG\r\n",
            Wire::Mqtt => b"\x90\x03\0\x01\0",
        }
    }

    /// What one hears when somebody comes, where one hears that at all.
    pub(crate) fn arrival(self) -> Option<&'static [u8]> {
        match self {
            Wire::Classic => Some(b" entrou no chat de "),
            Wire::Native => Some(b"\"type\":\"joined\""),
            Wire::Irc => Some(b" JOIN :#c"),
            Wire::Bare | Wire::Long | Wire::Redis | Wire::Nats | Wire::Mqtt => None,
        }
    }

    /// Whether a newcomer hears itself come.
    pub(crate) fn hears_own_arrival(self) -> bool {
        matches!(self, Wire::Classic | Wire::Irc)
    }

    /// What shows that a member is still there, to a server that asks.
    pub(crate) fn sign_of_life(self) -> &'static [u8] {
        if self == Wire::Native { b"{\"type\":\"pong\"}\n" } else { b"" }
    }

    /// Appends what says `text`, the sender's message `number`.
    pub(crate) fn say(self, number: u64, text: &[u8; text::LENGTH], out: &mut Vec<u8>) {
        let (before, after): (&[u8], &[u8]) = match self {
            Wire::Classic | Wire::Bare => (b"", b"\n"),
            Wire::Native | Wire::Long => {
                line(out, format_args!("{{\"type\":\"say\",\"ref\":{},\"text\":\"", number + 1));
                (b"", b"\"}\n")
            }
            Wire::Redis => (b"*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$64\r\n", b"\r\n"),
            Wire::Irc => (b"PRIVMSG #c :", b"\r\n"),
            Wire::Nats => (b"PUB c 64\r\n", b"\r\n"),
            Wire::Mqtt => (b"\x30\x43\0\x01c", b""),
        };
        out.extend(before);
        out.extend(text);
        out.extend(after);
    }

    /// Whether a sender hears its own messages.
    pub(crate) fn echoes(self) -> bool {
        matches!(self, Wire::Native | Wire::Bare | Wire::Long | Wire::Redis | Wire::Mqtt)
    }
}

fn line(out: &mut Vec<u8>, line: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = out.write_fmt(line);
}

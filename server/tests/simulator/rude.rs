//! Clients that make trouble: whatever they do, the others have a chat and the server its memory.

use papo_common::{Hello, Request, SafeInteger, json};

use crate::dice::Dice;

/// Actions of a rude client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rudeness {
    /// Says much more than it may, and reads nothing.
    Floods,
    /// Asks for much, and reads nothing.
    Asks,
    /// Sends bytes that mean nothing.
    Babbles,
    /// Sends a line that has no end.
    GoesOn,
    /// Never says a name.
    SaysNothing,
}

/// All kinds.
pub(crate) const ALL: [Rudeness; 5] =
    [Rudeness::Floods, Rudeness::Asks, Rudeness::Babbles, Rudeness::GoesOn, Rudeness::SaysNothing];

/// The most that waits to be sent, in bytes.
const MOST: usize = 256 * 1024;

/// A rude client's state.
#[derive(Debug)]
pub(crate) struct Rude {
    rudeness: Rudeness,
    next: u64,
    /// Bytes that it has yet to send.
    pub(crate) out: Vec<u8>,
}

impl Rude {
    /// A client that is rude in this way.
    pub(crate) fn new(rudeness: Rudeness) -> Rude {
        Rude { rudeness, next: 0, out: Vec::new() }
    }

    /// Begins on a new connection.
    pub(crate) fn connect(&mut self, name: &str, dice: &mut Dice) {
        self.out.clear();
        match self.rudeness {
            Rudeness::Floods | Rudeness::Babbles if dice.once_in(2) => self.out.extend(format!("{name}\n").bytes()),
            Rudeness::Floods | Rudeness::Asks => json::encode_request(&Request::Hello(Hello::new(name)), &mut self.out),
            Rudeness::Babbles | Rudeness::GoesOn | Rudeness::SaysNothing => {}
        }
    }

    /// Is rude once more.
    pub(crate) fn act(&mut self, dice: &mut Dice) {
        if self.out.len() > MOST {
            return;
        }
        match self.rudeness {
            Rudeness::Floods => (0..dice.below(200)).for_each(|_| self.shout(dice)),
            Rudeness::Asks => (0..dice.below(20)).for_each(|_| self.ask()),
            Rudeness::Babbles => {
                let bytes = dice.below(300);
                self.out.extend((0..bytes).map(|_| dice.pick(b"\n\r\0\xff\xfd\xf0{\"@:, aq\xc3\xa9\xf0\x9f")));
            }
            Rudeness::GoesOn => self.out.extend(vec![b'x'; dice.below(9_000)]),
            Rudeness::SaysNothing => {}
        }
    }

    fn shout(&mut self, dice: &mut Dice) {
        self.next += 1;
        let (reference, text) = (SafeInteger::new(self.next), "AAAA ".repeat(1 + dice.below(100)));
        if self.out.first() == Some(&b'{') || dice.once_in(2) {
            json::encode_request(&Request::Say { reference, text }, &mut self.out);
        } else {
            self.out.extend(format!("{text}\n").bytes());
        }
    }

    fn ask(&mut self) {
        let (Some(before), Some(count)) = (SafeInteger::new(1 << 40), SafeInteger::new(200)) else { return };
        json::encode_request(&Request::History { reference: None, before, count }, &mut self.out);
    }
}

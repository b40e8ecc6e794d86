//! Habits of a client: how much it says, how it reads, and what its network does to it.

use std::net::IpAddr;
use std::time::Duration;

use crate::dice::Dice;
use crate::network::Quality;

/// Texts said behind a token.
const TEXTS: [&str; 10] = [
    "oi",
    "olá, pessoal",
    "não é segredo (privado)",
    "👩\u{200d}💻 e @p1",
    "{\"type\":\"leave\"}",
    "p2 saiu do chat.",
    "Usuários ativos: p1",
    "uma linha mais longa, como as que se escrevem quando há algo a contar, com ação, coração e mais palavras",
    "def f():\n\treturn 1",
    "fim: \"aspas\" e \\barras\\",
];
/// Texts to search for.
pub(crate) const WORDS: [&str; 6] = ["oi", "ACAO", "p2", "linha", "nada disso", "m1.1"];

/// Something to say.
pub(crate) fn text(dice: &mut Dice) -> String {
    if dice.once_in(30) { "palavra ".repeat(1 + dice.below(400)).trim_end().into() } else { dice.pick(&TEXTS).into() }
}

/// How a client reads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reading {
    /// Everything that comes, at once.
    Prompt,
    /// When it gets to it, within this time.
    Lazy(Duration),
    /// Not at all.
    Never,
}

/// Effects of a network on a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// Nothing passes for so long.
    Stall(Duration),
    /// Nothing passes any more; the server's system notices after so long, the client by itself.
    Silence(Duration),
    /// The same, but the client knows at once and connects anew: it has moved.
    Move(Duration),
    /// A reset.
    Reset,
    /// The client closes.
    Close,
    /// The client goes for good.
    Leave,
}

impl Trouble {
    /// As chance has it.
    pub(crate) fn by_chance(dice: &mut Dice) -> Trouble {
        let long = Duration::from_millis(1 + dice.below(2_900) as u64);
        let notices_after = Duration::from_secs(60 + dice.below(40) as u64);
        match dice.below(10) {
            0..=2 => Trouble::Stall(long),
            3 => Trouble::Stall(long * 20),
            4 => Trouble::Silence(notices_after),
            5 => Trouble::Move(notices_after),
            6 | 7 => Trouble::Reset,
            8 => Trouble::Close,
            _ => Trouble::Leave,
        }
    }
}

/// The habits of one client.
#[derive(Clone, Debug)]
pub(crate) struct Habits {
    /// Its address.
    pub(crate) ip: IpAddr,
    /// Its network.
    pub(crate) quality: Quality,
    /// How it reads.
    pub(crate) reading: Reading,
    /// The mean time between two things that it does.
    pub(crate) pause: Duration,
    /// The most that it says at once.
    pub(crate) most_at_once: usize,
    /// The mean time between two troubles; none for a network without.
    pub(crate) trouble_every: Option<Duration>,
    /// How long it stays away at most.
    pub(crate) away: Duration,
}

impl Habits {
    /// Habits of the witness: it reads everything at once and says nothing.
    pub(crate) fn of_the_witness() -> Habits {
        Habits {
            ip: [10, 0, 0, 1].into(),
            quality: Quality::PERFECT,
            reading: Reading::Prompt,
            pause: Duration::from_secs(30),
            most_at_once: 0,
            trouble_every: None,
            away: Duration::ZERO,
        }
    }

    /// Habits of client `id`, as chance has it.
    pub(crate) fn by_chance(id: usize, pause: Duration, is_calm: bool, dice: &mut Dice) -> Habits {
        // Some share an address, as behind a router.
        let last = if id % 4 == 3 { 200 } else { 10 + id as u8 };
        let ms = Duration::from_millis;
        let quality = Quality {
            delay: dice.pick(&[ms(0), ms(1), ms(5), ms(40), ms(300)]),
            jitter: dice.pick(&[ms(0), ms(1), ms(30), ms(400)]),
            piece: dice.pick(&[None, Some(1), Some(7), Some(200)]),
            capacity: dice.pick(&[4 << 10, 16 << 10, 64 << 10, 1 << 20]),
        };
        Habits {
            ip: [10, 0, 0, last].into(),
            quality,
            reading: dice.pick(&[Reading::Prompt, Reading::Prompt, Reading::Lazy(ms(300)), Reading::Lazy(ms(2_000))]),
            pause: dice.pick(&[pause / 2, pause, pause * 2]),
            most_at_once: dice.pick(&[1, 1, 2, 12]),
            trouble_every: (!is_calm && !dice.once_in(4)).then(|| dice.pick(&[pause * 4, pause * 20, pause * 60])),
            away: dice.pick(&[ms(10), ms(1_000), ms(10_000), ms(90_000)]),
        }
    }

    /// Nothing more to say, and a network without trouble.
    pub(crate) fn calm_down(&mut self) {
        self.quality = Quality::PERFECT;
        self.reading = Reading::Prompt;
        self.trouble_every = None;
        self.most_at_once = 0;
        self.pause = Duration::from_secs(2);
        self.away = Duration::from_secs(1);
    }

    /// When it does something again, from now on.
    pub(crate) fn next_thought(&self, dice: &mut Dice) -> Duration {
        about(self.pause, dice)
    }

    /// When its network has trouble again.
    pub(crate) fn next_trouble(&self, dice: &mut Dice) -> Duration {
        self.trouble_every.map_or(Duration::from_secs(1 << 40), |every| about(every, dice))
    }

    /// When it comes back.
    pub(crate) fn next_return(&self, dice: &mut Dice) -> Duration {
        about(self.away, dice)
    }

    /// For how long it may do nothing.
    pub(crate) fn longest_nap(&self) -> Duration {
        self.pause * 2
    }

    /// How much it says at once.
    pub(crate) fn burst(&self, dice: &mut Dice) -> usize {
        if self.most_at_once == 0 { 0 } else { 1 + dice.below(self.most_at_once) }
    }
}

/// A time around `mean`, between none and twice as much.
fn about(mean: Duration, dice: &mut Dice) -> Duration {
    Duration::from_micros(1 + dice.below(2 * mean.as_micros() as usize + 1) as u64)
}

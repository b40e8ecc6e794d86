//! The source of ids and secrets.

use std::{fmt, io};

/// A source of random bits: the system's, or whatever a test wants to happen.
pub struct Random(Box<dyn FnMut() -> io::Result<u128>>);

impl Random {
    /// The system's own, fit for secrets.
    pub fn system() -> Random {
        Random::new(|| {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes).map_err(io::Error::other)?;
            Ok(u128::from_le_bytes(bytes))
        })
    }

    /// Draws by calling `draw`.
    pub fn new(draw: impl FnMut() -> io::Result<u128> + 'static) -> Random {
        Random(Box::new(draw))
    }

    /// 128 random bits. An error if the source has none.
    pub fn draw(&mut self) -> io::Result<u128> {
        (self.0)()
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

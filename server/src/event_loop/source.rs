//! The sources of readiness for which the poll waits, and the token of each.

use mio::Token;

use crate::keys::ConnectionKey;

/// A source of readiness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Newcomers.
    Listener,
    /// Signals of the system.
    Signals,
    /// The console's input.
    Stdin,
    /// Room for what the operator reads.
    OperatorOutput,
    /// One connection; its token is its key.
    Connection(ConnectionKey),
}

const LISTENER: usize = usize::MAX;
const SIGNALS: usize = usize::MAX - 1;
const STDIN: usize = usize::MAX - 2;
const OPERATOR_OUTPUT: usize = usize::MAX - 3;

impl Source {
    pub(super) fn token(self) -> Token {
        Token(match self {
            Source::Listener => LISTENER,
            Source::Signals => SIGNALS,
            Source::Stdin => STDIN,
            Source::OperatorOutput => OPERATOR_OUTPUT,
            Source::Connection(ConnectionKey(key)) => key,
        })
    }
}

impl From<Token> for Source {
    fn from(Token(token): Token) -> Source {
        match token {
            LISTENER => Source::Listener,
            SIGNALS => Source::Signals,
            STDIN => Source::Stdin,
            OPERATOR_OUTPUT => Source::OperatorOutput,
            key => Source::Connection(ConnectionKey(key)),
        }
    }
}

//! Notes to the operator about what happens by itself: values, so that their makers know no console.

/// One thing to tell the operator.
#[derive(Debug, PartialEq, Eq)]
pub enum Note {
    /// A line for the log.
    Log(String),
    /// A line for the log and for the console.
    Tell(String),
    /// The file that the operator asked for has come to an end, well or not: a line for the console.
    Exported(String),
    /// The wall clock jumped: it was expected to show this time, Unix ms.
    ClockJumped(u64),
}

//! People at a server, the network between, what it does to them, and what each of them saw.

pub mod crowd;
pub mod dice;
pub mod proxy;
pub mod seen;
pub mod trouble;

//! Keys by which the parts of the server name connections and members.

use std::num::NonZeroU64;

/// A connection's place in the slab. It is given out again once the connection has been reaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionKey(pub usize);

/// The key of a member: later members have greater keys, and none is ever used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberKey(pub NonZeroU64);

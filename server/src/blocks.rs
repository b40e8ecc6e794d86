//! The operator's blocks: addresses banned from connecting, addresses and single people that are muted. Pure.

use std::net::IpAddr;

use papo_common::{MemberId, Name};

/// The most blocks. Beyond it the operator is asked to release some first.
pub const MAX_BLOCKS: usize = 1_000;

/// The kind of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Nobody connects from the address.
    Ban,
    /// Nobody at the address speaks, and nobody joins from it but under the names that it bore when it was muted: a new
    /// name would still be the same person, and could say something by its spelling.
    Mute,
    /// One person of a shared address does not speak: its session wherever it goes on, and names that look like its
    /// name at that address.
    MutePerson(MemberId),
}

/// One decision of the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The kind of a block.
    pub kind: BlockKind,
    /// The address.
    pub ip: IpAddr,
    /// The names that the address bore then; the person's alone for [`BlockKind::MutePerson`].
    pub names: Vec<Name>,
    /// When it was made, Unix ms.
    pub at: u64,
    /// The operator's reason: one harmless line.
    pub reason: Option<String>,
}

impl Block {
    /// Whether `name` is, or looks like, one of the names in it.
    fn has_name(&self, name: &Name) -> bool {
        self.names.iter().any(|other| other.looks_like(name))
    }

    /// Whether it mutes this person.
    fn mutes(&self, ip: IpAddr, id: MemberId, name: &Name) -> bool {
        match self.kind {
            BlockKind::Ban => false,
            BlockKind::Mute => self.ip == ip,
            BlockKind::MutePerson(person) => person == id || (self.ip == ip && self.has_name(name)),
        }
    }

    /// Whether it blocks the same target as `other`.
    fn is_same_target(&self, other: &Block) -> bool {
        let is_same_kind = match (self.kind, other.kind) {
            (BlockKind::Ban, BlockKind::Ban) | (BlockKind::Mute, BlockKind::Mute) => true,
            (BlockKind::MutePerson(_), BlockKind::MutePerson(_)) => self.names == other.names,
            _ => false,
        };
        is_same_kind && self.ip == other.ip
    }
}

/// All blocks, oldest first: at most [`MAX_BLOCKS`]. Operators make a few, so looking through them costs less than
/// tables would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks(Vec<Block>);

impl Blocks {
    /// Stored blocks, oldest first; those beyond [`MAX_BLOCKS`] are left out.
    pub fn restored(blocks: Vec<Block>) -> Blocks {
        let mut recalled = Blocks::default();
        for block in blocks {
            recalled.add(block);
        }
        recalled
    }

    /// Adds `block`. One with the same target is replaced, and its names are kept. False if there are too many.
    pub fn add(&mut self, mut block: Block) -> bool {
        if let Some(place) = self.0.iter().position(|old| old.is_same_target(&block)) {
            for name in self.0.remove(place).names {
                if !block.names.contains(&name) {
                    block.names.push(name);
                }
            }
        }
        let has_room = self.0.len() < MAX_BLOCKS;
        if has_room {
            self.0.push(block);
        }
        has_room
    }

    /// Takes out the blocks of an address.
    pub fn release_address(&mut self, ip: IpAddr) -> Vec<Block> {
        self.remove_where(|block| block.ip == ip)
    }

    /// Takes out the blocks that bear `name`.
    pub fn release_name(&mut self, name: &Name) -> Vec<Block> {
        self.remove_where(|block| block.has_name(name))
    }

    /// Takes out the blocks that mute this person.
    pub fn release_person(&mut self, ip: IpAddr, id: MemberId, name: &Name) -> Vec<Block> {
        self.remove_where(|block| block.mutes(ip, id, name))
    }

    /// Whether this person is muted.
    pub fn mutes(&self, ip: IpAddr, id: MemberId, name: &Name) -> bool {
        self.0.iter().any(|block| block.mutes(ip, id, name))
    }

    /// Whether a newcomer from `ip` may not join as `name`: the address is muted and did not bear that name then.
    pub fn refuses_name(&self, ip: IpAddr, name: &Name) -> bool {
        self.0.iter().any(|block| block.kind == BlockKind::Mute && block.ip == ip && !block.names.contains(name))
    }

    /// All blocks, oldest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Block> {
        self.0.iter()
    }

    fn remove_where(&mut self, is_meant: impl Fn(&Block) -> bool) -> Vec<Block> {
        let (out, rest) = std::mem::take(&mut self.0).into_iter().partition(is_meant);
        self.0 = rest;
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Name {
        Name::parse(name).unwrap()
    }

    fn ip(last: u8) -> IpAddr {
        [10, 0, 0, last].into()
    }

    fn id(id: u128) -> MemberId {
        MemberId::from_random(id)
    }

    fn block(kind: BlockKind, last: u8, names: &[&str]) -> Block {
        Block { kind, ip: ip(last), names: names.iter().copied().map(name).collect(), at: 1, reason: None }
    }

    fn blocks() -> Blocks {
        Blocks::restored(vec![
            block(BlockKind::Ban, 1, &["rui"]),
            block(BlockKind::Mute, 2, &["ana", "bia"]),
            block(BlockKind::MutePerson(id(7)), 3, &["lucas"]),
        ])
    }

    #[test]
    fn who_may_not_speak() {
        for (last, person, called, is_silenced) in [
            (1, 1, "rui", false),
            (2, 1, "ana", true),
            (2, 1, "caio", true),
            (3, 1, "ana", false),
            (3, 1, "LUCAS", true),
            (3, 1, "Iucas", true),
            (4, 1, "lucas", false),
            (4, 7, "outro", true),
        ] {
            assert_eq!(blocks().mutes(ip(last), id(person), &name(called)), is_silenced, "{last} {person} {called}");
        }
    }

    #[test]
    fn who_may_not_enter_under_a_new_name() {
        for (last, called, is_refused) in [
            (1, "x", false),
            (2, "ana", false),
            (2, "BIA", false),
            (2, "caio", true),
            (3, "x", false),
            (3, "lucas", false),
        ] {
            assert_eq!(blocks().refuses_name(ip(last), &name(called)), is_refused, "{last} {called}");
        }
    }

    #[test]
    fn what_is_freed() {
        let kinds = |freed: Vec<Block>| freed.iter().map(|block| block.kind).collect::<Vec<_>>();
        assert_eq!(kinds(blocks().release_name(&name("Rui"))), [BlockKind::Ban]);
        assert_eq!(kinds(blocks().release_name(&name("Bia"))), [BlockKind::Mute]);
        assert_eq!(kinds(blocks().release_name(&name("Iucas"))), [BlockKind::MutePerson(id(7))]);
        assert_eq!(kinds(blocks().release_name(&name("zeca"))), []);
        assert_eq!(kinds(blocks().release_address(ip(3))), [BlockKind::MutePerson(id(7))]);
        assert_eq!(kinds(blocks().release_person(ip(9), id(7), &name("novo"))), [BlockKind::MutePerson(id(7))]);
        assert_eq!(kinds(blocks().release_person(ip(1), id(1), &name("rui"))), []);
        let mut blocks = blocks();
        blocks.release_address(ip(2));
        assert_eq!(blocks.iter().len(), 2);
        assert!(!blocks.mutes(ip(2), id(1), &name("ana")));
    }

    #[test]
    fn again_it_is_renewed_and_too_many_are_refused() {
        let mut blocks = blocks();
        assert!(blocks.add(Block { at: 9, reason: Some("gritou".into()), ..block(BlockKind::Mute, 2, &["caio"]) }));
        let last = blocks.iter().last().unwrap();
        assert_eq!((last.names.len(), last.at, blocks.iter().len()), (3, 9, 3));
        assert!(blocks.add(block(BlockKind::MutePerson(id(8)), 3, &["outra"])));
        assert_eq!(blocks.iter().len(), 4);
        for n in 4..MAX_BLOCKS {
            assert!(blocks.add(Block { ip: [10, 1, (n >> 8) as u8, n as u8].into(), ..block(BlockKind::Ban, 0, &[]) }));
        }
        assert!(!blocks.add(block(BlockKind::Ban, 9, &[])));
        assert!(blocks.add(block(BlockKind::Ban, 1, &[])), "renewed");
        assert_eq!(blocks.iter().len(), MAX_BLOCKS);
    }
}

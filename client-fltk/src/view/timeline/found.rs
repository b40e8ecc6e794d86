//! The hits of the find bar in the conversation that is shown.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use crate::core::{Find, Hit, ItemId};

/// The hits in the conversation that is laid out.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The [`Find::version`] of these hits; `None` while the find bar is closed.
    version: Option<u64>,
    moves: u64,
    hits: VecDeque<Hit>,
    /// The index range in `hits` of the hits of each item.
    places: HashMap<ItemId, Range<usize>>,
    current: Option<usize>,
}

impl Found {
    /// Takes over the hits of `find`. Returns true if anything changed.
    pub(super) fn follow(&mut self, find: Option<&Find>) -> bool {
        let version = find.map(|find| find.version);
        if self.version == version {
            return false;
        }
        self.version = version;
        self.current = find.and_then(|find| find.current);
        self.hits.clear();
        self.hits.extend(find.into_iter().flat_map(|find| find.hits.iter().cloned()));
        self.places.clear();
        for (index, hit) in self.hits.iter().enumerate() {
            self.places.entry(hit.item).or_insert(index..index).end = index + 1;
        }
        true
    }

    /// The hit that the person moved to since the last call.
    pub(super) fn take_move(&mut self, find: Option<&Find>) -> Option<Hit> {
        let moves = find.map_or(0, |find| find.moves);
        let has_moved = std::mem::replace(&mut self.moves, moves) != moves && moves > 0;
        self.hits.get(self.current.filter(|_| has_moved)?).cloned()
    }

    /// The hits in `item`, each with whether it is the current one.
    pub(super) fn within(&self, item: ItemId) -> impl Iterator<Item = (Range<usize>, bool)> {
        let place = self.places.get(&item).cloned().unwrap_or_default();
        self.hits.range(place.clone()).zip(place).map(|(hit, index)| (hit.range.clone(), self.current == Some(index)))
    }
}

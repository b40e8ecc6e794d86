//! Splices: the changes of a timeline, so that its viewers touch nothing else.

use std::collections::VecDeque;
use std::ops::Range;

use crate::core::ids::ItemId;

/// A change of a sequence: `removed` items from index `at` on were replaced by `added` others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The index of the first item concerned.
    pub at: usize,
    /// The number of items removed.
    pub removed: usize,
    /// The number of items put in their place.
    pub added: usize,
}

/// A state of one timeline; no other timeline ever has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    timeline: ItemId,
    changes: u64,
}

impl Revision {
    /// Whether both are states of the same timeline.
    pub fn is_of_same_timeline(self, other: Revision) -> bool {
        self.timeline == other.timeline
    }
}

/// Replaces a part of `queue`; cheap near both ends.
pub(crate) fn replace_part<T, I>(queue: &mut VecDeque<T>, part: Range<usize>, with: I)
where
    I: IntoIterator<Item = T>,
    I::IntoIter: DoubleEndedIterator,
{
    let above = part.start.min(queue.len());
    queue.rotate_left(above);
    queue.drain(..part.len().min(queue.len() - above));
    with.into_iter().rev().for_each(|item| queue.push_front(item));
    queue.rotate_right(above);
}

/// The last changes of a timeline.
#[derive(Debug)]
pub(crate) struct Journal {
    revision: Revision,
    splices: VecDeque<Splice>,
}

impl Default for Journal {
    fn default() -> Journal {
        Journal { revision: Revision { timeline: ItemId::fresh(), changes: 0 }, splices: VecDeque::new() }
    }
}

impl Journal {
    /// The most changes kept: the view catches up far sooner.
    const MAX_CHANGES: usize = 1_024;

    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }

    pub(crate) fn record(&mut self, at: usize, removed: usize, added: usize) {
        self.revision.changes += 1;
        self.splices.push_back(Splice { at, removed, added });
        if self.splices.len() > Journal::MAX_CHANGES {
            self.splices.pop_front();
        }
    }

    /// All changes since `revision` as few splices, from top to bottom: the index of each assumes that those above it
    /// were applied, and none touches another. `None` if they are no longer known, or `revision` is of another
    /// timeline.
    pub(crate) fn since(&self, revision: Revision) -> Option<Vec<Splice>> {
        let count = self.revision.changes.checked_sub(revision.changes)?;
        let known = self.splices.len().checked_sub(usize::try_from(count).ok()?)?;
        let is_known = revision.is_of_same_timeline(self.revision);
        is_known.then(|| self.splices.range(known..).fold(Vec::new(), |earlier, &splice| merged(&earlier, splice)))
    }
}

/// Merges the splices `earlier` and, after them, `next`.
fn merged(earlier: &[Splice], next: Splice) -> Vec<Splice> {
    let above = earlier.partition_point(|it| it.at + it.added < next.at);
    let below = earlier.partition_point(|it| it.at <= next.at + next.removed);
    let (above, touched, below) = (&earlier[..above], &earlier[above..below], &earlier[below..]);
    let at = touched.first().map_or(next.at, |it| it.at.min(next.at));
    let end = touched.last().map_or(0, |it| it.at + it.added).max(next.at + next.removed);
    // Items that `next` touches and no earlier splice added were there from the beginning.
    let sum = |part: fn(&Splice) -> usize| touched.iter().map(part).sum::<usize>();
    let removed = end - at - sum(|it| it.added) + sum(|it| it.removed);
    let whole = Splice { at, removed, added: end - at + next.added - next.removed };
    let moved = below.iter().map(|it| Splice { at: it.at + next.added - next.removed, ..*it });
    let whole = (whole.removed + whole.added > 0).then_some(whole);
    above.iter().copied().chain(whole).chain(moved).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apply(sequence: &mut Vec<u32>, splice: Splice, added: &[u32]) {
        sequence.splice(splice.at..splice.at + splice.removed, added.iter().copied());
    }

    proptest! {
        #[test]
        fn few_splices_do_what_many_did(changes in prop::collection::vec((0..30_usize, 0..4_usize, 0..4_usize), 0..40)) {
            let mut journal = Journal::default();
            let (mut sequence, mut next) = ((0..20).collect::<Vec<u32>>(), 20);
            let (before, begin) = (sequence.clone(), journal.revision());
            for (at, removed, added) in changes {
                let at = at.min(sequence.len());
                let splice = Splice { at, removed: removed.min(sequence.len() - at), added };
                apply(&mut sequence, splice, &(next..next + added as u32).collect::<Vec<_>>());
                next += added as u32;
                journal.record(splice.at, splice.removed, splice.added);
            }
            let splices = journal.since(begin).expect("few enough");
            let mut viewer = before;
            for splice in &splices {
                apply(&mut viewer, *splice, &sequence[splice.at..splice.at + splice.added]);
            }
            prop_assert_eq!(viewer, sequence);
            prop_assert!(splices.windows(2).all(|pair| pair[0].at + pair[0].added < pair[1].at));
        }
    }

    #[test]
    fn what_is_forgotten_or_of_another_timeline_is_not_told() {
        let mut journal = Journal::default();
        let begin = journal.revision();
        assert_eq!(journal.since(begin), Some(vec![]));
        (0..Journal::MAX_CHANGES).for_each(|at| journal.record(at, 0, 1));
        let all = Splice { at: 0, removed: 0, added: Journal::MAX_CHANGES };
        assert_eq!(journal.since(begin), Some(vec![all]), "what was added in a row is one splice");
        assert_eq!(journal.since(Journal::default().revision()), None);
        journal.record(0, 1, 1);
        assert_eq!(journal.since(begin), None);
    }
}

//! A conversation: its timeline, its unread messages, the line above new ones, and the draft.

use papo_common::{MemberId, Name, Notice};

use crate::core::composer::input_history::InputHistory;
use crate::core::notices::{Failure, LocalNotice};
use crate::core::{Content, ConversationId, Gap, Item, ItemId, OlderHistory, PresenceChange, Timeline};

/// The room or a private conversation, with its timeline, unread messages and draft.
#[derive(Debug)]
pub struct Conversation {
    /// The identity of the conversation.
    pub place: ConversationId,
    /// The items.
    pub timeline: Timeline,
    /// The state of older history: whether there are messages above the first item.
    pub past: OlderHistory,
    /// Whether older items were dropped here.
    pub is_cut: bool,
    /// Messages that came while nobody was looking; joins and leaves never count.
    pub unread: usize,
    /// The first item that came while nobody was looking: the line goes above it.
    pub new_from: Option<ItemId>,
    /// The text kept for this place while another one is shown.
    pub draft: String,
    /// The texts sent from here, to be recalled.
    pub(crate) history: InputHistory,
    /// The last known id behind the partner's name.
    pub(crate) partner: Option<MemberId>,
}

impl Conversation {
    /// The most people in one [`Content::Presence`]; after that a new item begins.
    pub const MAX_RUN: usize = 1_000;
    /// The longest time that one [`Content::Presence`] covers, in ms: it stands at the time of the first of them.
    pub const RUN_MS: u64 = 60 * 60 * 1000;

    /// An empty conversation.
    pub fn new(place: ConversationId) -> Conversation {
        Conversation {
            place,
            timeline: Timeline::default(),
            past: OlderHistory::Unknown,
            is_cut: false,
            unread: 0,
            new_from: None,
            draft: String::new(),
            history: InputHistory::default(),
            partner: None,
        }
    }

    /// The newest item that somebody said, by its time: a message that waits does not hide what was said since.
    pub fn last_said(&self) -> Option<&Item> {
        let confirmed = self.timeline.confirmed().rfind(|item| item.is_said());
        let last = self.timeline.items().next_back().filter(|item| item.is_unsent());
        last.into_iter().chain(confirmed).max_by_key(|item| item.at)
    }

    /// Adds an item: own messages that have not arrived at the end, anything else below what is confirmed.
    pub fn push(&mut self, at: u64, content: Content) -> ItemId {
        let item = Item::new(at, content);
        let id = item.id;
        self.timeline.push(item);
        if self.timeline.len() > Timeline::MAX_ITEMS {
            self.trim();
        }
        id
    }

    fn trim(&mut self) {
        let Some(dropped) = self.timeline.drop_oldest() else { return };
        (self.past, self.is_cut) = (OlderHistory::Unknown, true);
        if self.new_from == Some(dropped.id) {
            self.new_from = self.timeline.get(0).map(|item| item.id);
        }
    }

    /// Adds a line of the program itself.
    pub(crate) fn note(&mut self, at: u64, notice: LocalNotice) {
        self.push(at, Content::LocalNotice(notice));
    }

    /// Removes the line above new messages, unless some of them are still unread.
    pub(crate) fn end_new(&mut self) {
        self.new_from = self.new_from.filter(|_| self.unread > 0);
    }

    /// Empties the conversation, except for the outbox.
    pub(crate) fn clear(&mut self) {
        self.timeline.clear();
        (self.past, self.is_cut) = (OlderHistory::Unknown, false);
        (self.unread, self.new_from) = (0, None);
    }

    /// Adds something that others said: it counts as unread unless somebody is looking.
    pub(crate) fn receive(&mut self, at: u64, content: Content, is_seen: bool) {
        let id = self.push(at, content);
        if !is_seen {
            if self.unread == 0 {
                self.new_from = Some(id);
            }
            self.unread += 1;
        }
    }

    /// Puts items, oldest first, below the gap at `index`, which goes or becomes `rest`. If the gap is above the line
    /// for new messages, and some of those are unread, messages of others in `items` count as unread too.
    pub(crate) fn fill(&mut self, index: usize, rest: Option<Content>, items: Vec<Item>) {
        let is_others = |item: &&Item| item.message().is_none_or(|said| !said.mine);
        let is_above_new = self.new_from.and_then(|id| self.timeline.position(id)) > Some(index);
        if let Some(first) = items.iter().find(is_others)
            && is_above_new
            && self.unread > 0
        {
            self.unread += items.iter().filter(is_others).count();
            self.new_from = Some(first.id);
        }
        self.timeline.fill(index, rest, items);
    }

    /// Adds a join or leave to the item of those just before, or begins a new item.
    pub(crate) fn push_presence(&mut self, change: PresenceChange) {
        let last = self.timeline.confirmed().next_back();
        let goes_on = last.is_some_and(|item| {
            let is_near = change.at.saturating_sub(item.at) < Conversation::RUN_MS;
            is_near && matches!(&item.content, Content::Presence(run) if run.len() < Conversation::MAX_RUN)
        });
        if !goes_on {
            self.push(change.at, Content::Presence(vec![change]));
            return;
        }
        let index = self.timeline.confirmed().len() - 1;
        self.timeline.edit(index, |item| {
            if let Content::Presence(run) = &mut item.content {
                run.push(change);
            }
        });
    }

    /// Notes who is behind the partner's name, spelled as that member does, and says so if that is not the same as
    /// before, or if nobody knew who that was.
    pub(crate) fn meet(&mut self, name: &Name, id: MemberId, at: u64) {
        if self.partner.replace(id) == Some(id) {
            self.timeline.hand_over_kept();
        } else {
            // The kept messages belong to a session that is over.
            self.timeline.fail_kept(&Failure::NeverRead);
            self.note(at, LocalNotice::AnotherPerson(name.clone()));
        }
    }

    /// The notice as an item; `None` if it stands here already or is among the items `coming`: the server repeats notices
    /// with the messages around them.
    pub(crate) fn announcement(&self, notice: Notice, coming: &[Item]) -> Option<Item> {
        let notice = Item::new(notice.at, Content::Announcement(notice.text));
        let is_it = |item: &Item| item.at == notice.at && item.content == notice.content;
        let is_told = self.timeline.items().chain(coming).any(is_it);
        (!is_told).then_some(notice)
    }

    /// The room's number of the oldest message that has one.
    pub(crate) fn oldest(&self) -> Option<u64> {
        self.timeline.confirmed().find_map(Item::seq)
    }

    /// The index of the message with that number in the room.
    pub(crate) fn index_of(&self, seq: u64) -> Option<usize> {
        self.timeline.confirmed().rposition(|item| item.seq() == Some(seq))
    }

    /// The newest of the gaps, and its index.
    pub(crate) fn gap(&self) -> Option<(usize, Gap)> {
        self.timeline.confirmed().enumerate().rev().find_map(|(index, item)| match item.content {
            Content::Gap(gap) => Some((index, gap)),
            _ => None,
        })
    }

    /// The operator took that message back: its text is not shown any more, nor found, copied or saved.
    pub(crate) fn take_back(&mut self, seq: u64) {
        let Some(index) = self.index_of(seq) else { return };
        let Some(said) = self.timeline.get(index).and_then(Item::message) else { return };
        let note = if said.mine { LocalNotice::OwnRemoved } else { LocalNotice::Removed(said.from.clone()) };
        self.timeline.edit(index, |item| item.content = Content::LocalNotice(note));
    }
}

//! Accessibility of a conversation: nodes for its newest items and for those near what is read, each with its links and
//! buttons. A screen reader reaches all others by scrolling.

use std::ops::Range;

use accesskit::{Action, Live, Node, NodeId, Role};
use fltk::prelude::*;

use crate::accessibility::tree::{Tree, child_id, named, spoken};
use crate::core;
use crate::core::{ItemId, Timeline};
use crate::strings::{accessibility as words, window as strings};
use crate::text::urls::links;
use crate::view::kit::accessible::{placed, told};
use crate::view::kit::rect::Rect;
use crate::view::timeline::blocks::Block;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::log::Log;
use crate::view::timeline::shared::{Told, page};
use crate::view::timeline::{Conversation, blocks, hit_test, paint};

/// The number of newest items that are exposed to assistive technology wherever the conversation is scrolled to.
const NEWEST: usize = 100;

impl Conversation {
    /// Adds the nodes of `conversation`, which is the one that is shown.
    pub(in crate::view) fn tell(&self, conversation: &core::Conversation, tree: &mut Tree) {
        if !self.widget.visible_r() {
            return;
        }
        let shared = self.shared.borrow();
        let timeline = &conversation.timeline;
        let log = told(self.id, Role::Log, strings::place(&conversation.place), &self.widget, tree);
        for (action, pages) in [(Action::ScrollUp, -1), (Action::ScrollDown, 1)] {
            self.on_request(self.id, action, tree, move |log| log.scroll_by(pages * page(log.height())));
        }
        let area = Rect::of(&self.widget);
        let (top, spots) = (shared.log.top(), hit_test::hotspots(&shared.log, area));
        let indices = exposed(shared.log.near(), timeline.len());
        let before = self.told.take();
        let first_new = first_new(before.as_ref(), timeline);
        tree.add_with(self.id, log, |tree| {
            for (index, item) in indices.clone().filter_map(|index| Some((index, timeline.get(index)?))) {
                let is_known = || before.as_ref().is_some_and(|told| told.confirmed.contains(&item.id));
                let live = if index >= first_new || is_known() { Live::Polite } else { Live::Off };
                let id = child_id(self.id, item.id);
                let (block, text) = blocks::of(item, true, true);
                let node = spoken(Role::Paragraph, &block.sentence(&shared.log.time(item.at), &text), live);
                let place = row_at(&shared.log, top, area, item.id);
                let item = item.id;
                self.on_request(id, Action::ScrollIntoView, tree, move |log| log.reveal(item, 0));
                let actions = actions(item, &*block, &text);
                tree.add_with(id, placed_at(node, place), |tree| self.tell_actions(id, item, actions, &spots, tree));
            }
        });
        let confirmed = indices.filter_map(|index| Some(timeline.confirmed().nth(index)?.id)).collect();
        self.told.replace(Some(Told { revision: timeline.revision(), confirmed }));
        self.tell_pill(paint::pill(&shared.log, area, shared.unread), shared.unread, tree);
        if let Some((item, target)) = shared.log.cursor.as_ref().filter(|_| self.widget.has_focus()) {
            let id = child_id(child_id(self.id, *item), target);
            // A folded note has no node, nor has what is older than the newest items: then the log keeps the focus.
            if tree.has(id) {
                tree.set_focus(id);
            }
        }
    }

    /// Adds the nodes of an item's actions, below that of its line.
    fn tell_actions(&self, line: NodeId, item: ItemId, actions: Vec<ListedAction>, spots: &[Hotspot], tree: &mut Tree) {
        for (role, name, target) in actions {
            let id = child_id(line, &target);
            let Some(message) = target.message() else { continue };
            let dispatch = self.shared.borrow().dispatch.clone();
            tree.on_press(id, move || dispatch.send(message.clone()));
            // Not live: the item's sentence is read out already. It contains the links, and buttons do not matter then.
            let node = spoken(role, &name, Live::Off);
            let spot = spots.iter().find(|spot| spot.item == item && spot.target == target);
            tree.add(id, placed_at(node, spot.and_then(|spot| spot.rects.first().copied())));
        }
    }

    /// Adds the node of the button that scrolls to the end, while the end is not in sight.
    fn tell_pill(&self, rect: Option<Rect>, unread: usize, tree: &mut Tree) {
        let Some(rect) = rect else { return };
        let id = child_id(self.id, "end");
        let name = if unread == 0 { words::TO_THE_END.to_owned() } else { strings::new_messages(unread) };
        self.on_request(id, Action::Click, tree, Log::scroll_to_end);
        tree.add(id, placed(named(Role::Button, &name), rect));
    }

    /// Sets what happens to the log when a screen reader requests `action` of the node `id`.
    fn on_request(&self, id: NodeId, action: Action, tree: &mut Tree, change: impl Fn(&mut Log) + 'static) {
        let conversation = self.clone();
        tree.on(id, action, move |_| conversation.clone().change(&change));
    }
}

/// The index of the first item that is news since `told`. Older ones that appear above are none, nor is anything in a
/// timeline that was not shown before.
fn first_new(told: Option<&Told>, timeline: &Timeline) -> usize {
    let Some(told) = told.filter(|told| told.revision.is_of_same_timeline(timeline.revision())) else {
        return usize::MAX;
    };
    let last = timeline.confirmed().rposition(|item| told.confirmed.contains(&item.id));
    last.map_or(0, |index| index + 1)
}

/// The indices of the exposed items: those `near` what is read, and the newest of all `count`.
fn exposed(near: Range<usize>, count: usize) -> impl Iterator<Item = usize> + Clone {
    let newest = count.saturating_sub(NEWEST);
    (near.start..near.end.min(newest)).chain(newest..count)
}

/// `node` with its bounds, if it has any.
fn placed_at(node: Node, rect: Option<Rect>) -> Node {
    match rect {
        Some(rect) => placed(node, rect),
        None => node,
    }
}

/// The part of a row's rectangle that is in sight while `top` is at the upper edge; without height, at the nearer edge, if
/// the row is out of sight.
fn row_at(log: &Log, top: i64, area: Rect, item: ItemId) -> Option<Rect> {
    let row = log.row(item)?;
    let edge = |y: i64| (y - top).clamp(0, i64::from(area.h)) as i32;
    let (from, to) = (edge(row.y), edge(row.y + i64::from(row.height)));
    Some(Rect { y: area.y + from, h: to - from, ..area })
}

/// A link or button as a screen reader lists it: its role, name and action.
type ListedAction = (Role, String, ClickAction);

/// The actions of an item: its links, and the buttons of a message that failed.
fn actions(item: ItemId, block: &dyn Block, text: &str) -> Vec<ListedAction> {
    let links = if block.has_links() { links(text) } else { Vec::new() };
    let links = links.into_iter().filter_map(|range| Some(text.get(range)?.to_owned()));
    let links = links.map(|link| (Role::Link, link.clone(), ClickAction::Link(link)));
    let buttons = block.buttons(item).into_iter();
    links.chain(buttons.map(|(name, target)| (Role::Button, name.to_owned(), target))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use papo_common::{LineBreaks, MemberId, Name, Text};

    use super::*;
    use crate::core::{ChatMessage, Content, ConversationId, Delivery, Failure, Item, Person, PresenceChange};

    const AT: u64 = 1_700_000_000_000;

    fn item(content: Content) -> Item {
        Item::new(AT, content)
    }

    fn said(text: &str) -> ChatMessage {
        ChatMessage::new(Name::parse("bia").unwrap(), Text::clean(text, LineBreaks::Keep).unwrap())
    }

    fn came(name: &str, port: u16) -> PresenceChange {
        let person = Person {
            name: Name::parse(name).unwrap(),
            id: MemberId::from_random(u128::from(port)),
            addr: ([10, 0, 0, 1], port).into(),
        };
        PresenceChange { person, came: true, at: AT }
    }

    #[test]
    fn items_are_read_out_as_sentences() {
        let time = "10:42";
        let mention = ChatMessage { mentions_me: true, ..said("tudo bem, Ana?") };
        for (content, expected) in [
            (Content::Message(said("oi, gente")), format!("bia, {time}: oi, gente")),
            (Content::Message(mention), format!("bia, {time}: tudo bem, Ana? (menciona você)")),
            (
                Content::Presence(vec![came("ana", 1), came("bia", 2)]),
                "ana (10.0.0.1:1) e bia (10.0.0.1:2) entraram".to_owned(),
            ),
        ] {
            let (block, text) = blocks::of(&item(content), true, true);
            assert_eq!(block.sentence(time, &text), expected);
        }
    }

    #[test]
    fn links_and_what_did_not_arrive_can_be_pressed() {
        let failed = |text: &str| {
            let delivery = Delivery::Failed(Failure::NotConnected);
            item(Content::Message(ChatMessage { delivery, ..said(text) }))
        };
        let named = |item: &Item| {
            let (block, text) = blocks::of(item, true, true);
            let actions = actions(item.id, &*block, &text).into_iter();
            actions.map(|(_, name, target)| (name, target)).collect::<Vec<_>>()
        };
        let said = |text| item(Content::Message(said(text)));
        assert_eq!(named(&said("oi")), []);
        let link = |link: &str| (link.to_owned(), ClickAction::Link(link.to_owned()));
        assert_eq!(named(&said("veja http://a.b e https://c.d/e")), [link("http://a.b"), link("https://c.d/e")]);
        let failed = failed("http://a.b");
        let again = (strings::TRY_AGAIN.to_owned(), ClickAction::Retry(failed.id));
        let discard = (strings::DISCARD.to_owned(), ClickAction::Discard(failed.id));
        assert_eq!(named(&failed), [link("http://a.b"), again, discard]);
    }

    #[test]
    fn only_what_comes_below_what_was_told_is_read_out_as_new() {
        let mut room = core::Conversation::new(ConversationId::Room);
        assert_eq!(first_new(None, &room.timeline), usize::MAX);
        let [first, _] = [0; 2].map(|_| room.push(AT, Content::Message(said("oi"))));
        let told = Told { revision: room.timeline.revision(), confirmed: HashSet::from([first]) };
        assert_eq!(first_new(Some(&told), &room.timeline), 1);
        room.timeline.insert_all(0, (0..30).map(|_| item(Content::Message(said("mais antiga")))).collect());
        assert_eq!(first_new(Some(&told), &room.timeline), 31, "older ones are no news");
        room.timeline.clear();
        assert_eq!(first_new(Some(&told), &room.timeline), 0);
        // The room of another session is another one.
        let other = core::Conversation::new(ConversationId::Room);
        assert_eq!(first_new(Some(&told), &other.timeline), usize::MAX);
    }

    #[test]
    fn long_talks_are_told_from_the_end_and_where_they_are_read() {
        let exposed = |near, count| exposed(near, count).collect::<Vec<_>>();
        assert_eq!(exposed(0..9, 9), (0..9).collect::<Vec<_>>());
        assert_eq!(exposed(470..500, 500), (400..500).collect::<Vec<_>>());
        assert_eq!(exposed(380..420, 500), (380..500).collect::<Vec<_>>());
        assert_eq!(exposed(0..20, 500), (0..20).chain(400..500).collect::<Vec<_>>());
    }
}

//! Accessibility of a conversation: nodes for its newest items, each with its links and buttons.

use std::rc::Rc;

use accesskit::{Live, NodeId, Role};
use fltk::prelude::*;

use crate::accessibility::tree::{Tree, child_id, named, spoken};
use crate::core;
use crate::core::message::Message;
use crate::core::{Item, ItemId, Revision};
use crate::strings::{accessibility as words, window as strings};
use crate::text::urls::links;
use crate::view::chat_window::conversation_list::title;
use crate::view::kit::accessible::{placed, told};
use crate::view::kit::rect::Rect;
use crate::view::timeline::blocks::Block;
use crate::view::timeline::hotspots::{ClickAction, Hotspot};
use crate::view::timeline::log::Log;
use crate::view::timeline::{Conversation, blocks, hotspots, paint};

/// The number of newest items that are exposed to assistive technology.
const MAX_LINES: usize = 100;

impl Conversation {
    /// Adds the nodes of `conversation`, which is the one that is shown.
    pub(in crate::view) fn tell(&self, conversation: &core::Conversation, tree: &mut Tree) {
        if !self.widget.visible_r() {
            return;
        }
        let shared = self.shared.borrow();
        let revision = conversation.timeline.revision();
        let mut log = told(self.id, Role::Log, title(&conversation.place), &self.widget, tree);
        log.set_live(live(self.told.replace(Some(revision)), revision));
        let area = Rect::of(&self.widget);
        let (top, spots) = (shared.log.top(), hotspots::in_sight(&shared.log, area));
        tree.add_with(self.id, log, |tree| {
            for item in newest(conversation) {
                let id = child_id(self.id, item.id);
                let (block, text) = blocks::of(item, true, true);
                let place = row_at(&shared.log, top, area, item.id);
                let line = named(Role::Paragraph, &block.sentence(&shared.log.time(item.at), &text));
                let line = place.map_or(line.clone(), |rect| placed(line, rect));
                let actions = actions(item.id, &*block, &text);
                tree.add_with(id, line, |tree| self.tell_actions(id, item.id, actions, &spots, tree));
            }
        });
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
            let shared = Rc::clone(&self.shared);
            let message = match &target {
                ClickAction::Link(address) => Message::OpenLink(address.clone()),
                ClickAction::Retry(item) => Message::Retry(*item),
                ClickAction::Discard(item) => Message::Discard(*item),
                ClickAction::Note(_) => continue,
            };
            tree.on_press(id, move || {
                let dispatch = shared.borrow().dispatch.clone();
                dispatch.send(message.clone());
            });
            // Not live: the item's sentence is read out already. It contains the links, and buttons do not matter then.
            let node = spoken(role, &name, Live::Off);
            let spot = spots.iter().find(|spot| spot.item == item && spot.target == target);
            let rect = spot.and_then(|spot| spot.rects.first());
            tree.add(id, rect.map_or(node.clone(), |rect| placed(node, *rect)));
        }
    }

    /// Adds the node of the button that scrolls to the end, while the end is not in sight.
    fn tell_pill(&self, rect: Option<Rect>, unread: usize, tree: &mut Tree) {
        let Some(rect) = rect else { return };
        let id = child_id(self.id, "end");
        let name = if unread == 0 { words::TO_THE_END.to_owned() } else { strings::new_messages(unread) };
        let (shared, widget) = (Rc::clone(&self.shared), self.widget.clone());
        tree.on_press(id, move || {
            shared.borrow_mut().log.scroll_to_end();
            super::after_change(&shared, &mut widget.clone());
        });
        tree.add(id, placed(named(Role::Button, &name), rect));
    }
}

/// The log is a live region only while the same timeline stays shown: after a switch, or in another session, its items
/// are old news.
fn live(told: Option<Revision>, now: Revision) -> Live {
    if told.is_some_and(|told| told.is_of_same_timeline(now)) { Live::Polite } else { Live::Off }
}

/// The newest items of a conversation.
fn newest(conversation: &core::Conversation) -> impl Iterator<Item = &Item> {
    conversation.timeline.items().skip(conversation.timeline.len().saturating_sub(MAX_LINES))
}

/// The part of a row's rectangle that is in sight while `top` is at the upper edge; `None` if the whole row is out of
/// sight.
fn row_at(log: &Log, top: i64, area: Rect, item: ItemId) -> Option<Rect> {
    let row = log.row(item)?;
    let top = i32::try_from(row.y - top).ok()?.saturating_add(area.y);
    let (from, to) = (top.max(area.y), top.saturating_add(row.height).min(area.bottom()));
    (from < to).then_some(Rect { y: from, h: to - from, ..area })
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
    use papo_common::{LineBreaks, MemberId, Name, Text};

    use super::*;
    use crate::core::{ChatMessage, Content, ConversationId, Delivery, Failure, Person, PresenceChange};

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
    fn only_what_comes_while_it_is_shown_is_read_out_as_new() {
        let mut room = core::Conversation::new(ConversationId::Room);
        let before = room.timeline.revision();
        room.push(AT, Content::Message(said("oi")));
        assert_eq!(live(None, before), Live::Off);
        assert_eq!(live(Some(before), room.timeline.revision()), Live::Polite);
        // The room of another session is another one.
        let other = core::Conversation::new(ConversationId::Room);
        assert_eq!(live(Some(before), other.timeline.revision()), Live::Off);
    }

    #[test]
    fn long_talks_are_told_from_the_end() {
        let mut conversation = core::Conversation::new(ConversationId::Room);
        let ids: Vec<ItemId> = (0..500).map(|_| conversation.push(AT, Content::Message(said("oi")))).collect();
        let told: Vec<ItemId> = newest(&conversation).map(|item| item.id).collect();
        assert_eq!(told, ids[500 - MAX_LINES..]);
    }
}

//! The kinds of rows. What differs from kind to kind stands in the file of the kind: a new one is written beside them
//! and named in [`of`].

pub(super) mod delivery;
pub(super) mod divider;
mod notice;
mod presence;
mod text;

use std::fmt::Debug;
use std::sync::Arc;

use crate::core::{Content, Item, ItemId};
use crate::strings::notices;
use crate::view::kit::draw::{BODY, Style};
use crate::view::timeline::blocks::divider::Entered;
use crate::view::timeline::blocks::notice::{Announcement, Note};
use crate::view::timeline::blocks::presence::Presence;
use crate::view::timeline::blocks::text::Message;
use crate::view::timeline::canvas::RowCanvas;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::metrics::HEAD_GAP;
use crate::view::timeline::text_frame::TextFrame;

/// What a row holds besides its text.
pub(super) trait Block: Debug {
    /// How the text is written.
    fn style(&self) -> Style {
        BODY
    }

    /// The room above it, what separates days left out.
    fn gap(&self) -> i32 {
        HEAD_GAP
    }

    /// The room above and below the text that is its own.
    fn around_text(&self) -> (i32, i32);

    /// Draws it, with its text.
    fn paint(&self, canvas: &RowCanvas<'_>);

    /// Whether links in the text can be pressed.
    fn has_links(&self) -> bool {
        true
    }

    /// What can be pressed in `item`, whose text stands in `frame`.
    fn hotspots(&self, item: ItemId, frame: &TextFrame<'_>) -> Vec<Hotspot> {
        link_hotspots(item, frame)
    }

    /// Its entry among several that are copied: `text`, said at `time`, as a saved conversation has it.
    fn entry(&self, time: &str, text: &str) -> Option<String>;

    /// How `text`, said at `time`, is read out.
    fn sentence(&self, _time: &str, text: &str) -> String {
        self.whole(text).to_owned()
    }

    /// What can be done about `item` besides opening links, each with its name.
    fn buttons(&self, _item: ItemId) -> Vec<(&'static str, ClickAction)> {
        Vec::new()
    }

    /// What is copied of it if all of `text` is selected.
    fn whole<'a>(&'a self, text: &'a str) -> &'a str {
        text
    }

    /// Whether it shows the longer of two texts.
    fn is_unfolded(&self) -> bool {
        false
    }

    /// Changes between the two texts that it has; the one shown now.
    fn toggle(&mut self) -> Option<Arc<str>> {
        None
    }
}

/// What the row of `item` holds, and its text.
pub(super) fn of(item: &Item, has_head: bool, is_unfolded: bool) -> (Box<dyn Block>, Arc<str>) {
    match &item.content {
        Content::Message(said) => (Box::new(Message::new(said, has_head)), said.text.shared()),
        Content::Passed(run) => {
            let (presence, text) = Presence::new(run, is_unfolded);
            (Box::new(presence), text)
        }
        Content::Notice(text) => (Box::new(Announcement), text.shared()),
        Content::Entered => (Box::new(Entered), "".into()),
        Content::Gap(_) => (Box::new(Note), notices::MISSED_MESSAGES.into()),
        Content::LocalNotice(notice) => (Box::new(Note), notices::notice(notice).into()),
    }
}

fn link_hotspots(item: ItemId, frame: &TextFrame<'_>) -> Vec<Hotspot> {
    let links = frame.links.iter().filter_map(|range| Some((range, frame.text.get(range.clone())?.to_owned())));
    let spot = |(range, link)| Hotspot { item, target: ClickAction::Link(link), rects: frame.rects_of(range) };
    links.map(spot).collect()
}

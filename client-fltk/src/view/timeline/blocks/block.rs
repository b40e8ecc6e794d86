//! The interface of a kind of row.

use std::fmt::Debug;
use std::sync::Arc;

use crate::core::ItemId;
use crate::view::kit::draw::{BODY, Style};
use crate::view::timeline::canvas::RowCanvas;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::metrics::HEAD_GAP;
use crate::view::timeline::text_frame::TextFrame;

/// The kind of a row: how its item is drawn, pressed, copied and read out.
pub(in crate::view::timeline) trait Block: Debug {
    /// The font style of the text.
    fn style(&self) -> Style {
        BODY
    }

    /// The space above the row, not counting separators.
    fn gap(&self) -> i32 {
        HEAD_GAP
    }

    /// The height of the row's own parts above and below the text.
    fn around_text(&self) -> (i32, i32);

    /// Draws the row, with its text.
    fn paint(&self, canvas: &RowCanvas<'_>);

    /// Whether links in the text can be pressed.
    fn has_links(&self) -> bool {
        true
    }

    /// The hotspots of `item`, whose text stands in `frame`.
    fn hotspots(&self, item: ItemId, frame: &TextFrame<'_>) -> Vec<Hotspot> {
        link_hotspots(item, frame)
    }

    /// The row's entry when several are copied: `text`, said at `time`, in the format of a saved conversation. `None`
    /// leaves the row out.
    fn entry(&self, time: &str, text: &str) -> Option<String>;

    /// The sentence that a screen reader says for `text`, said at `time`.
    fn sentence(&self, _time: &str, text: &str) -> String {
        self.whole(text).to_owned()
    }

    /// The actions on `item` besides opening links, each with its name.
    fn buttons(&self, _item: ItemId) -> Vec<(&'static str, ClickAction)> {
        Vec::new()
    }

    /// The text to copy if all of `text` is selected: never a folded one.
    fn whole<'a>(&'a self, text: &'a str) -> &'a str {
        text
    }

    /// Whether it shows the longer of two texts.
    fn is_unfolded(&self) -> bool {
        false
    }

    /// Switches to the other text and returns it; `None` if the row has only one.
    fn toggle(&mut self) -> Option<Arc<str>> {
        None
    }
}

/// The hotspots of the links in a text: a link that stands there twice is one of them, since the keys go by targets.
pub(super) fn link_hotspots(item: ItemId, frame: &TextFrame<'_>) -> Vec<Hotspot> {
    let mut spots: Vec<Hotspot> = Vec::new();
    for range in frame.links {
        let Some(link) = frame.text.get(range.clone()) else { continue };
        let (target, rects) = (ClickAction::Link(link.to_owned()), frame.rects_of(range));
        match spots.iter_mut().find(|spot| spot.target == target) {
            Some(spot) => spot.rects.extend(rects),
            None => spots.push(Hotspot { item, target, rects }),
        }
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::{Content, Item};
    use crate::text::urls::links;

    #[test]
    fn a_link_that_stands_twice_in_a_text_is_one_hotspot() {
        let text = "http://a.b e http://c.d, mas http://a.b";
        let links = links(text);
        assert_eq!(links.len(), 3);
        let frame = TextFrame { text, lines: &[], links: &links, style: BODY, x: 0, y: 0 };
        let spots = link_hotspots(Item::new(0, Content::JoinMarker).id, &frame);
        let target = |link: &str| ClickAction::Link(link.to_owned());
        let targets: Vec<ClickAction> = spots.into_iter().map(|spot| spot.target).collect();
        assert_eq!(targets, [target("http://a.b"), target("http://c.d")]);
    }
}

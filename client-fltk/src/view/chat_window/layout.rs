//! Where everything in the talking window stands, for every size of it.

use crate::view::kit::rect::Rect;
use crate::view::kit::stack::Stack;

/// Narrower windows have the people behind a button: two columns would leave less than half to the conversation.
const FOLDED: i32 = 800;
/// Still narrower ones have a rail of avatars for conversations, too.
const NARROW: i32 = 640;
const PEOPLE_WIDTH: i32 = 216;

/// What besides the size decides where things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Demands<'a> {
    /// The height that the composer asks for.
    pub(crate) composer: i32,
    /// The heights of the bars above the conversation, from the top; 0 for a bar that is not up.
    pub(crate) bars: &'a [i32],
    /// Whether the people are shown instead of the conversation, where they are behind a button.
    pub(crate) shows_people: bool,
}

/// The places of the talking window's parts. What is not shown is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) is_narrow: bool,
    /// Whether the people are behind a button.
    pub(crate) folds_people: bool,
    /// How much room the buttons take in the header.
    pub(crate) header_buttons: i32,
    pub(crate) side_head: Rect,
    pub(crate) conversations: Rect,
    pub(crate) side_foot: Rect,
    pub(crate) header: Rect,
    pub(crate) search: Rect,
    pub(crate) save: Rect,
    pub(crate) sound: Rect,
    pub(crate) theme: Rect,
    pub(crate) people_button: Rect,
    /// The bars above the conversation, one for each height in [`Demands::bars`].
    pub(crate) bars: Vec<Rect>,
    pub(crate) conversation: Rect,
    pub(crate) composer: Rect,
    pub(crate) people_head: Rect,
    pub(crate) filter: Rect,
    pub(crate) people: Rect,
    pub(crate) people_foot: Rect,
    pub(crate) leave: Rect,
    pub(crate) status: Rect,
}

impl Layout {
    /// For a window of `w` by `h`.
    pub(crate) fn new(w: i32, h: i32, demands: Demands<'_>) -> Layout {
        let layout = if Layout::is_narrow(w) { narrow(w, h, demands) } else { wide(w, h, demands) };
        if layout.folds_people && demands.shows_people { layout.with_people() } else { layout }
    }

    /// Whether a window of this width has the narrow form.
    pub(crate) fn is_narrow(w: i32) -> bool {
        w < NARROW
    }

    /// Whether the people are behind a button in a window of this width.
    pub(crate) fn folds_people(w: i32) -> bool {
        w < FOLDED
    }

    /// The people instead of the conversation, below the bars.
    fn with_people(self) -> Layout {
        let top = self.bars.last().unwrap_or(&self.header).bottom();
        let room = Rect::new(self.header.x, top, self.header.w, self.composer.bottom() - top);
        Layout {
            people_head: Rect { h: 52, ..room },
            filter: Rect::new(room.x + 12, room.y + 8, room.w - 24, 36),
            people: Rect::new(room.x, room.y + 52, room.w, room.h - 52),
            conversation: Rect::default(),
            composer: Rect::default(),
            ..self
        }
    }
}

fn wide(w: i32, h: i32, demands: Demands<'_>) -> Layout {
    // Between the narrow form and the size of the design, the left column gives way first.
    let side = if w < 900 { 184 } else { 232 };
    let folds_people = Layout::folds_people(w);
    let (header, status, foot) = (56, 28, 64);
    let bottom = h - status;
    let people_x = if folds_people { w } else { w - PEOPLE_WIDTH };
    let middle = Rect::new(side, header, people_x - side, bottom - header);
    let Stack { above: bars, middle: conversation, below: composer } =
        Stack::new(middle, demands.bars, demands.composer);
    let button = |nth: i32| Rect::new(people_x - 6 - 36 * nth, 10, 36, 36);
    let more = if folds_people { 2 } else { 0 };
    let layout = Layout {
        folds_people,
        header_buttons: 22 + 36 * (4 + more),
        side_head: Rect::new(0, 0, side, header),
        conversations: Rect::new(0, header, side, bottom - foot - header),
        side_foot: Rect::new(0, bottom - foot, side, foot),
        header: Rect::new(side, 0, people_x - side, header),
        search: button(4 + more),
        save: button(3 + more),
        sound: button(2 + more),
        theme: button(1 + more),
        bars,
        conversation,
        composer,
        status: Rect::new(0, bottom, w, status),
        ..Layout::default()
    };
    if folds_people {
        return Layout { people_button: button(2), leave: button(1), ..layout };
    }
    Layout {
        people_head: Rect::new(people_x, 0, PEOPLE_WIDTH, 99),
        filter: Rect::new(people_x + 16, 56, PEOPLE_WIDTH - 32, 36),
        people: Rect::new(people_x, 99, PEOPLE_WIDTH, bottom - foot - 99),
        people_foot: Rect::new(people_x, bottom - foot, PEOPLE_WIDTH, foot),
        leave: Rect::new(people_x + 16, bottom - 52, PEOPLE_WIDTH - 32, 40),
        ..layout
    }
}

fn narrow(w: i32, h: i32, demands: Demands<'_>) -> Layout {
    let (rail, header, status) = (56, 40, 24);
    let bottom = h - status;
    let middle = Rect::new(rail, header, w - rail, bottom - header);
    let Stack { above: bars, middle: conversation, below: composer } =
        Stack::new(middle, demands.bars, demands.composer);
    let button = |nth: i32| Rect::new(w - 8 - 32 * nth, 4, 32, 32);
    Layout {
        is_narrow: true,
        folds_people: true,
        header_buttons: 16 + 32 * 3,
        conversations: Rect::new(0, 0, rail, bottom),
        header: Rect::new(rail, 0, w - rail, header),
        search: button(3),
        people_button: button(2),
        leave: button(1),
        bars,
        conversation,
        composer,
        status: Rect::new(0, bottom, w, status),
        ..Layout::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMANDS: Demands<'_> = Demands { composer: 64, bars: &[40, 40], shows_people: false };

    #[test]
    fn it_is_the_layout_of_the_design() {
        let layout = Layout::new(1100, 720, Demands { bars: &[], ..DEMANDS });
        assert_eq!(layout.conversation, Rect::new(232, 56, 652, 572));
        assert_eq!(layout.composer, Rect::new(232, 628, 652, 64));
        assert_eq!(layout.leave, Rect::new(900, 640, 184, 40));
    }

    #[test]
    fn the_conversation_has_most_of_the_width() {
        for w in 480..2000 {
            let layout = Layout::new(w, 480, DEMANDS);
            assert!(2 * layout.conversation.w >= w, "{w}: {layout:?}");
            assert_eq!(layout.people_button.w > 0, layout.folds_people, "{w}");
            assert_eq!(layout.people.w > 0, !layout.folds_people, "{w}");
            let gap = layout.search.x - (layout.header.right() - layout.header_buttons);
            assert!((8..=16).contains(&gap), "{w}: {layout:?}");
        }
    }

    #[test]
    fn the_field_is_whole_in_the_smallest_window_with_everything_up() {
        let everything = 64 + 32 + 24;
        for w in [480, 639, 640, 1100] {
            let layout = Layout::new(w, 320, Demands { composer: everything, ..DEMANDS });
            assert_eq!(layout.composer.h, everything, "{w}");
            assert!(layout.conversation.h >= 16, "{w}");
        }
    }

    #[test]
    fn parts_tile_the_window_at_every_size() {
        for (w, h) in [(480, 320), (639, 400), (640, 320), (799, 480), (800, 480), (1100, 720), (3840, 2160)] {
            for shows_people in [false, true] {
                let layout = Layout::new(w, h, Demands { shows_people, ..DEMANDS });
                let parts = [
                    layout.side_head,
                    layout.conversations,
                    layout.side_foot,
                    layout.header,
                    layout.conversation,
                    layout.composer,
                    layout.people_head,
                    layout.people,
                    layout.people_foot,
                    layout.status,
                ];
                let area: i32 = parts.iter().chain(&layout.bars).map(|part| part.w * part.h).sum();
                assert_eq!(area, w * h, "{w}x{h} {shows_people}: {layout:?}");
                assert!(parts.iter().all(|part| part.w >= 0 && part.h >= 0), "{w}x{h}: {layout:?}");
            }
        }
    }
}

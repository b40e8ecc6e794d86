//! Where everything in the talking window stands, for every size of it.

use crate::view::kit::Rect;

/// Narrower windows have the people behind a button: two columns would leave less than half to the conversation.
const FOLDED: i32 = 800;
/// Still narrower ones have a rail of avatars for conversations, too.
const NARROW: i32 = 640;
const PEOPLE_WIDTH: i32 = 216;
/// The height that is left to the conversation in the smallest window with everything up, in pixels.
const LEAST: i32 = 16;

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
    /// The bars above the conversation, one for each height that was asked for.
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
    /// For a window of `w` by `h`, a composer of that height, and bars above the conversation of those heights: 0 for a bar
    /// that is not up. `shows_people`: the people are shown in the conversation's place, where they are behind a button.
    pub(crate) fn new((w, h): (i32, i32), composer: i32, bars: &[i32], shows_people: bool) -> Layout {
        let (is_narrow, folds_people) = (Layout::is_narrow(w), Layout::folds_people(w));
        let mut rest = Rect::new(0, 0, w, h);
        let status = rest.cut_bottom(if is_narrow { 24 } else { 28 });
        let mut conversations = rest.cut_left(match w {
            _ if is_narrow => 56,
            // Between the narrow form and the size of the design, the left column gives way first.
            ..900 => 184,
            _ => 232,
        });
        let side_head = conversations.cut_top(if is_narrow { 0 } else { 56 });
        let side_foot = conversations.cut_bottom(if is_narrow { 0 } else { 64 });
        let mut people = rest.cut_right(if folds_people { 0 } else { PEOPLE_WIDTH });
        let header = rest.cut_top(if is_narrow { 40 } else { 56 });
        let bars = bars.iter().map(|height| rest.cut_top(*height)).collect();
        if folds_people && shows_people {
            people = std::mem::take(&mut rest);
        }
        let composer = rest.cut_bottom(composer.min(rest.h - LEAST));
        let people_head = people.cut_top(if folds_people { 52 } else { 99 });
        let people_foot = people.cut_bottom(if folds_people { 0 } else { 64 });
        let (margin, below) = if folds_people { (12, 8) } else { (16, 7) };
        let filter =
            Rect::new(people_head.x + margin, people_head.bottom() - below - 36, people_head.w - 2 * margin, 36);
        let (margin, side) = if is_narrow { (8, 32) } else { (6, 36) };
        let mut room = header;
        room.cut_right(margin);
        let mut button = |is_there: bool| room.cut_right(if is_there { side } else { 0 }).middle(side);
        let (leave, people_button) = (button(folds_people), button(folds_people));
        let (theme, sound, save) = (button(!is_narrow), button(!is_narrow), button(!is_narrow));
        let search = button(true);
        Layout {
            is_narrow,
            folds_people,
            header_buttons: header.right() - search.x + if is_narrow { 8 } else { 16 },
            side_head,
            conversations,
            side_foot,
            header,
            search,
            save,
            sound,
            theme,
            people_button,
            bars,
            conversation: rest,
            composer,
            people_head,
            filter,
            people,
            people_foot,
            leave: if folds_people { leave } else { people_foot.inset(16).middle(40) },
            status,
        }
    }

    /// Whether a window of this width has the narrow form.
    pub(crate) fn is_narrow(w: i32) -> bool {
        w < NARROW
    }

    /// Whether the people are behind a button in a window of this width.
    pub(crate) fn folds_people(w: i32) -> bool {
        w < FOLDED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARS: &[i32] = &[40, 40];

    #[test]
    fn it_is_the_layout_of_the_design() {
        let layout = Layout::new((1100, 720), 64, &[], false);
        assert_eq!(layout.conversation, Rect::new(232, 56, 652, 572));
        assert_eq!(layout.composer, Rect::new(232, 628, 652, 64));
        assert_eq!(layout.leave, Rect::new(900, 640, 184, 40));
    }

    #[test]
    fn the_conversation_has_most_of_the_width() {
        for w in 480..2000 {
            let layout = Layout::new((w, 480), 64, BARS, false);
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
            let layout = Layout::new((w, 320), everything, BARS, false);
            assert_eq!(layout.composer.h, everything, "{w}");
            assert!(layout.conversation.h >= 16, "{w}");
        }
    }

    #[test]
    fn the_whole_is_covered_whatever_the_heights() {
        for height in 320..500 {
            for (bars, composer) in [(&[][..], 0), (&[48], 64), (&[48, 0, 48], 120), (&[300, -5], 900)] {
                let layout = Layout::new((480, height), composer, bars, false);
                let parts = layout.bars.iter().chain([&layout.conversation, &layout.composer]);
                let end = parts.fold(layout.header.bottom(), |y, part| {
                    assert!(part.y == y && part.h >= 0, "{height} {bars:?} {composer}: {layout:?}");
                    part.bottom()
                });
                assert_eq!(end, layout.status.y, "{height} {bars:?} {composer}");
                assert!(layout.composer.h == 0 || layout.conversation.h >= LEAST, "{height} {bars:?} {composer}");
            }
        }
    }

    #[test]
    fn parts_tile_the_window_at_every_size() {
        for (w, h) in [(480, 320), (639, 400), (640, 320), (799, 480), (800, 480), (1100, 720), (3840, 2160)] {
            for shows_people in [false, true] {
                let layout = Layout::new((w, h), 64, BARS, shows_people);
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

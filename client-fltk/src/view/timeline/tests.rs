use papo_common::{LineBreaks, Name, Text};

use super::*;
use crate::core::{Content, Conversation, ConversationId, Conversations};

fn shared() -> Shared {
    let dispatch = Dispatch::default();
    let mut log = Log::new(Widths::new(|_, text| 10.0 * text.chars().count() as f32));
    log.resize(Columns { width: 300, is_narrow: false }, 200);
    Shared {
        log,
        bookmarks: Vec::new(),
        unread: 0,
        pointer: Pointer::default(),
        drag: Drag::No,
        drag_timer: Timer::new(|| {}),
        has_ring: false,
        on_menu: None,
        sight: Rc::new(ReadTracker::new(dispatch.clone())),
        dispatch,
        asked: Vec::new(),
    }
}

/// The conversations of a session: the room, and one with bia.
fn session() -> Conversations {
    let mut session = Conversations::default();
    session.direct.push(Conversation::new(ConversationId::Direct(Name::parse("bia").unwrap())));
    for conversation in [&mut session.room, &mut session.direct[0]] {
        for _ in 0..60 {
            conversation.push(1, Content::Announcement(Text::clean("oi", LineBreaks::Keep).unwrap()));
        }
    }
    session
}

#[test]
fn scroll_positions_are_kept_within_a_session_alone() {
    let (mut shared, mut first, second) = (shared(), session(), session());
    shared.show(&first);
    shared.log.scroll_by(-100);
    let anchor = shared.log.anchor;
    first.place = first.direct[0].place.clone();
    shared.show(&first);
    assert!(shared.log.is_at_bottom());
    first.place = ConversationId::Room;
    shared.show(&first);
    assert_eq!(shared.log.anchor, anchor);
    assert_eq!(shared.bookmarks.len(), 1, "that of the conversation with bia");
    // The room of another session, shown from its end.
    assert!(shared.show(&second));
    assert!(shared.log.is_at_bottom());
    assert_eq!(shared.bookmarks.len(), 0);
}

#[test]
fn a_page_is_never_scrolled_backwards() {
    for (height, expected) in [(572, 532), (60, 20), (40, 20), (16, 20)] {
        assert_eq!(page(height), expected, "{height}");
    }
}

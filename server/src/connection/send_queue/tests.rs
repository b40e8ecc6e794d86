use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn waiting(queue: &SendQueue, broadcast: &BroadcastLog) -> String {
    let slices = queue.slices(broadcast, usize::MAX);
    slices.iter().map(|s| std::str::from_utf8(s).unwrap()).collect()
}

#[test]
fn direct_lines_keep_their_place_among_broadcast_ones() {
    let (mut broadcast, mut queue) = (BroadcastLog::default(), SendQueue::default());
    broadcast.tail().extend(b"before;");
    queue.push(&broadcast, |direct| direct.extend(b"ok;"));
    queue.subscribe(&broadcast);
    broadcast.tail().extend(b"all1;");
    queue.push(&broadcast, |direct| direct.extend(b"own1;"));
    broadcast.tail().extend(b"all2;");
    let from = broadcast.end();
    broadcast.tail().extend(b"not for me;");
    queue.skip(&broadcast, from);
    broadcast.tail().extend(b"all3;");
    let all = "ok;all1;own1;all2;all3;";
    assert_eq!(waiting(&queue, &broadcast), all);
    assert_eq!(queue.pending(&broadcast), all.len());
    queue.advance(&broadcast, all.len(), Instant::now());
    assert_eq!((waiting(&queue, &broadcast).as_str(), queue.direct.is_none()), ("", true));
}

#[test]
fn a_pause_holds_back_what_follows_it() {
    let (mut broadcast, mut queue) = (BroadcastLog::default(), SendQueue::default());
    let start = Instant::now();
    let until = start + Duration::from_millis(100);
    queue.push(&broadcast, |direct| direct.extend(b"OK\n"));
    queue.subscribe(&broadcast);
    queue.pause(until);
    broadcast.tail().extend(b"later\n");
    assert_eq!(waiting(&queue, &broadcast), "OK\n");
    queue.advance(&broadcast, 3, start);
    assert_eq!(waiting(&queue, &broadcast), "");
    queue.resume(start);
    assert_eq!(waiting(&queue, &broadcast), "");
    queue.resume(until);
    assert_eq!(waiting(&queue, &broadcast), "later\n");
}

/// The pieces in which a reader is told all that waits, with the milliseconds at which they go out.
fn pieces(queue: &mut SendQueue, broadcast: &BroadcastLog, most_at_once: usize) -> Vec<(u64, String)> {
    let (start, mut pieces) = (Instant::now(), Vec::new());
    for ms in 0..1_000 {
        let now = start + Duration::from_millis(ms);
        queue.resume(now);
        loop {
            let bytes: Vec<u8> = queue.next_slices(broadcast).iter().flat_map(|slice| slice.to_vec()).collect();
            if bytes.is_empty() {
                break;
            }
            // As a kernel that takes a piece in two parts.
            for part in [bytes.len().min(most_at_once), bytes.len().saturating_sub(most_at_once)] {
                queue.advance(broadcast, part, now);
            }
            pieces.push((ms, String::from_utf8(bytes).unwrap()));
        }
    }
    assert!(queue.direct.is_none() || queue.pending(broadcast) == 0);
    pieces
}

#[test]
fn a_piece_ends_with_a_whole_character_and_a_short_one_stands_alone() {
    for most_at_once in [PIECE, 1_000, 1] {
        let (mut broadcast, mut queue) = (BroadcastLog::default(), SendQueue::default());
        queue.subscribe(&broadcast);
        queue.write_in_pieces();
        queue.push(&broadcast, |direct| direct.extend(b"x"));
        // From the second byte on: each piece of 1,024 bytes would end inside of a character.
        broadcast.tail().extend("ã".repeat(1_000).as_bytes());
        broadcast.tail().push(b'\n');
        let told = pieces(&mut queue, &broadcast, most_at_once);
        let lengths: Vec<(u64, usize)> = told.iter().map(|(ms, piece)| (*ms, piece.len())).collect();
        assert_eq!(lengths, [(0, 1_023), (50, 979)]);
    }
}

#[test]
fn whole_pieces_follow_one_another_at_once() {
    let (mut broadcast, mut queue) = (BroadcastLog::default(), SendQueue::default());
    queue.subscribe(&broadcast);
    queue.write_in_pieces();
    broadcast.tail().extend("x".repeat(2 * PIECE).as_bytes());
    broadcast.tail().extend("😀".repeat(256).as_bytes());
    broadcast.tail().extend(b"fim\n");
    let lengths: Vec<_> = pieces(&mut queue, &broadcast, PIECE).iter().map(|(ms, piece)| (*ms, piece.len())).collect();
    assert_eq!(lengths, [(0, 1_024), (0, 1_024), (0, 1_024), (0, 4)]);
    broadcast.tail().extend(b"mais\n");
    assert_eq!(pieces(&mut queue, &broadcast, PIECE).len(), 1);
}

#[test]
fn discarding_leaves_at_most_the_end_of_the_line_it_is_reading() {
    for (advanced, rest) in [(0, ""), (2, "e\n"), (4, ""), (6, "o\n"), (8, "")] {
        let (mut broadcast, mut queue) = (BroadcastLog::default(), SendQueue::default());
        queue.push(&broadcast, |direct| direct.extend(b"one\n"));
        queue.subscribe(&broadcast);
        broadcast.tail().extend(b"two\nthree\n");
        queue.advance(&broadcast, advanced, Instant::now());
        queue.discard_pending(&broadcast);
        assert_eq!(waiting(&queue, &broadcast), rest);
        assert!(queue.cursor().is_none());
    }
}

#[test]
fn a_reader_that_always_lags_a_little_pins_no_more_than_that() {
    let (broadcast, mut queue) = (BroadcastLog::default(), SendQueue::default());
    queue.push(&broadcast, |direct| direct.extend(b"welcome\n"));
    queue.exempt_pending();
    for _ in 0..1_000 {
        queue.push(&broadcast, |direct| direct.extend(b"a line\n"));
        queue.advance(&broadcast, 7, Instant::now());
    }
    assert_eq!((queue.pending(&broadcast), queue.counted_pending(&broadcast)), (8, 8));
    assert!(queue.direct.is_some_and(|direct| direct.bytes.len() <= 30));
}

#[derive(Clone, Debug)]
enum Step {
    Broadcast,
    NotForMe,
    Own,
    Waive,
    Hold,
    Resume,
    Write(usize),
    Release,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    let write = (0..40_usize).prop_map(Write);
    let rare = prop_oneof![Just(Waive), Just(Hold), Just(Resume)];
    prop_oneof![Just(Broadcast), Just(NotForMe), Just(Own), write, Just(Release), rare]
}

proptest! {
    #[test]
    fn whatever_the_writes_everything_arrives_once_and_in_order(steps in prop::collection::vec(step(), 0..60)) {
        let (mut broadcast, mut queue) = (BroadcastLog::default(), SendQueue::default());
        queue.subscribe(&broadcast);
        let (mut expected, mut arrived) = (String::new(), String::new());
        let (mut uncounted, mut held, until) = (0, None, Instant::now());
        for (number, step) in steps.into_iter().chain([Step::Resume, Step::Write(usize::MAX)]).enumerate() {
            let line = format!("line {number}\n");
            let from = broadcast.end();
            match step {
                Step::Broadcast => broadcast.tail().extend(line.as_bytes()),
                Step::NotForMe => {
                    broadcast.tail().extend(line.as_bytes());
                    queue.skip(&broadcast, from);
                }
                Step::Own => queue.push(&broadcast, |direct| direct.extend(line.as_bytes())),
                Step::Waive => {
                    queue.exempt_pending();
                    uncounted = expected.len() - queue.unread(&broadcast);
                }
                Step::Hold => {
                    queue.push(&broadcast, |_| ());
                    queue.pause(until);
                    held = Some(expected.len());
                }
                Step::Resume => {
                    queue.resume(until);
                    held = None;
                }
                Step::Write(most) => {
                    let written: String = waiting(&queue, &broadcast).chars().take(most).collect();
                    prop_assert!(held.is_none_or(|held| arrived.len() + written.len() <= held));
                    queue.advance(&broadcast, written.len(), until);
                    arrived += &written;
                }
                Step::Release => broadcast.release(queue.cursor().unwrap()),
            }
            if matches!(step, Step::Broadcast | Step::Own) {
                expected += &line;
            }
            let pending = expected.len() - arrived.len();
            prop_assert_eq!(queue.pending(&broadcast), pending);
            prop_assert_eq!(queue.counted_pending(&broadcast), expected.len() - arrived.len().max(uncounted));
            prop_assert!(queue.direct.as_ref().is_none_or(|direct| direct.bytes.len() <= 2 * (direct.bytes.len() - direct.written)));
        }
        prop_assert_eq!(arrived, expected);
    }
}

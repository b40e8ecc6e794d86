use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn waiting(outbox: &SendQueue, broadcast: &BroadcastLog) -> String {
    let slices = outbox.slices(broadcast, usize::MAX);
    slices.iter().map(|s| std::str::from_utf8(s).unwrap()).collect()
}

#[test]
fn ones_own_lines_keep_their_place_among_those_for_all() {
    let (mut broadcast, mut outbox) = (BroadcastLog::default(), SendQueue::default());
    broadcast.tail().extend(b"before;");
    outbox.push(&broadcast, |own| own.extend(b"ok;"));
    outbox.subscribe(&broadcast);
    broadcast.tail().extend(b"all1;");
    outbox.push(&broadcast, |own| own.extend(b"own1;"));
    broadcast.tail().extend(b"all2;");
    let from = broadcast.end();
    broadcast.tail().extend(b"not for me;");
    outbox.skip(&broadcast, from);
    broadcast.tail().extend(b"all3;");
    let all = "ok;all1;own1;all2;all3;";
    assert_eq!(waiting(&outbox, &broadcast), all);
    assert_eq!(outbox.backlog(&broadcast), all.len());
    outbox.advance(&broadcast, all.len());
    assert_eq!((waiting(&outbox, &broadcast).as_str(), outbox.own.is_none()), ("", true));
}

#[test]
fn what_is_held_waits_for_its_time() {
    let (mut broadcast, mut outbox) = (BroadcastLog::default(), SendQueue::default());
    let start = Instant::now();
    let until = start + Duration::from_millis(100);
    outbox.push(&broadcast, |own| own.extend(b"OK\n"));
    outbox.subscribe(&broadcast);
    outbox.pause(until);
    broadcast.tail().extend(b"later\n");
    assert_eq!(waiting(&outbox, &broadcast), "OK\n");
    outbox.advance(&broadcast, 3);
    assert_eq!(waiting(&outbox, &broadcast), "");
    outbox.resume(start);
    assert_eq!(waiting(&outbox, &broadcast), "");
    outbox.resume(until);
    assert_eq!(waiting(&outbox, &broadcast), "later\n");
}

/// The pieces in which a reader is told all that waits, with the milliseconds at which they go out.
fn pieces(outbox: &mut SendQueue, broadcast: &BroadcastLog, most_at_once: usize) -> Vec<(u64, String)> {
    let (start, mut pieces) = (Instant::now(), Vec::new());
    for ms in 0..1_000 {
        let now = start + Duration::from_millis(ms);
        outbox.resume(now);
        loop {
            let piece = outbox.piece(broadcast);
            let bytes: Vec<u8> = outbox.slices(broadcast, piece).iter().flat_map(|slice| slice.to_vec()).collect();
            if bytes.is_empty() {
                break;
            }
            // As a kernel that takes a piece in two parts.
            for part in [bytes.len().min(most_at_once), bytes.len().saturating_sub(most_at_once)] {
                outbox.advance(broadcast, part);
                outbox.piece_written(part, now + Duration::from_millis(50));
            }
            pieces.push((ms, String::from_utf8(bytes).unwrap()));
        }
    }
    assert!(outbox.own.is_none() || outbox.backlog(broadcast) == 0);
    pieces
}

#[test]
fn a_piece_ends_with_a_whole_character_and_a_short_one_stands_alone() {
    for most_at_once in [PIECE, 1_000, 1] {
        let (mut broadcast, mut outbox) = (BroadcastLog::default(), SendQueue::default());
        outbox.subscribe(&broadcast);
        outbox.push(&broadcast, |own| own.extend(b"x"));
        // From the second byte on: each piece of 1,024 bytes would end inside of a character.
        broadcast.tail().extend("ã".repeat(1_000).as_bytes());
        broadcast.tail().push(b'\n');
        let told = pieces(&mut outbox, &broadcast, most_at_once);
        let lengths: Vec<(u64, usize)> = told.iter().map(|(ms, piece)| (*ms, piece.len())).collect();
        assert_eq!(lengths, [(0, 1_023), (50, 979)]);
    }
}

#[test]
fn whole_pieces_follow_one_another_at_once() {
    let (mut broadcast, mut outbox) = (BroadcastLog::default(), SendQueue::default());
    outbox.subscribe(&broadcast);
    broadcast.tail().extend("x".repeat(2 * PIECE).as_bytes());
    broadcast.tail().extend("😀".repeat(256).as_bytes());
    broadcast.tail().extend(b"fim\n");
    let lengths: Vec<_> = pieces(&mut outbox, &broadcast, PIECE).iter().map(|(ms, piece)| (*ms, piece.len())).collect();
    assert_eq!(lengths, [(0, 1_024), (0, 1_024), (0, 1_024), (0, 4)]);
    broadcast.tail().extend(b"mais\n");
    assert_eq!(pieces(&mut outbox, &broadcast, PIECE).len(), 1);
}

#[test]
fn an_abandoned_reader_gets_at_most_the_end_of_the_line_it_is_reading() {
    for (advanced, rest) in [(0, ""), (2, "e\n"), (4, ""), (6, "o\n"), (8, "")] {
        let (mut broadcast, mut outbox) = (BroadcastLog::default(), SendQueue::default());
        outbox.push(&broadcast, |own| own.extend(b"one\n"));
        outbox.subscribe(&broadcast);
        broadcast.tail().extend(b"two\nthree\n");
        outbox.advance(&broadcast, advanced);
        outbox.discard_pending(&broadcast);
        assert_eq!(waiting(&outbox, &broadcast), rest);
        assert!(outbox.cursor().is_none());
    }
}

#[test]
fn who_always_lags_a_little_makes_it_keep_no_more_than_that() {
    let (broadcast, mut outbox) = (BroadcastLog::default(), SendQueue::default());
    outbox.push(&broadcast, |own| own.extend(b"welcome\n"));
    outbox.exempt_pending();
    for _ in 0..1_000 {
        outbox.push(&broadcast, |own| own.extend(b"a line\n"));
        outbox.advance(&broadcast, 7);
    }
    assert_eq!((outbox.backlog(&broadcast), outbox.counted_backlog(&broadcast)), (8, 8));
    assert!(outbox.own.is_some_and(|own| own.bytes.len() <= 30));
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
        let (mut broadcast, mut outbox) = (BroadcastLog::default(), SendQueue::default());
        outbox.subscribe(&broadcast);
        let (mut expected, mut arrived) = (String::new(), String::new());
        let (mut uncounted, mut held, until) = (0, None, Instant::now());
        for (number, step) in steps.into_iter().chain([Step::Resume, Step::Write(usize::MAX)]).enumerate() {
            let line = format!("line {number}\n");
            let from = broadcast.end();
            match step {
                Step::Broadcast => broadcast.tail().extend(line.as_bytes()),
                Step::NotForMe => {
                    broadcast.tail().extend(line.as_bytes());
                    outbox.skip(&broadcast, from);
                }
                Step::Own => outbox.push(&broadcast, |own| own.extend(line.as_bytes())),
                Step::Waive => {
                    outbox.exempt_pending();
                    uncounted = expected.len() - outbox.unread(&broadcast);
                }
                Step::Hold => {
                    outbox.push(&broadcast, |_| ());
                    outbox.pause(until);
                    held = Some(expected.len());
                }
                Step::Resume => {
                    outbox.resume(until);
                    held = None;
                }
                Step::Write(most) => {
                    let written: String = waiting(&outbox, &broadcast).chars().take(most).collect();
                    prop_assert!(held.is_none_or(|held| arrived.len() + written.len() <= held));
                    outbox.advance(&broadcast, written.len());
                    arrived += &written;
                }
                Step::Release => broadcast.release(outbox.cursor().unwrap()),
            }
            if matches!(step, Step::Broadcast | Step::Own) {
                expected += &line;
            }
            let backlog = expected.len() - arrived.len();
            prop_assert_eq!(outbox.backlog(&broadcast), backlog);
            prop_assert_eq!(outbox.counted_backlog(&broadcast), expected.len() - arrived.len().max(uncounted));
            prop_assert!(outbox.own.as_ref().is_none_or(|own| own.bytes.len() <= 2 * (own.bytes.len() - own.written)));
        }
        prop_assert_eq!(arrived, expected);
    }
}

//! Lazy layout: only rows near the viewport are laid out, and the text in sight does not move while heights become
//! exact.

use super::*;

thread_local!(static MEASURED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });

/// A log that counts the measurements of texts in [`MEASURED`].
fn counting_log() -> Log {
    let mut log = Log::new(Widths::new(|_, text| {
        MEASURED.set(MEASURED.get() + 1);
        7.0 * text.chars().count() as f32
    }));
    log.resize(Columns { width: 720, is_narrow: false }, 600);
    log
}

fn laid_out(log: &Log) -> usize {
    log.rows.iter().filter(|row| row.is_laid_out()).count()
}

/// The texts of the rows in sight, each with its y in the window.
fn drawn(log: &Log) -> Vec<(String, i64)> {
    let in_sight = log.rows_from(log.top()).take_while(|(_, row)| row.y < log.top() + i64::from(log.height));
    in_sight.map(|(_, row)| (row.text.to_string(), row.y + i64::from(row.text_y) - log.top())).collect()
}

/// Adds texts of one line and of many, whose heights differ from the estimates.
fn push_uneven(conversation: &mut Conversation, count: u64) {
    for n in 0..count {
        let text =
            format!("{n} {}", if n % 3 == 0 { "iii ".repeat(n as usize % 40) } else { "a\n".repeat(n as usize % 5) });
        add(conversation, said(n / 9, "ana", &text));
    }
}

#[test]
fn nothing_but_what_is_near_is_laid_out() {
    const MANY: u64 = 10_000;
    const FEW: usize = 4 * 600 / 20;
    let (mut log, mut conversation) = (counting_log(), conversation());
    push_uneven(&mut conversation, MANY);
    log.follow(&conversation);
    assert!(laid_out(&log) < FEW, "10,000 that come at once");
    scroll_to(&mut log, 0.5);
    let left = log.bookmark();
    log.open(&conversation, left.as_ref());
    assert!(laid_out(&log) < FEW && log.anchor != Anchor::Bottom, "on return");
    for width in [900, 500, 620] {
        log.resize(Columns { width, is_narrow: false }, 600);
        assert!(laid_out(&log) < FEW, "at a width of {width}");
    }
    log.set_top(i64::MIN);
    assert!(laid_out(&log) < 2 * FEW, "at the beginning");
    let mut log = counting_log();
    let (old, mut conversation) = (conversation, self::conversation());
    for index in 0..old.timeline.len() {
        add(&mut conversation, old.timeline.get(index).unwrap().clone());
        log.follow(&conversation);
        assert!(log.laid_out >= laid_out(&log) && laid_out(&log) < 1_000 + FEW, "while they come");
    }
}

#[test]
fn a_long_message_is_measured_in_proportion_to_its_length() {
    let measured_of = |log: &mut Log, conversation: &Conversation| {
        MEASURED.set(0);
        log.follow(conversation);
        MEASURED.get()
    };
    let (mut log, mut conversation) = (counting_log(), conversation());
    for (n, text) in ["a".repeat(4096), "aBcD0123".repeat(512), "http://a.b/".repeat(372)].iter().enumerate() {
        add(&mut conversation, said(n as u64, "ana", text));
        let measured = measured_of(&mut log, &conversation);
        let lines = log.rows.back().map_or(0, |row| row.lines.len());
        assert!(lines > 40 && measured < 3 * lines + 40, "{measured} times for {lines} lines");
    }
    for _ in 0..1_000 {
        add(&mut conversation, said(9, "ana", &"aBcD0123".repeat(512)));
    }
    assert!(measured_of(&mut log, &conversation) < 600, "those out of sight are not");
}

#[test]
fn what_is_read_moves_by_what_it_is_scrolled_by_however_wrong_estimates_are() {
    let (mut log, mut conversation) = (counting_log(), conversation());
    push_uneven(&mut conversation, 1_000);
    log.follow(&conversation);
    for distance in [-60, -560, 40, -600, -60, 560].repeat(8) {
        let before = drawn(&log);
        log.scroll_by(distance);
        let after = drawn(&log);
        let moved = before
            .iter()
            .find_map(|(text, y)| after.iter().find(|(other, _)| other == text).map(|(_, now)| (*now - *y) as i32));
        assert!(moved.is_none_or(|moved| moved == -distance), "{distance}: {before:?} {after:?}");
        assert!(moved.is_some() || distance == -600, "a page keeps something in sight");
        assert!(log.rows_from(log.top()).take(5).all(|(_, row)| row.is_laid_out()));
    }
}

#[test]
fn what_is_read_stays_when_one_comes_back_or_the_width_changes() {
    let (mut log, mut conversation) = (counting_log(), conversation());
    push_uneven(&mut conversation, 1_000);
    log.follow(&conversation);
    (0..20).for_each(|_| log.scroll_by(-500));
    let (before, left) = (drawn(&log), log.bookmark());
    log.open(&conversation, left.as_ref());
    assert_eq!(drawn(&log), before);
    log.resize(Columns { width: 600, is_narrow: false }, 600);
    assert_eq!(drawn(&log).first().map(|it| &it.0), before.first().map(|it| &it.0));
    log.resize(Columns { width: 720, is_narrow: false }, 600);
    assert_eq!(drawn(&log), before);
}

#[test]
fn what_is_looked_for_is_found_where_nobody_has_been() {
    let (mut log, mut conversation) = (counting_log(), conversation());
    push_uneven(&mut conversation, 2_000);
    log.follow(&conversation);
    for index in [1_000, 3, 1_999, 0, 400, 401] {
        let item = conversation.timeline.get(index).unwrap().id;
        let byte = log.row(item).map_or(0, |row| row.text.len() - 1);
        log.reveal(item, byte);
        let row = log.row(item).unwrap();
        let bottom = row.y + i64::from(row.height) - log.top();
        assert!((20..=600).contains(&bottom), "{index}: {bottom}");
    }
}

#[test]
fn the_bar_leads_to_both_ends() {
    let (mut log, mut conversation) = (counting_log(), conversation());
    push_uneven(&mut conversation, 2_000);
    log.follow(&conversation);
    for _ in 0..3 {
        scroll_to(&mut log, 0.0);
        assert_eq!((log.top(), log.extent().1), (log.start(), 0));
        for share in [0.2, 0.7, 0.5] {
            scroll_to(&mut log, share);
            let (whole, above) = log.extent();
            let near = above as f64 / whole as f64 - share;
            assert!(near.abs() < 0.1, "{share}: {near}");
        }
        scroll_to(&mut log, 1.0);
        assert!(log.is_at_bottom());
    }
    log.select_all();
    let lines = log.selected_text().map_or(0, |text| text.matches("] ana: ").count());
    assert_eq!(lines, 2_000);
}

use papo_common::decode;

use super::*;

fn text(line: &[u8]) -> String {
    decode(line).into_owned()
}

/// Reads with the milliseconds at which they arrive, and lines with those at which they come out.
#[track_caller]
fn check(codec: &mut Codec, reads: &[(u64, &[u8])], lines: &[(u64, &str)]) {
    let start = Instant::now();
    let mut heard = Vec::new();
    for ms in 0..4_000 {
        let now = start + Duration::from_millis(ms);
        for (_, read) in reads.iter().filter(|(at, _)| *at == ms) {
            codec.handle_bytes(read, now);
            while let Some(line) = codec.next_line(now, text).unwrap() {
                heard.push((ms, line));
            }
        }
        while let Some(line) = codec.next_line(now, text).unwrap() {
            heard.push((ms, line));
        }
    }
    assert_eq!(heard.iter().map(|(ms, line)| (*ms, line.as_str())).collect::<Vec<_>>(), lines);
}

fn naming() -> Codec {
    Codec::new(10_000)
}

fn unterminated() -> Codec {
    let mut codec = naming();
    check(&mut codec, &[(0, b"ana")], &[(200, "ana")]);
    codec.register();
    codec
}

#[test]
fn a_name_ends_with_its_line_or_with_silence() {
    check(&mut naming(), &[(0, b"ana\n")], &[(0, "ana")]);
    check(&mut naming(), &[(0, b"ana\nol")], &[(0, "ana"), (200, "ol")]);
    check(&mut naming(), &[(0, b"an"), (150, b"in"), (300, b"ha")], &[(500, "aninha")]);
    check(&mut naming(), &[(0, b"ana"), (900, b"bia")], &[(200, "ana"), (1_100, "bia")]);
}

#[test]
fn a_name_that_is_typed_key_by_key_has_its_time() {
    let typed: Vec<(u64, &[u8])> = vec![(0, b"m"), (300, b"a"), (2_900, b"ri"), (3_000, b"a")];
    let ended = [&typed[..], &[(3_500, &b"\r\n"[..])]].concat();
    check(&mut naming(), &ended, &[(3_500, "maria")]);
    check(&mut naming(), &[(0, "É".as_bytes()), (900, b"r"), (1_800, b"i"), (2_700, b"\n")], &[(2_700, "Éri")]);
    check(&mut naming(), &[(0, b"a")], &[(3_000, "a")]);
    check(&mut naming(), &[(0, b"\xff\xfb\x1f"), (700, b"a"), (1_000, b"\r"), (1_000, b"\0")], &[(1_000, "a")]);
    // The next attempt is one of its own.
    check(&mut naming(), &[(0, b"a"), (10, b"\n"), (500, b"bia")], &[(10, "a"), (700, "bia")]);
}

#[test]
fn telnets_commands_and_zero_bytes_are_no_text() {
    check(&mut naming(), &[(0, b"\xff\xfb\x1f\xff\xfb"), (900, b"\x18bia\r"), (901, b"\n")], &[(901, "bia")]);
    check(&mut naming(), &[(0, b"bia\0\0\0"), (100, b"\0\0")], &[(200, "bia")]);
    check(&mut unterminated(), &[(0, b"oi\0"), (9, b"\xff\xf1")], &[(0, "oi")]);
    let mut json = Codec::new(99);
    check(&mut json, &[(0, b"\xef\xbb"), (1, b"\xbf{\"a\":"), (2, b"\"\0\"}\n")], &[(2, "\u{feff}{\"a\":\"\0\"}")]);
    assert_eq!(json.dialect(), Some(Dialect::Json));
}

#[test]
fn what_is_dropped_has_its_price() {
    let mut codec = Codec::new(100);
    check(&mut codec, &[(0, b"bia\n")], &[(0, "bia")]);
    codec.register();
    check(&mut codec, &[(0, b"o"), (1, &[0; 250]), (2, b"i\n")], &[(1, ""), (1, ""), (2, "oi")]);
}

#[test]
fn who_ends_the_name_with_a_newline_ends_messages_so() {
    let mut codec = naming();
    check(&mut codec, &[(0, b"ana\n")], &[(0, "ana")]);
    codec.register();
    check(&mut codec, &[(0, b"oi"), (500, b" gente\n")], &[(500, "oi gente")]);
}

#[test]
fn what_came_behind_the_name_waits_for_its_own_end() {
    let (mut codec, now) = (naming(), Instant::now());
    codec.handle_bytes(b"ana\n@bia segr", now);
    assert_eq!(codec.next_line(now, text), Ok(Some("ana".into())));
    codec.register();
    assert_eq!((codec.deadline(), codec.next_line(now + NAME_QUIET, text)), (None, Ok(None)));
    codec.handle_bytes(b"edo da ana\n", now + NAME_QUIET);
    assert_eq!(codec.next_line(now + NAME_QUIET, text), Ok(Some("@bia segredo da ana".into())));
}

#[test]
fn where_messages_have_no_end_each_read_is_one() {
    check(&mut unterminated(), &[(0, b"oi"), (0, b"gente")], &[(0, "oi"), (0, "gente")]);
    check(&mut unterminated(), &[(0, b"um\ndois")], &[(0, "um"), (0, "dois")]);
    check(&mut unterminated(), &[(0, b"ol\xc3"), (20, b"\xa1")], &[(20, "olá")]);
    check(&mut unterminated(), &[(0, b"ol\xc3")], &[(50, "olÃ")]);
    let long = "x".repeat(1_500);
    let (first, rest) = long.as_bytes().split_at(1_024);
    check(&mut unterminated(), &[(0, first), (30, rest)], &[(30, &long)]);
    check(&mut unterminated(), &[(0, first)], &[(50, &long[..1_024])]);
}

#[test]
fn the_end_of_the_connection_ends_a_message_but_no_line() {
    let now = Instant::now();
    let mut whole = unterminated();
    whole.handle_bytes(&[b'x'; WHOLE_READ], now);
    whole.handle_end(now);
    assert_eq!(whole.next_line(now, text).unwrap().unwrap().len(), WHOLE_READ);
    for mut discarded in [naming(), Codec::new(99)] {
        discarded.handle_bytes(b"ana", now);
        discarded.handle_end(now);
        assert_eq!(discarded.next_line(now, text), Ok(None));
    }
}

#[test]
fn a_json_line_never_ends_by_itself() {
    let mut codec = Codec::new(99);
    check(&mut codec, &[(0, b"{\"type\":"), (1_500, b"\"pong\"}\n")], &[(1_500, "{\"type\":\"pong\"}")]);
}

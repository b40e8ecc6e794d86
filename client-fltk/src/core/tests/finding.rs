//! The find bar.

use super::*;

fn find(story: &Story) -> &Find {
    story.state().chat.find.as_ref().expect("open")
}

pub(super) fn summary(story: &Story) -> String {
    strings::find::summary(find(story).summary())
}

/// Each hit as its item's place and the text found, the current one in brackets.
fn hits(story: &Story) -> Vec<String> {
    let room = story
        .state()
        .chat
        .conversations
        .iter()
        .find(|it| it.place == story.state().chat.conversations.place)
        .expect("shown");
    let shown = |(index, hit): (usize, &Hit)| {
        let text = match &room.timeline.item(hit.item).expect("an item").content {
            Content::Message(said) => said.text.as_str().to_owned(),
            Content::Announcement(text) => text.as_str().to_owned(),
            Content::LocalNotice(notice) => notices::notice(notice),
            other => panic!("{other:?}"),
        };
        let (part, item) = (&text[hit.range.clone()], room.timeline.position(hit.item).expect("a place"));
        if find(story).current == Some(index) { format!("[{item} {part}]") } else { format!("{item} {part}") }
    };
    find(story).hits.iter().enumerate().map(shown).collect()
}

fn looking_for(query: &str, texts: &[&str]) -> Story {
    let mut story = Story::talking();
    for text in texts {
        story.event(said("bia", BIA, text, None));
    }
    story.update(Message::Find(true));
    story.update(Message::FindEdited(query.to_owned()));
    story
}

#[test]
fn hits_are_found_from_the_bottom_up() {
    let mut story = looking_for("acao", &["Ação e reação", "nada", "AÇÃO"]);
    assert_eq!(hits(&story), ["0 Ação", "0 ação", "[2 AÇÃO]"]);
    assert_eq!(summary(&story), "3 de 3");
    for (message, expected) in [
        (Message::FindPrevious, "2 de 3"),
        (Message::FindPrevious, "1 de 3"),
        (Message::FindPrevious, "3 de 3"),
        (Message::FindNext, "1 de 3"),
    ] {
        let moves = find(&story).moves;
        story.update(message);
        assert_eq!((summary(&story).as_str(), find(&story).moves), (expected, moves + 1));
    }
}

#[test]
fn typing_on_stays_where_one_is() {
    let mut story = looking_for("o", &["ovo", "novo", "nó"]);
    assert_eq!(hits(&story), ["0 o", "0 o", "1 o", "1 o", "[2 ó]"]);
    story.update(Message::FindPrevious);
    story.update(Message::FindPrevious);
    story.update(Message::FindEdited("ov".to_owned()));
    assert_eq!(hits(&story), ["0 ov", "[1 ov]"]);
    story.update(Message::FindEdited("xyz".to_owned()));
    assert_eq!((find(&story).current, summary(&story).as_str()), (None, "Nada encontrado"));
    story.update(Message::FindNext);
    story.update(Message::FindEdited(String::new()));
    assert_eq!((find(&story).hits.len(), summary(&story).as_str()), (0, ""));
    story.update(Message::Find(false));
    assert!(story.state().chat.find.is_none());
    story.update(Message::FindNext);
}

#[test]
fn what_arrives_is_found_and_moves_nothing() {
    let mut story = looking_for("oi", &["oi"]);
    let moves = find(&story).moves;
    story.event(said("bia", BIA, "oi, oi", None));
    story.event(joined("oi", 7));
    story.event(notice("Oi!", 0));
    story.send("oi eu");
    assert_eq!(hits(&story), ["[0 oi]", "1 oi", "1 oi", "3 Oi", "4 oi"]);
    story.event(said("caio", CAIO, "tchau", None));
    story.event(said("ana", ANA, "oi eu", Some(1)));
    assert_eq!(hits(&story), ["[0 oi]", "1 oi", "1 oi", "3 Oi", "5 oi"], "confirmed, it stands behind caio's");
    assert_eq!(find(&story).moves, moves);
}

#[test]
fn what_is_trimmed_is_found_no_more() {
    let mut story = looking_for("oi", &["oi 1", "oi 2"]);
    story.update(Message::FindPrevious);
    for _ in 2..=Timeline::MAX_ITEMS {
        story.event(said("bia", BIA, "nada", None));
    }
    assert_eq!(hits(&story), ["[0 oi]"]);
    story.event(said("bia", BIA, "oi", None));
    assert_eq!(hits(&story), ["[9999 oi]"]);
    story.send("/limpar");
    assert_eq!(hits(&story), Vec::<String>::new());
    story.event(said("bia", BIA, "oi", None));
    assert_eq!(hits(&story), ["[0 oi]"]);
}

#[test]
fn another_conversation_is_searched_for_the_same() {
    let mut story = looking_for("oi", &["oi"]);
    story.event(whispered("bia", BIA, "ana", "Oi e oi", None));
    assert_eq!(hits(&story), ["[0 oi]"]);
    story.update(Message::Show(with("bia")));
    assert_eq!(hits(&story), ["0 Oi", "[0 oi]"]);
    story.update(Message::Show(ConversationId::Room));
    assert_eq!(hits(&story), ["[0 oi]"]);
}

#[test]
fn hits_have_a_limit() {
    let many = "a".repeat(100);
    let mut story = looking_for("a", &vec![many.as_str(); 150]);
    assert_eq!((find(&story).hits.len(), find(&story).is_more), (Find::MAX_HITS, true));
    assert_eq!(find(&story).hits[0].item, story.nth(&ConversationId::Room, 50), "the newest");
    story.event(said("bia", BIA, "a", None));
    assert_eq!((find(&story).hits.len(), find(&story).hits[0].range.start), (Find::MAX_HITS, 1));
    assert_eq!(summary(&story), "9999 de 10000+");
}

/// Ana looks for something in a room whose last messages are those, and asks for what is above the first hit.
pub(super) fn above(query: &str, numbers: std::ops::Range<u64>) -> Story {
    let mut story = past::entered(numbers);
    story.update(Message::Find(true));
    story.update(Message::FindEdited(query.to_owned()));
    story.update(Message::FindPrevious);
    story
}

fn search(text: &str, before: u64) -> Request {
    let (before, count) = (SafeInteger::new(before), SafeInteger::new(1).expect("a number"));
    Request::Search { reference: None, text: text.to_owned(), before, count }
}

fn found(numbers: impl IntoIterator<Item = u64>) -> Event {
    Event::Found { messages: past::messages(numbers), more: true, reference: None }
}

/// The text of the item with the current hit.
fn current(story: &Story) -> String {
    let hit = find(story).current.and_then(|current| find(story).hits.get(current)).expect("a hit");
    let room = &story.state().chat.conversations.room;
    match &room.timeline.item(hit.item).expect("an item").content {
        Content::Message(said) => said.text.as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn above_the_first_hit_the_server_is_asked() {
    let mut story = above("n1", 1_000..1_003);
    assert_eq!(summary(&story), "2 de 3");
    story.update(Message::FindPrevious);
    assert_eq!(story.requests(), []);
    let moves = find(&story).moves;
    story.update(Message::FindPrevious);
    assert_eq!((summary(&story).as_str(), find(&story).moves), ("procurando no servidor…", moves));
    story.update(Message::FindPrevious);
    assert_eq!(story.requests(), [search("n1", 1_000)]);
    story.event(found([199]));
    assert_eq!(story.requests(), [past::older(1_000, 200)]);
    for before in [800, 600, 400] {
        story.event(past::answer(before..before + 200, true));
        assert_eq!(story.requests(), [past::older(before, 200)]);
        assert_eq!(summary(&story), "procurando no servidor…");
    }
    story.event(past::answer(190..400, true));
    assert_eq!((current(&story).as_str(), find(&story).moves), ("n199", moves + 1));
    assert_eq!(summary(&story), "10 de 13");
    story.update(Message::FindPrevious);
    assert_eq!((summary(&story).as_str(), story.requests()), ("9 de 13", vec![]));
}

#[test]
fn where_nothing_is_found_it_says_whether_the_server_can_be_asked() {
    let mut story = past::entered(50..60);
    story.update(Message::Find(true));
    let word = |story: &Story| (summary(story), find(story).leads_up());
    assert_eq!(word(&story), (String::new(), false));
    for (query, summary, leads_up) in [
        ("n5", "10 de 10", true),
        ("n7", "Nada aqui; Enter procura no servidor", true),
        (&"n".repeat(5_000), "Nada encontrado", false),
        ("n7", "Nada aqui; Enter procura no servidor", true),
    ] {
        story.update(Message::FindEdited(query.to_owned()));
        assert_eq!(word(&story), (summary.to_owned(), leads_up), "{query}");
    }
    story.update(Message::FindPrevious);
    assert_eq!(word(&story), ("procurando no servidor…".to_owned(), true));
    story.event(Event::Found { messages: Vec::new(), more: false, reference: None });
    assert_eq!(word(&story), ("Nada encontrado".to_owned(), false));
    // It gave up looking.
    story.update(Message::FindEdited("n70".to_owned()));
    story.update(Message::FindPrevious);
    story.event(Event::Found { messages: Vec::new(), more: true, reference: None });
    assert_eq!(word(&story), ("Nada até aqui, mas nem tudo foi visto".to_owned(), false));
    let mut story = past::entered(1..2);
    story.update(Message::Find(true));
    story.update(Message::FindEdited("n7".to_owned()));
    assert_eq!(word(&story), ("Nada encontrado".to_owned(), false), "there is nothing above");
}

#[test]
fn where_nothing_is_found_here_the_server_may_know_it() {
    let mut story = above("n7", 50..60);
    assert_eq!(story.requests(), [search("n7", 50)]);
    story.event(found([7]));
    story.event(past::answer(1..50, false));
    assert_eq!((current(&story).as_str(), summary(&story).as_str()), ("n7", "1 de 1"));
}

#[test]
fn with_no_result_it_goes_on_from_the_bottom() {
    let mut story = above("n5", 50..60);
    (0..9).for_each(|_| story.update(Message::FindPrevious));
    assert_eq!(story.requests(), [search("n5", 50)]);
    story.event(Event::Found { messages: Vec::new(), more: false, reference: None });
    assert_eq!((current(&story).as_str(), summary(&story).as_str()), ("n59", "10 de 10"));
    (0..10).for_each(|_| story.update(Message::FindPrevious));
    assert_eq!((current(&story).as_str(), story.requests()), ("n59", vec![]), "it was asked already");
    story.update(Message::FindEdited("nada".to_owned()));
    story.update(Message::FindPrevious);
    assert_eq!(story.requests(), [search("nada", 50)]);
    story.event(Event::Found { messages: Vec::new(), more: false, reference: None });
    assert_eq!(summary(&story), "Nada encontrado");
}

#[test]
fn a_search_that_the_server_refuses_is_over() {
    for (reason, expected) in [
        (ErrorReason::NothingToFind, "Nada encontrado"),
        (ErrorReason::Unavailable, "Nada até aqui, mas nem tudo foi visto"),
    ] {
        let mut story = above("n7", 50..60);
        assert_eq!(story.requests(), [search("n7", 50)]);
        story.event(Event::problem(reason, None, "Não deu."));
        assert_eq!(summary(&story), expected);
        story.update(Message::FindEdited("n8".to_owned()));
        story.update(Message::FindPrevious);
        assert_eq!(story.requests(), [search("n8", 50)], "the next one is asked");
    }
}

#[test]
fn what_the_server_takes_for_a_result_may_be_none_here() {
    let mut story = above("n50 n", 60..61);
    story.event(found([50]));
    story.effects.clear();
    story.event(past::answer(50..60, true));
    assert_eq!(story.requests(), [search("n50 n", 50)], "the words stand there, the letters do not: further up");
    story.event(found([77]));
    assert_eq!(summary(&story), "Nada encontrado", "an answer that answers nothing ends it");
}

#[test]
fn a_search_ends_with_what_it_was_for() {
    for end in [
        Message::FindNext,
        Message::FindEdited("n5".to_owned()),
        Message::Find(false),
        Message::Whisper(name("bia")),
        Message::Send,
    ] {
        let mut story = above("n5", 50..51);
        assert_eq!(story.requests(), [search("n5", 50)]);
        story.type_text("/limpar");
        story.update(end.clone());
        story.effects.clear();
        story.event(found([7]));
        assert_eq!(story.requests(), [], "{end:?}");
    }
    let mut story = above("n5", 50..51);
    story.report(Report::Ended);
    assert_eq!(summary(&story), "1 de 1");
}

#[test]
fn one_question_at_a_time() {
    let mut story = above("n5", 50..51);
    story.update(Message::FindEdited("n50".to_owned()));
    story.update(Message::FindPrevious);
    assert_eq!(story.requests(), [search("n5", 50)]);
    story.event(found([7]));
    assert_eq!(story.requests(), [search("n50", 50)], "the answer was to another one");
}

#[test]
fn only_the_room_is_on_the_server() {
    let mut story = past::entered(50..51);
    story.event(whispered("bia", BIA, "ana", "n50", None));
    story.update(Message::Find(true));
    story.update(Message::FindEdited("n50".to_owned()));
    story.update(Message::Show(with("bia")));
    story.update(Message::FindPrevious);
    assert_eq!(story.requests(), []);
    let mut story = above("n1", 1..2);
    assert_eq!((story.requests(), summary(&story).as_str()), (vec![], "1 de 1"));
}

#[test]
fn what_is_further_up_than_there_is_room_for_is_said_to_be_there() {
    let full = Timeline::MAX_ITEMS as u64;
    let mut story = past::entered(20_000..20_001);
    for _ in 0..full - 100 {
        story.event(said("bia", BIA, "oi", None));
    }
    story.update(Message::Find(true));
    story.update(Message::FindEdited("n20".to_owned()));
    story.update(Message::FindPrevious);
    story.event(found([5]));
    story.event(past::answer(19_800..20_000, true));
    assert_eq!(summary(&story), "1 de 1+");
}

#[test]
fn the_lines_of_the_program_itself_are_found_too() {
    let mut story = looking_for("salva em", &["nada"]);
    story.save("/home/ana/papo.txt");
    assert_eq!(hits(&story), ["[1 salva em]"]);
}

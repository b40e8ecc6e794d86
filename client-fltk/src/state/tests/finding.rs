//! The find bar.

use super::*;

fn find(story: &Story) -> &Find {
    story.state().find.as_ref().expect("open")
}

/// Each hit as its item's number and the text found, the current one in brackets.
fn hits(story: &Story) -> Vec<String> {
    let room = story.state().conversations.iter().find(|it| it.place == story.state().place).expect("shown");
    let shown = |item: u64, range: &std::ops::Range<usize>, is_current: bool| {
        let text = match &room.item(item).expect("an item").content {
            Content::Said(said) => said.text.as_str().to_owned(),
            Content::Notice(text) => text.as_str().to_owned(),
            Content::Hint(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        let part = &text[range.clone()];
        if is_current { format!("[{item} {part}]") } else { format!("{item} {part}") }
    };
    let numbers = room.trimmed..room.next_number();
    let hits: Vec<String> = numbers
        .flat_map(|item| find(story).hits_in(item).map(move |(range, is_current)| (item, range.clone(), is_current)))
        .map(|(item, range, is_current)| shown(item, &range, is_current))
        .collect();
    assert_eq!(hits.len(), find(story).hits.len());
    hits
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
    assert_eq!(find(&story).summary(), "3 de 3");
    for (message, expected) in [
        (Message::FindPrevious, "2 de 3"),
        (Message::FindPrevious, "1 de 3"),
        (Message::FindPrevious, "3 de 3"),
        (Message::FindNext, "1 de 3"),
    ] {
        let moves = find(&story).moves;
        story.update(message);
        assert_eq!((find(&story).summary().as_str(), find(&story).moves), (expected, moves + 1));
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
    assert_eq!((find(&story).current, find(&story).summary().as_str()), (None, "Nada encontrado"));
    story.update(Message::FindNext);
    story.update(Message::FindEdited(String::new()));
    assert_eq!((find(&story).hits.len(), find(&story).summary().as_str()), (0, ""));
    story.update(Message::Find(false));
    assert!(story.state().find.is_none());
    story.update(Message::FindNext);
}

#[test]
fn what_arrives_is_found_and_moves_nothing() {
    let mut story = looking_for("oi", &["oi"]);
    let moves = find(&story).moves;
    story.event(said("bia", BIA, "oi, oi", None));
    story.event(joined("oi", 7));
    story.event(Event::Notice { text: text("Oi!"), at: NOW });
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
    for _ in 2..=Conversation::MAX_ITEMS {
        story.event(said("bia", BIA, "nada", None));
    }
    assert_eq!(hits(&story), ["[1 oi]"]);
    story.event(said("bia", BIA, "oi", None));
    assert_eq!(hits(&story), ["[10001 oi]"]);
    story.send("/limpar");
    assert_eq!(hits(&story), Vec::<String>::new());
    story.event(said("bia", BIA, "oi", None));
    assert_eq!(hits(&story), ["[10002 oi]"]);
}

#[test]
fn another_conversation_is_searched_for_the_same() {
    let mut story = looking_for("oi", &["oi"]);
    story.event(whispered("bia", BIA, "ana", "Oi e oi", None));
    assert_eq!(hits(&story), ["[0 oi]"]);
    story.update(Message::Show(with("bia")));
    assert_eq!(hits(&story), ["0 Oi", "[0 oi]"]);
    story.update(Message::Show(Place::Room));
    assert_eq!(hits(&story), ["[0 oi]"]);
}

#[test]
fn hits_have_a_limit() {
    let many = "a".repeat(100);
    let mut story = looking_for("a", &vec![many.as_str(); 150]);
    assert_eq!((find(&story).hits.len(), find(&story).is_more), (Find::MAX_HITS, true));
    assert_eq!(find(&story).hits[0].item, 50, "the newest");
    story.event(said("bia", BIA, "a", None));
    assert_eq!((find(&story).hits.len(), find(&story).hits[0].range.start), (Find::MAX_HITS, 1));
    assert_eq!(find(&story).summary(), "9999 de 10000+");
}

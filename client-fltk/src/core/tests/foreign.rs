//! Another server's identities: strings of any form, compared and sent back as they came.

use papo_common::json;

use super::*;

/// Ids of two members, a session and a log, none of which a server of ours would write.
fn foreign() -> [[String; 4]; 4] {
    let long = |c: &str| c.repeat(256 / c.len());
    [
        ["u1", "u2", "s1", "l1"].map(str::to_owned),
        [
            "0189f7e4-6c1b-7d3a-9c55-2f5b8f3e7a10",
            "0189f7e4-6c1b-7d3a-9c55-2f5b8f3e7a11",
            "7f000001-6C1B-7D3A-9C55-2F5B8F3E7A10",
            "{log}/π?",
        ]
        .map(str::to_owned),
        ["🦊", "🐻", "🔑 de 🦊", ""].map(str::to_owned),
        ["a", "b", "🔑", "ç"].map(long),
    ]
}

fn tell(story: &mut Story, line: &str) {
    story.report(json::parse_event(line).expect(line).into());
}

fn welcome_line(ids: &[String; 4], resumed: bool) -> String {
    let [ana, bia, session, log] = ids;
    let user = |name, id| format!(r#"{{"name":"{name}","id":"{id}","addr":"127.0.0.1:9"}}"#);
    let users = format!("{},{}", user("bia", bia), user("ana", ana));
    [
        format!(
            r#"{{"type":"welcome","name":"ana","id":"{ana}","addr":"127.0.0.1:9","session":"{session}","log":"{log}""#
        ),
        format!(r#""resumed":{resumed},"seq":0,"pseq":0,"gap":false,"users":[{users}],"history":[]"#),
        r#""limits":{"name":32,"text":4096,"lines":200}}"#.to_owned(),
    ]
    .join(",")
}

#[test]
fn a_chat_goes_on_whatever_identities_look_like() {
    for ids in foreign() {
        let [ana, bia, session, log] = &ids;
        let mut story = Story::new();
        story.enter("sala", "ana");
        story.report(Report::Connected);
        tell(&mut story, &welcome_line(&ids, false));
        story.send("oi");
        let message = |seq, from, id, text| {
            format!(r#"{{"type":"message","seq":{seq},"from":"{from}","id":"{id}","text":"{text}","at":{NOW}"#)
        };
        tell(&mut story, &(message(1, "ana", ana, "oi") + r#","ref":1}"#));
        tell(&mut story, &(message(2, "bia", bia, "olá") + r#","ref":1}"#));
        assert_eq!(story.lines(&ConversationId::Room), ["ana: oi", "bia: olá"], "{ids:?}");
        tell(&mut story, &format!(r#"{{"type":"left","name":"bia","id":"{bia}","at":{NOW}}}"#));
        assert_eq!(story.state().chat.roster.people.len(), 1, "{ids:?}");

        story.report(Report::Ended);
        story.tick(1);
        story.report(Report::Connected);
        let hello = story.requests().pop().expect("a hello");
        let mut line = Vec::new();
        json::encode_request(&hello, &mut line);
        let back =
            format!(r#"{{"type":"hello","name":"ana","version":1,"session":"{session}","log":"{log}","since":2}}"#);
        assert_eq!(String::from_utf8_lossy(&line).trim_end(), back);
        tell(&mut story, &welcome_line(&ids, true).replace(r#""seq":0"#, r#""seq":2"#));
        assert_eq!((story.phase(), story.state().chat.roster.people.len()), (&Phase::Talking, 2), "{ids:?}");
    }
}

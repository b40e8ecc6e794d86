//! The chat goes on under a dialog; a conversation finds its way to a file.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::*;
use crate::core::dialogs::{Dialog, PathAnswer, WriteProblem};

const FULL: WriteProblem = WriteProblem { kind: ErrorKind::StorageFull, code: Some(28) };
const EXISTS: WriteProblem = WriteProblem { kind: ErrorKind::AlreadyExists, code: None };

/// Stands in a message for the number of what was asked to be saved last.
const LAST: u64 = 0;

fn written(problem: Option<WriteProblem>) -> Message {
    Message::Written { number: LAST, path: PathBuf::from("/a"), problem }
}

/// The dialog shown, in a word, and the effects it asked for.
fn look(story: &mut Story) -> String {
    let dialog = match story.state().dialogs.shown() {
        None => "-".to_owned(),
        Some(Dialog::Help) => "help".to_owned(),
        Some(Dialog::Asking) => "asking".to_owned(),
        Some(Dialog::ChatEnded { can_save, .. }) => format!("over {can_save}"),
        Some(Dialog::SavePath { path, problem }) => format!("path {path} {}", problem.is_some()),
        Some(Dialog::Replace { path }) => format!("replace {}", path.display()),
    };
    let effects = story.effects().into_iter().filter_map(|effect| match effect {
        Effect::AskSavePath { .. } => Some(" ask".to_owned()),
        Effect::Write { path, replaces, .. } => Some(format!(" write {} {replaces}", path.display())),
        _ => None,
    });
    dialog + &effects.collect::<String>()
}

#[track_caller]
fn check(story: &mut Story, steps: &[(Message, &str)]) {
    story.effects.clear();
    for (message, expected) in steps {
        let mut message = message.clone();
        if let Message::PathAnswered { number, .. } | Message::Written { number, .. } = &mut message {
            *number = story.number();
        }
        story.update(message.clone());
        assert_eq!(look(story), *expected, "{message:?}");
    }
}

fn chosen() -> Message {
    Message::PathAnswered { number: LAST, answer: PathAnswer::Chosen(PathBuf::from("/a")) }
}

fn unavailable() -> Message {
    Message::PathAnswered { number: LAST, answer: PathAnswer::Unavailable(PathBuf::from("/p")) }
}

fn edited(path: &str) -> Message {
    Message::DialogEdited(path.to_owned())
}

#[test]
fn a_conversation_goes_where_the_desktop_asked() {
    let mut story = Story::talking();
    check(
        &mut story,
        &[
            (Message::SaveConversation, "asking ask"),
            // Keys that come before the answer change nothing; Esc goes back to the chat, and to ask again shows that it is
            // being asked already.
            (Message::DialogAccepted, "asking"),
            (edited("/q"), "asking"),
            (Message::Help, "asking"),
            (Message::DialogCancelled, "-"),
            (Message::SaveConversation, "asking"),
            (Message::PathAnswered { number: LAST, answer: PathAnswer::Cancelled }, "-"),
            (Message::SaveConversation, "asking ask"),
            (chosen(), "- write /a true"),
            (chosen(), "-"),
            (written(None), "-"),
        ],
    );
    assert_eq!(story.lines(&ConversationId::Room), ["(Conversa salva em /a.)"]);
}

#[test]
fn where_the_desktop_cannot_ask_the_window_does() {
    let mut story = Story::talking();
    check(
        &mut story,
        &[
            (Message::SaveConversation, "asking ask"),
            (unavailable(), "path /p false"),
            (edited("/q"), "path /q false"),
            (Message::DialogAccepted, "path /q false write /q false"),
            // Keys that come meanwhile change nothing.
            (Message::DialogAccepted, "path /q false"),
            (Message::DialogCancelled, "path /q false"),
            (edited("/r"), "path /q false"),
            (written(Some(EXISTS)), "replace /q"),
            (Message::DialogCancelled, "path /q false"),
            (Message::DialogAccepted, "path /q false write /q false"),
            (written(Some(EXISTS)), "replace /q"),
            (Message::DialogAccepted, "path /q false write /q true"),
            (written(Some(FULL)), "path /q true"),
            (edited("/s"), "path /s false"),
            (Message::DialogCancelled, "-"),
            (written(None), "-"),
        ],
    );
    assert_eq!(story.lines(&ConversationId::Room), [""; 0]);
}

#[test]
fn a_chat_that_is_over_is_left_when_it_is_saved_or_not_wanted() {
    for (steps, is_left) in [
        (&[(Message::DialogCancelled, "-")][..], true),
        (
            &[
                (Message::DialogAccepted, "asking ask"),
                (Message::DialogCancelled, "over true"),
                (Message::DialogCancelled, "-"),
                (chosen(), "-"),
            ],
            true,
        ),
        (
            &[
                (Message::DialogAccepted, "asking ask"),
                (Message::PathAnswered { number: LAST, answer: PathAnswer::Cancelled }, "over true"),
                (Message::DialogAccepted, "asking ask"),
                (chosen(), "over true write /a true"),
                (written(Some(FULL)), "path /a true"),
                (Message::DialogCancelled, "over true"),
            ],
            false,
        ),
        (&[(Message::DialogAccepted, "asking ask"), (chosen(), "over true write /a true"), (written(None), "-")], true),
    ] {
        let mut story = Story::talking();
        story.event(said("bia", BIA, "oi", None));
        story.event(Event::ServerClosed);
        assert_eq!(look(&mut story), "over true");
        check(&mut story, steps);
        assert_eq!(*story.phase() == Phase::Entering, is_left, "{steps:?}");
    }
    let mut story = Story::talking();
    story.event(Event::ServerClosed);
    check(&mut story, &[(Message::DialogAccepted, "-")]);
    assert_eq!(*story.phase(), Phase::Entering, "nothing was said that could be saved");
}

#[test]
fn the_chat_goes_on_under_a_dialog() {
    let mut story = Story::talking();
    story.update(Message::SaveConversation);
    story.update(Message::PathAnswered { number: 1, answer: PathAnswer::Unavailable(PathBuf::from("/p")) });
    story.update(Message::ViewingEnd(false));
    story.event(said("bia", BIA, "oi", None));
    assert_eq!(story.unread()[0], ("sala".to_owned(), 1));
    story.report(Report::Ended);
    story.effects.clear();
    story.tick(1);
    assert!(matches!(&story.effects[..], [Effect::Connect { .. }]), "it comes back by itself");
    assert_eq!(look(&mut story), "path /p false");
    story.report(Report::Connected);
    story.event(Event::refused(Refusal::NameInUse));
    assert_eq!(look(&mut story), "-", "the window is another one");
}

#[test]
fn what_is_saved_is_what_was_shown_when_it_was_asked_for() {
    let mut story = Story::talking();
    story.update(Message::Whisper(name("bia")));
    story.update(Message::SaveConversation);
    let what = Transcript::One(with("bia"));
    assert_eq!(story.effects().last(), Some(&Effect::AskSavePath { number: 1, what }));
    story.update(Message::Show(ConversationId::Room));
    story.update(Message::PathAnswered { number: 1, answer: PathAnswer::Chosen(PathBuf::from("/a")) });
    assert_eq!(story.effects().last(), Some(&Effect::Write { number: 1, path: "/a".into(), replaces: true }));
}

#[test]
fn the_answer_of_a_dialog_of_an_earlier_chat_is_not_taken_for_another() {
    let answer = |number, answer| Message::PathAnswered { number, answer };
    for stale in [PathAnswer::Cancelled, PathAnswer::Chosen("/old".into()), PathAnswer::Unavailable("/p".into())] {
        let mut story = Story::talking();
        story.update(Message::SaveConversation);
        story.report(Report::Ended);
        story.tick(1);
        story.report(Report::Connected);
        story.event(Event::refused(Refusal::NameInUse));
        story.enter("sala", "ana");
        story.report(Report::Connected);
        story.event(welcome(&[("ana", ANA), ("bia", BIA)]));
        story.update(Message::SaveConversation);
        story.effects.clear();
        story.update(answer(1, stale.clone()));
        assert_eq!(look(&mut story), "asking", "{stale:?}");
        story.update(Message::Written { number: 1, path: "/old".into(), problem: None });
        story.update(answer(2, PathAnswer::Chosen("/new".into())));
        assert_eq!(look(&mut story), "- write /new true", "{stale:?}");
    }
}

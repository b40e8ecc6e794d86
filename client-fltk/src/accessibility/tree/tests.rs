use papo_common::{Breaks, MemberId, Name, Text};

use super::*;
use crate::core::{ComposerError, Find, LocalNotice, Mode, NameProblem, PresenceChange};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn state() -> State {
    let person = |text: &str, port: u16| Person {
        name: name(text),
        id: MemberId::from_random(u128::from(port)),
        addr: ([10, 0, 0, 1], port).into(),
    };
    let mut state = State { phase: Phase::Talking, ..State::default() };
    state.people = vec![person("ana", 1), person("bia", 2)];
    state.me = state.people.first().cloned();
    let said = |text: &str, mentions_me| ChatMessage {
        from: name("bia"),
        mine: false,
        text: Text::clean(text, Breaks::Keep).unwrap(),
        private_to: None,
        meant_for: None,
        mentions_me,
        delivery: Delivery::Done,
        reference: None,
        seq: None,
    };
    let at = 1_700_000_000_000;
    for said in [said("oi, gente", false), said("tudo bem, Ana?", true)] {
        state.conversations[0].push(at, Content::Message(said));
    }
    let came = |person: &Person| PresenceChange { person: person.clone(), came: true, at };
    let passed = Content::Passed(state.people.iter().map(came).collect());
    state.conversations[0].push(at, passed);
    state
}

/// Every node once, as `role: label = value`, children indented.
fn shown(update: &TreeUpdate) -> Vec<String> {
    fn show(update: &TreeUpdate, id: NodeId, depth: usize, out: &mut Vec<String>) {
        let mut found = update.nodes.iter().filter(|(other, _)| *other == id);
        let (_, node) = found.next().expect("every child is there");
        assert!(found.next().is_none(), "{id:?} is there twice");
        let value = node.value().map(|value| format!(" = {value}")).unwrap_or_default();
        out.push(format!("{}{:?}: {}{value}", " ".repeat(depth), node.role(), node.label().unwrap_or_default()));
        node.children().iter().for_each(|&child| show(update, child, depth + 1, out));
    }
    let mut out = Vec::new();
    show(update, WINDOW, 0, &mut out);
    assert_eq!(out.len(), update.nodes.len(), "every node is somewhere in the tree");
    out
}

#[test]
fn the_talking_window_is_told_from_top_to_bottom() {
    let mut state = state();
    state.composer.text = "bom d".to_owned();
    state.composer.error = Some(ComposerError::NotConnected);
    let update = talking(&state, Focus::Field, true);
    let shown = shown(&update);
    let time = time(1_700_000_000_000);
    assert_eq!(
        shown,
        [
            "Window: Papo — ana (10.0.0.1:1)",
            " ListBox: Conversas",
            "  ListBoxOption: Sala",
            " Button: Procurar (Ctrl+F)",
            " Button: Salvar a conversa (Ctrl+S)",
            " Button: Silenciar os avisos",
            " Button: Tema escuro",
            " Log: Sala",
            &format!("  Paragraph: bia, {time}: oi, gente"),
            &format!("  Paragraph: bia, {time}: tudo bem, Ana? (menciona você)"),
            "  Paragraph: ana (10.0.0.1:1) entrou; bia (10.0.0.1:2) entrou",
            " Alert: Sem conexão. O texto fica guardado aqui.",
            " MultilineTextInput: Mensagem para a Sala = bom d",
            " Button: Enviar",
            " SearchInput: Filtrar pessoas",
            " ListBox: Pessoas, 2",
            "  ListBoxOption: ana, 10.0.0.1:1",
            "  ListBoxOption: bia, 10.0.0.1:2",
            " Button: Sair",
            " Status: conectado a  · 2 pessoas",
        ]
    );
    assert_eq!(update.focus, FIELD);
}

#[test]
fn whatever_can_be_pressed_means_something() {
    let waiting = Phase::Lost { attempt: 1, retry_in: Some(3) };
    for (phase, expected) in [(Phase::Talking, 10), (waiting, 11), (Phase::Lost { attempt: 1, retry_in: None }, 10)] {
        let state = State { phase, find: Some(Find::default()), ..state() };
        let update = talking(&state, Focus::Field, true);
        let can_be_pressed = |node: &Node| node.supports_action(accesskit::Action::Click);
        let buttons = update.nodes.iter().filter(|(_, node)| can_be_pressed(node));
        let means = |id: NodeId| pressed(&state, id.0).is_some();
        assert!(buttons.clone().all(|(id, _)| means(*id)));
        assert_eq!(buttons.filter(|(_, node)| node.role() == Role::Button).count(), expected - 1);
        // What belongs to the other window, or is gone, means nothing.
        assert!(
            [CANCEL, WINDOW, LOG, NodeId(FIRST_PERSON + 9), NodeId(FIRST_PLACE + 9)].into_iter().all(|id| !means(id))
        );
    }
    let state = State { phase: Phase::Connecting, ..state() };
    assert!(shown(&entering(&state, Focus::Name)).contains(&" Button: Cancelar".to_owned()));
    assert!(matches!(pressed(&state, CANCEL.0), Some(Message::CancelEntering)) && pressed(&state, LEAVE.0).is_none());
}

#[test]
fn the_people_and_conversations_are_opened() {
    let state = state();
    let bia = id_of_person(&state.people[1]);
    assert!(matches!(pressed(&state, bia.0), Some(Message::Whisper(who)) if who == name("bia")));
    assert!(matches!(pressed(&state, FIRST_PLACE), Some(Message::Show(ConversationId::Room))));
    // Whoever was told of her still means her when somebody before her has gone, and then nobody.
    let mut state = state;
    state.people.remove(0);
    assert!(matches!(pressed(&state, bia.0), Some(Message::Whisper(who)) if who == name("bia")));
    state.people.remove(0);
    assert!(pressed(&state, bia.0).is_none());
}

#[test]
fn a_conversation_that_moves_up_the_list_is_not_read_out_anew() {
    let mut state = state();
    let private = |who| Conversation::new(ConversationId::Direct(name(who)));
    state.conversations.extend([private("bia"), private("caio")]);
    state.place = ConversationId::Direct(name("caio"));
    for text in ["um", "dois"] {
        state.conversations[2].push(1, Content::LocalNotice(LocalNotice::Saved(text.to_owned())));
    }
    let ids = |state: &State| -> Vec<NodeId> {
        let update = talking(state, Focus::Field, true);
        let mut ids: Vec<NodeId> = update.nodes.into_iter().map(|(id, _)| id).collect();
        ids.sort();
        ids
    };
    let before = ids(&state);
    state.conversations.swap(1, 2);
    assert_eq!(ids(&state), before);
}

#[test]
fn the_entering_window_says_what_is_wrong() {
    let mut state = State::default();
    state.entering.name_error = Some(NameProblem::InUse);
    let update = entering(&state, Focus::Name);
    assert!(
        shown(&update)
            .contains(&" Alert: Esse nome já está em uso. Tente outro; se era você, espere um minuto.".to_owned())
    );
    assert_eq!(update.focus, NAME);
}

#[test]
fn the_focus_is_never_on_what_is_not_there() {
    let mut state = state();
    for find in [None, Some(Find::default())] {
        state.find = find;
        for focus in [
            Focus::Elsewhere,
            Focus::Server,
            Focus::Field,
            Focus::Send,
            Focus::Conversation,
            Focus::Conversations,
            Focus::People(None),
            Focus::People(Some(1)),
            Focus::People(Some(9)),
            Focus::Find,
            Focus::Leave,
        ] {
            for update in [talking(&state, focus, true), entering(&state, focus)] {
                assert!(update.nodes.iter().any(|(id, _)| *id == update.focus), "{focus:?}");
            }
        }
    }
}

#[test]
fn what_was_said_before_is_not_read_out() {
    let state = state();
    let live = |is_same_place| {
        let update = talking(&state, Focus::Field, is_same_place);
        update.nodes.iter().find(|(id, _)| *id == LOG).and_then(|(_, node)| node.live())
    };
    assert_eq!((live(true), live(false)), (Some(Live::Polite), Some(Live::Off)));
}

#[test]
fn a_private_mode_is_said_at_the_field() {
    let mut state = state();
    state.composer.mode = Mode::Private(name("bia"));
    assert!(
        shown(&talking(&state, Focus::Field, true)).contains(&" MultilineTextInput: Privado para bia = ".to_owned())
    );
}

#[test]
fn long_talks_are_told_from_the_end() {
    let mut state = state();
    for _ in 0..500 {
        state.conversations[0].push(1, Content::LocalNotice(LocalNotice::Discarded));
    }
    assert!(talking(&state, Focus::Field, true).nodes.len() < MAX_LINES + 20);
}

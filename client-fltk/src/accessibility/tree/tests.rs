use std::cell::RefCell;

use super::*;

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
fn parts_stand_in_the_order_in_which_they_are_told() {
    let (list, send) = (part_id(), part_id());
    let mut tree = Tree::default();
    tree.add_with(list, named(Role::ListBox, "Pessoas"), |tree| {
        for name in ["ana", "bia", "ana"] {
            tree.add(child_id(list, name), named(Role::ListBoxOption, name));
        }
    });
    tree.on_press(send, || {});
    tree.add(send, named(Role::Button, "Enviar"));
    tree.set_focus(child_id(list, "bia"));
    let (update, actions) = tree.finish("Papo", (400, 300), 1.5);
    assert_eq!(
        shown(&update),
        ["Window: Papo", " ListBox: Pessoas", "  ListBoxOption: ana", "  ListBoxOption: bia", " Button: Enviar"]
    );
    assert_eq!(update.focus, child_id(list, "bia"));
    let node = |id| update.nodes.iter().find(|(other, _)| *other == id).map(|(_, node)| node).unwrap();
    assert!(node(send).supports_action(Action::Click) && !node(list).supports_action(Action::Click));
    assert!(actions[&send].iter().any(|(action, _)| *action == Action::Click));
}

#[test]
fn the_focus_is_never_on_what_is_not_there() {
    let mut tree = Tree::default();
    let (there, gone) = (part_id(), part_id());
    tree.add(there, named(Role::Button, "Enviar"));
    assert!(tree.has(there) && !tree.has(gone));
    tree.set_focus(gone);
    assert_eq!(tree.finish("Papo", (400, 300), 1.0).0.focus, WINDOW);
}

#[test]
fn what_is_selected_by_a_screen_reader_is_told_in_bytes() {
    let (id, text) = (part_id(), "ação\nfim");
    let selected = Rc::new(RefCell::new(Vec::new()));
    let mut tree = Tree::default();
    let seen = Rc::clone(&selected);
    tree.add_text(id, named(Role::MultilineTextInput, "Mensagem"), text, (0, 0), move |mark, caret| {
        seen.borrow_mut().push((mark, caret));
    });
    let (_, actions) = tree.finish("Papo", (400, 300), 1.0);
    let (_, select) = actions[&id].iter().find(|(action, _)| *action == Action::SetTextSelection).unwrap();
    let at = |line: usize, character_index| TextPosition { node: child_id(id, line), character_index };
    for (anchor, focus) in [(at(0, 2), at(0, 4)), (at(1, 1), at(1, 1)), (at(1, 0), at(9, 0))] {
        select(Some(&ActionData::SetTextSelection(TextSelection { anchor, focus })));
    }
    select(None);
    assert_eq!(*selected.borrow(), [(3, 6), (8, 8), (7, text.len())]);
}

#[test]
fn a_text_is_told_by_lines_with_its_caret() {
    let long = format!("e{}", "\u{301}".repeat(200));
    for (text, byte, lines, place) in [
        ("", 0, vec![""], (0_usize, 0)),
        ("olá", 4, vec!["olá"], (0, 3)),
        ("olá", 3, vec!["olá"], (0, 2)),
        ("um\ndois", 2, vec!["um\n", "dois"], (0, 2)),
        ("um\ndois", 3, vec!["um\n", "dois"], (1, 0)),
        ("um\n", 3, vec!["um\n", ""], (1, 0)),
        ("👩‍💻!", "👩‍💻".len(), vec!["👩‍💻!"], (0, 1)),
        (&long, long.len(), vec![&long], (0, 201)),
    ] {
        let id = part_id();
        let mut tree = Tree::default();
        tree.add_text(id, named(Role::MultilineTextInput, "Mensagem"), text, (0, byte), |_, _| {});
        let (update, _) = tree.finish("Papo", (400, 300), 1.0);
        let runs: Vec<&Node> =
            update.nodes.iter().map(|(_, node)| node).filter(|node| node.role() == Role::TextRun).collect();
        assert_eq!(runs.iter().filter_map(|run| run.value()).collect::<Vec<_>>(), lines, "{text:?}");
        for run in runs {
            let bytes: usize = run.character_lengths().iter().map(|length| usize::from(*length)).sum();
            assert_eq!(Some(bytes), run.value().map(str::len), "{text:?}");
            let words: usize = run.word_lengths().iter().map(|length| usize::from(*length)).sum();
            assert_eq!(words, run.character_lengths().len(), "{text:?}");
        }
        let node = update.nodes.iter().find(|(other, _)| *other == id).map(|(_, node)| node).unwrap();
        let focus = node.text_selection().unwrap().focus;
        assert_eq!((focus.node, focus.character_index), (child_id(id, place.0), place.1), "{text:?} at {byte}");
        assert_eq!(position(id, text, super::byte(id, text, focus)), focus, "{text:?} at {byte}");
    }
}

//! Notes: about members who came and went, and of the program itself, such as one about a gap in the history.

use std::sync::Arc;

use crate::core::{ItemId, PresenceChange};
use crate::export::transcript::indented;
use crate::strings::window as strings;
use crate::view::kit::draw::{SMALL, Style};
use crate::view::kit::icon::Icon;
use crate::view::kit::theme::palette;
use crate::view::timeline::blocks::Block;
use crate::view::timeline::canvas::RowCanvas;
use crate::view::timeline::click_action::{ClickAction, Hotspot};
use crate::view::timeline::metrics::NEXT_GAP;
use crate::view::timeline::text_frame::TextFrame;

/// The number of changes from which a note is folded, and the number of them that it then names.
const FOLDED_FROM: usize = 4;
const NAMED_WHILE_FOLDED: usize = 2;

/// A note beside an icon.
#[derive(Debug)]
pub(super) struct Note {
    icon: Icon,
    /// The two texts between which a click switches; `None` for a short note.
    forms: Option<Forms>,
}

/// The two texts of a long note.
#[derive(Debug)]
struct Forms {
    folded: Arc<str>,
    unfolded: Arc<str>,
    is_unfolded: bool,
}

impl Note {
    /// A note of the program itself.
    pub(super) fn own() -> Note {
        Note { icon: Icon::Info, forms: None }
    }

    /// The note about `run`, and its text.
    pub(super) fn presence(run: &[PresenceChange], is_unfolded: bool) -> (Note, Arc<str>) {
        let (forms, text) = crowd(run, is_unfolded);
        (Note { icon: sign(run), forms }, text)
    }
}

impl Block for Note {
    fn style(&self) -> Style {
        SMALL
    }

    fn around_text(&self) -> (i32, i32) {
        (0, NEXT_GAP)
    }

    fn paint(&self, canvas: &RowCanvas<'_>) {
        canvas.paint_sign(self.icon);
        let is_pressable = canvas.is_hovered && self.forms.is_some();
        canvas.paint_text(if is_pressable { palette().text } else { palette().soft });
    }

    fn has_links(&self) -> bool {
        false
    }

    fn hotspots(&self, item: ItemId, frame: &TextFrame<'_>) -> Vec<Hotspot> {
        let spot = |_| Hotspot { item, target: ClickAction::Note(item), rects: frame.rects_of(&(0..frame.text.len())) };
        self.forms.iter().map(spot).collect()
    }

    fn entry(&self, time: &str, text: &str) -> Option<String> {
        Some(format!("[{time}] {}", indented(text)))
    }

    fn whole<'a>(&'a self, text: &'a str) -> &'a str {
        self.forms.as_ref().map_or(text, |forms| &forms.unfolded)
    }

    fn is_unfolded(&self) -> bool {
        self.forms.as_ref().is_some_and(|forms| forms.is_unfolded)
    }

    fn toggle(&mut self) -> Option<Arc<str>> {
        let forms = self.forms.as_mut()?;
        forms.is_unfolded = !forms.is_unfolded;
        Some(Arc::clone(if forms.is_unfolded { &forms.unfolded } else { &forms.folded }))
    }
}

fn sign(run: &[PresenceChange]) -> Icon {
    match (run.iter().any(|it| it.came), run.iter().any(|it| !it.came)) {
        (true, true) => Icon::People,
        (true, false) => Icon::Enter,
        _ => Icon::Exit,
    }
}

/// The text of the note about `run`, and its two forms if the run is long enough to be folded.
fn crowd(run: &[PresenceChange], is_unfolded: bool) -> (Option<Forms>, Arc<str>) {
    let unfolded: Arc<str> = changes(run).into();
    if run.len() < FOLDED_FROM {
        return (None, unfolded);
    }
    let (first, rest) = run.split_at(NAMED_WHILE_FOLDED);
    let folded: Arc<str> = if run.iter().all(|it| it.came == run[0].came) {
        let mut names = named(first);
        names.push(strings::and_more(rest.len()));
        sentence(run[0].came, &names)
    } else {
        strings::and_more_changes(&changes(first), rest.len())
    }
    .into();
    let text = Arc::clone(if is_unfolded { &unfolded } else { &folded });
    (Some(Forms { folded, unfolded, is_unfolded }), text)
}

/// `ana e bia entraram; ana saiu`.
fn changes(run: &[PresenceChange]) -> String {
    let parts = run.chunk_by(|one, next| one.came == next.came);
    let sentences: Vec<String> = parts.map(|part| sentence(part[0].came, &named(part))).collect();
    sentences.join("; ")
}

fn named(run: &[PresenceChange]) -> Vec<String> {
    run.iter().map(|it| strings::person(&it.person.name, it.person.addr)).collect()
}

fn sentence(came: bool, names: &[String]) -> String {
    let sentence = if came { strings::came } else { strings::went };
    sentence(&listed(names), names.len() > 1)
}

/// `a`, `a e b`, `a, b e c`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{}{}{last}", first.join(", "), strings::AND),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use papo_common::{MemberId, Name};

    use super::*;
    use crate::core::Person;

    fn change(n: u16, came: bool) -> PresenceChange {
        let person = Person {
            name: Name::parse(&format!("p{n}")).unwrap(),
            id: MemberId::from_random(u128::from(n)),
            addr: SocketAddr::from(([10, 0, 0, 1], n)),
        };
        PresenceChange { person, came, at: 0 }
    }

    #[track_caller]
    fn check(run: &[PresenceChange], is_unfolded: bool, expected: &str) {
        assert_eq!(&*crowd(run, is_unfolded).1, expected);
    }

    #[test]
    fn from_four_in_a_row_on_notes_are_folded() {
        let came = |count: u16| (1..=count).map(|n| change(n, true)).collect::<Vec<_>>();
        check(&came(1), false, "p1 (10.0.0.1:1) entrou");
        check(&came(3), false, "p1 (10.0.0.1:1), p2 (10.0.0.1:2) e p3 (10.0.0.1:3) entraram");
        check(&came(4), false, "p1 (10.0.0.1:1), p2 (10.0.0.1:2) e mais 2 entraram");
        check(&came(4), true, "p1 (10.0.0.1:1), p2 (10.0.0.1:2), p3 (10.0.0.1:3) e p4 (10.0.0.1:4) entraram");
    }

    #[test]
    fn who_comes_and_goes_over_and_over_takes_one_line() {
        let run: Vec<PresenceChange> =
            [true, true, false, true, false].iter().zip([1, 2, 1, 1, 1]).map(|(&c, n)| change(n, c)).collect();
        check(&run[..3], false, "p1 (10.0.0.1:1) e p2 (10.0.0.1:2) entraram; p1 (10.0.0.1:1) saiu");
        check(&run[1..], false, "p2 (10.0.0.1:2) entrou; p1 (10.0.0.1:1) saiu e mais 2 entradas e saídas");
        let whole = "p1 (10.0.0.1:1) e p2 (10.0.0.1:2) entraram; p1 (10.0.0.1:1) saiu; p1 (10.0.0.1:1) entrou; p1 (10.0.0.1:1) saiu";
        check(&run, true, whole);
        assert_eq!([&run[..2], &run[2..3], &run].map(sign), [Icon::Enter, Icon::Exit, Icon::People]);
    }
}

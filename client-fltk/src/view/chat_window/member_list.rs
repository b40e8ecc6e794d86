//! The right column: who is there.

use papo_common::MemberId;
use papo_common::fold::fold;

use crate::accessibility::tree::digest;
use crate::core::Person;
use crate::strings::accessibility as words;
use crate::strings::window as strings;
use crate::view::kit::list::{RowLook, Rows};
use crate::view::kit::panel::Content;
use crate::view::kit::theme::name_colour;
use crate::view::kit::{BODY, CHIP, HEADING, Rect, SMALL, avatar, draw, palette};

/// What the list of people shows.
#[derive(Default)]
pub(crate) struct People {
    all: Vec<Person>,
    /// Members that the filter lets through.
    shown: Vec<Person>,
    filter: String,
    chosen: Option<MemberId>,
    me: Option<Person>,
    /// Whether the connection stands.
    pub(crate) is_connected: bool,
    /// Whether it stands in the conversation's place: the line at the left is drawn by what is there.
    pub(crate) replaces_conversation: bool,
}

impl People {
    /// Takes those who are there; who was chosen stays so.
    pub(crate) fn set<'a>(&mut self, people: impl IntoIterator<Item = &'a Person>, me: Option<&Person>) {
        self.all = people.into_iter().cloned().collect();
        self.me = me.cloned();
        self.apply_filter();
    }

    /// Shows only those whose name or address contains this.
    pub(crate) fn set_filter(&mut self, filter: &str) {
        self.filter = fold(filter.trim());
        self.chosen = None;
        self.apply_filter();
    }

    fn apply_filter(&mut self) {
        self.shown = self.all.iter().filter(|person| passes(person, &self.filter)).cloned().collect();
    }

    /// The person of a row.
    pub(crate) fn person(&self, row: usize) -> Option<&Person> {
        self.shown.get(row)
    }

    /// Whom Enter in the filter means: the first of those let through, oneself aside. `None` while nothing is filtered.
    pub(crate) fn first_hit(&self) -> Option<&Person> {
        self.shown.iter().find(|person| !self.filter.is_empty() && !self.is_me(person))
    }

    /// Whether that is oneself.
    pub(crate) fn is_me(&self, person: &Person) -> bool {
        self.me.as_ref().is_some_and(|me| me.name == person.name)
    }
}

fn passes(person: &Person, filter: &str) -> bool {
    filter.is_empty() || fold(person.name.as_str()).contains(filter) || person.addr.to_string().contains(filter)
}

impl Rows for People {
    fn len(&self) -> usize {
        self.shown.len()
    }

    fn row_height(&self) -> i32 {
        52
    }

    fn chosen(&self) -> Option<usize> {
        self.shown.iter().position(|person| self.chosen == Some(person.id))
    }

    fn choose(&mut self, index: usize) {
        self.chosen = self.person(index).map(|person| person.id);
    }

    fn name(&self) -> String {
        words::people(self.shown.len())
    }

    fn label(&self, index: usize) -> String {
        self.person(index).map(|person| format!("{}, {}", person.name, person.addr)).unwrap_or_default()
    }

    fn key(&self, index: usize) -> u64 {
        digest(self.person(index).map(|person| &person.id))
    }

    fn paint_edge(&self, area: Rect) {
        if !self.replaces_conversation {
            paint_left_edge(area);
        }
    }

    fn paint(&self, index: usize, row: Rect, look: RowLook) {
        let Some(person) = self.person(index) else { return };
        let colours = palette();
        let card = Rect::new(row.x + 9, row.y + 1, row.w - 17, row.h - 2);
        let ground = look.paint_card(card, colours.raised);
        let name = person.name.as_str();
        let circle = Rect::new(row.x + 17, row.y + 10, 32, 32);
        avatar::person(name, circle);
        avatar::dot(circle, if self.is_connected { colours.ok } else { colours.edge }, ground);
        let x = row.x + 61;
        let mut right = card.right() - 8;
        if self.is_me(person) {
            right -= SMALL.width(strings::YOU) + 6;
        }
        let baseline = BODY.baseline(row.y + 7, 20);
        // Names keep their colour only where it has contrast.
        let colour = if ground == colours.side { name_colour(name) } else { colours.text };
        let end = draw::fitted(name, BODY, colour, x, baseline, right - x);
        if self.is_me(person) {
            draw::text(strings::YOU, SMALL, colours.soft, end + 6, baseline);
        }
        let address = person.addr.to_string();
        draw::fitted(&address, SMALL, colours.soft, x, SMALL.baseline(row.y + 25, 20), card.right() - 8 - x);
    }

    fn when_empty(&self) -> &'static str {
        if self.filter.is_empty() { "" } else { strings::NOBODY_FOUND }
    }
}

/// The head of the column: how many are there. `None` in the conversation's place, where only the filter stands in it.
#[derive(Clone, PartialEq)]
pub(crate) struct Head(pub(crate) Option<usize>);

impl Content for Head {
    fn paint(&self, rect: Rect) {
        let colours = palette();
        draw::fill(rect, colours.side);
        let Some(count) = self.0 else { return };
        paint_left_edge(rect);
        let end = draw::text(strings::PEOPLE, HEADING, colours.text, rect.x + 16, HEADING.baseline(rect.y, 56));
        let count = count.to_string();
        let chip = Rect::new(end + 8, rect.y + 18, (CHIP.width(&count) + 14).max(20), 20);
        draw::pill(chip, colours.raised);
        draw::centred(&count, CHIP, colours.soft, chip);
    }
}

/// The foot of the column, on which the button that leaves stands.
#[derive(Clone, PartialEq)]
pub(crate) struct Foot;

impl Content for Foot {
    fn paint(&self, rect: Rect) {
        draw::fill(rect, palette().side);
        paint_left_edge(rect);
    }
}

fn paint_left_edge(rect: Rect) {
    draw::fill(Rect { w: 1, ..rect }, palette().line);
}

#[cfg(test)]
mod tests {
    use papo_common::Name;

    use super::*;

    fn person(name: &str, port: u16) -> Person {
        Person {
            name: Name::parse(name).unwrap(),
            id: MemberId::from_random(u128::from(port)),
            addr: ([10, 0, 0, 1], port).into(),
        }
    }

    #[test]
    fn the_filter_looks_at_names_and_addresses() {
        let mut people = People::default();
        people.set(&[person("Ana", 4001), person("bia", 4002)], None);
        for (filter, expected) in [("", 2), ("AN", 1), (" bia ", 1), ("10.0", 2), (":4002", 1), ("x", 0)] {
            people.set_filter(filter);
            assert_eq!(people.len(), expected, "{filter}");
        }
    }

    #[test]
    fn enter_in_the_filter_means_the_first_hit() {
        let mut people = People::default();
        people.set(&[person("ana", 4001), person("bia", 4002), person("beto", 4003)], Some(&person("ana", 4001)));
        for (filter, expected) in
            [("", None), ("  ", None), ("b", Some("bia")), ("be", Some("beto")), ("a", Some("bia"))]
        {
            people.set_filter(filter);
            assert_eq!(people.first_hit().map(|person| person.name.as_str()), expected, "{filter}");
        }
        for nobody in ["ana", "x"] {
            people.set_filter(nobody);
            assert_eq!(people.first_hit(), None, "{nobody}");
        }
    }

    #[test]
    fn who_is_chosen_stays_so_when_others_go() {
        let mut people = People::default();
        people.set(&[person("ana", 1), person("bia", 2)], None);
        people.choose(1);
        people.set(&[person("bia", 2)], None);
        assert_eq!(people.chosen(), Some(0));
        people.set(&[], None);
        assert_eq!(people.chosen(), None);
    }
}

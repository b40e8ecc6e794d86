//! One item of a conversation, laid out.

use std::ops::Range;
use std::sync::Arc;

use papo_common::Name;

use crate::core::{ChatMessage, Content, Delivery, Item, ItemId, PresenceChange};
use crate::strings::{notices, window as strings};
use crate::text::line_breaks::wrap;
use crate::text::urls::links;
use crate::view::dates::Calendar;
use crate::view::kit::draw::{BODY, LINE, SMALL, Style};
use crate::view::kit::icon::Icon;
use crate::view::timeline::widths::Widths;

/// The widest text, in pixels: longer lines are hard to read.
const TEXT_WIDTH: i32 = 640;
/// The longest time between two messages under one head.
const GROUP_MS: u64 = 5 * 60 * 1000;
/// The most people of one note that are named while it is folded.
const FOLDED_FROM: usize = 4;
const NAMED_WHILE_FOLDED: usize = 2;

/// The room above a head, above what follows under it, below a note, and around the content of a card.
const HEAD_GAP: i32 = 8;
pub(super) const NEXT_GAP: i32 = 4;
pub(super) const CARD_PADDING: i32 = 8;
/// The height of a day separator and of the line above new messages.
pub(super) const DAY_HEIGHT: i32 = 44;
pub(super) const NEW_HEIGHT: i32 = 32;
/// The height of the line under what was said before one came.
pub(super) const ENTERED_HEIGHT: i32 = 36;

/// Where things stand across a conversation of a given width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The width of the whole.
    pub(super) width: i32,
    /// Without avatars.
    pub(super) is_narrow: bool,
}

impl Columns {
    /// Where avatars and cards' content begin.
    pub(super) fn avatar(self) -> i32 {
        if self.is_narrow { 12 } else { 16 }
    }

    /// Where text begins.
    pub(super) fn text(self) -> i32 {
        if self.is_narrow { 12 } else { 60 }
    }

    /// The widest text.
    pub(super) fn text_width(self) -> i32 {
        TEXT_WIDTH.min(self.width - self.text() - 20).max(40)
    }
}

/// An item with its place and lines.
#[derive(Debug)]
pub(super) struct Row {
    /// The item that is laid out.
    pub(super) item: ItemId,
    /// Where it begins, counted from the first item ever.
    pub(super) y: i64,
    /// Its height, all included.
    pub(super) height: i32,
    /// The head of a day above it.
    pub(super) day: Option<String>,
    /// Whether the line of the new messages is above it.
    pub(super) is_first_new: bool,
    /// What else is drawn of it.
    pub(super) body: Body,
    /// Its text.
    pub(super) text: Arc<str>,
    /// The lines of the text.
    pub(super) lines: Vec<Range<usize>>,
    /// The links in the text.
    pub(super) links: Vec<Range<usize>>,
    /// Where the first line begins, from `y`.
    pub(super) text_y: i32,
}

/// What of a row differs from kind to kind.
#[derive(Debug)]
pub(super) enum Body {
    /// What somebody said.
    Message(Message),
    /// What happened, beside a sign.
    Note {
        icon: Icon,
        time: String,
        /// Its two forms, between which a click changes.
        forms: Option<Forms>,
    },
    /// The operator's word.
    Notice { time: String },
    /// The line under what was said before one came.
    Entered,
}

/// The two forms of a long note.
#[derive(Debug)]
pub(super) struct Forms {
    folded: Arc<str>,
    unfolded: Arc<str>,
    pub(super) is_unfolded: bool,
}

/// The head of a message.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) from: Name,
    pub(super) time: String,
    /// Whether name and time stand above the text.
    pub(super) has_head: bool,
    /// What the chip of a private message says.
    pub(super) private: Option<String>,
    /// Whether it names the person at this window, to all.
    pub(super) is_mention: bool,
    pub(super) delivery: Delivery,
}

/// What is needed to lay out an item besides the item.
pub(super) struct Context<'a> {
    pub(super) columns: Columns,
    pub(super) calendar: &'a Calendar,
    pub(super) widths: &'a mut Widths,
    pub(super) is_first_new: bool,
    pub(super) is_unfolded: bool,
}

impl Row {
    /// Lays out `item`, which stands after `previous`, at y 0.
    pub(super) fn new(item: &Item, previous: Option<&Item>, context: &mut Context<'_>) -> Row {
        let day = context.calendar.day(item.at);
        let is_new_day = previous.is_none_or(|previous| context.calendar.day(previous.at) != day);
        let breaks_group = is_new_day || context.is_first_new;
        let has_head = breaks_group || !previous.is_some_and(|previous| belongs_under(previous, item));
        let (body, text) = content(item, has_head, context);
        let mut row = Row {
            item: item.id,
            y: 0,
            height: 0,
            day: is_new_day.then(|| context.calendar.heading(day)),
            is_first_new: context.is_first_new,
            links: if matches!(body, Body::Note { .. }) { Vec::new() } else { links(&text) },
            body,
            text,
            lines: Vec::new(),
            text_y: 0,
        };
        row.wrap(context.columns, context.widths);
        row
    }

    /// Breaks the text into lines for a new width.
    pub(super) fn wrap(&mut self, columns: Columns, widths: &mut Widths) {
        let style = self.body.style();
        self.lines = wrap(&self.text, columns.text_width() as f32, |part| widths.of(style, part));
        self.measure();
    }

    /// Shows the other form of a note that has two. False if it has not.
    pub(super) fn toggle(&mut self, columns: Columns, widths: &mut Widths) -> bool {
        let Body::Note { forms: Some(forms), .. } = &mut self.body else { return false };
        forms.is_unfolded = !forms.is_unfolded;
        self.text = Arc::clone(if forms.is_unfolded { &forms.unfolded } else { &forms.folded });
        self.wrap(columns, widths);
        true
    }

    /// Whether it is a long note shown in full.
    pub(super) fn is_unfolded(&self) -> bool {
        matches!(&self.body, Body::Note { forms: Some(Forms { is_unfolded: true, .. }), .. })
    }

    /// Whether it is a long note.
    pub(super) fn has_forms(&self) -> bool {
        matches!(&self.body, Body::Note { forms: Some(_), .. })
    }

    fn measure(&mut self) {
        let lines = LINE * self.lines.len() as i32;
        let top = self.content_y();
        let (text_y, below) = match &self.body {
            Body::Message(message) => {
                let failure = if matches!(message.delivery, Delivery::Failed(_)) { LINE } else { 0 };
                let padding = if message.private.is_some() { CARD_PADDING } else { 0 };
                let head = if message.has_head { LINE + padding } else { 0 };
                (top + head, failure + padding)
            }
            Body::Note { .. } => (top, NEXT_GAP),
            Body::Notice { .. } => (top + LINE, 0),
            Body::Entered => (top, ENTERED_HEIGHT - lines),
        };
        self.text_y = text_y;
        self.height = text_y + lines + below;
    }

    /// Where what is above it ends and its own begins, from `y`.
    pub(super) fn content_y(&self) -> i32 {
        self.separators() + self.gap()
    }

    fn gap(&self) -> i32 {
        match &self.body {
            Body::Message(message) if !message.has_head && message.private.is_some() => 0,
            Body::Message(message) if !message.has_head => NEXT_GAP,
            Body::Entered => 0,
            _ => HEAD_GAP,
        }
    }

    fn separators(&self) -> i32 {
        let day = if self.day.is_some() { DAY_HEIGHT } else { 0 };
        let new = if self.is_first_new { NEW_HEIGHT } else { 0 };
        day + new
    }

    /// That part of the text for the clipboard; all of it is never folded.
    pub(super) fn copied(&self, range: Range<usize>) -> Option<&str> {
        match &self.body {
            Body::Note { forms: Some(forms), .. } if range == (0..self.text.len()) => Some(&forms.unfolded),
            _ => self.text.get(range),
        }
    }
}

impl Body {
    /// How the text is written.
    pub(super) fn style(&self) -> Style {
        match self {
            Body::Note { .. } | Body::Entered => SMALL,
            Body::Message(_) | Body::Notice { .. } => BODY,
        }
    }
}

/// Whether `item` is said by the one who said `previous`, in the same tone, and about then: an older message has a head of its own under a newer one.
fn belongs_under(previous: &Item, item: &Item) -> bool {
    let (Content::Message(before), Content::Message(said)) = (&previous.content, &item.content) else { return false };
    before.from == said.from
        && before.mine == said.mine
        && before.private_to == said.private_to
        && item.at.abs_diff(previous.at) <= GROUP_MS
}

fn content(item: &Item, has_head: bool, context: &Context<'_>) -> (Body, Arc<str>) {
    let time = || context.calendar.time(item.at);
    let note = |icon, (forms, text)| (Body::Note { icon, time: time(), forms }, text);
    match &item.content {
        Content::Message(said) => {
            (Body::Message(message(item.at, said, has_head, context.calendar)), said.text.as_str().into())
        }
        Content::Passed(run) => note(sign(run), crowd(run, context.is_unfolded)),
        Content::Notice(text) => (Body::Notice { time: time() }, text.as_str().into()),
        Content::Entered => (Body::Entered, "".into()),
        Content::Gap(_) => note(Icon::Info, (None, notices::MISSED_MESSAGES.into())),
        Content::LocalNotice(notice) => note(Icon::Info, (None, notices::notice(notice).into())),
    }
}

fn message(at: u64, said: &ChatMessage, has_head: bool, calendar: &Calendar) -> Message {
    let private = said.private_to.as_ref();
    Message {
        from: said.from.clone(),
        time: calendar.time(at),
        has_head,
        private: private
            .map(|to| if said.mine { strings::private_to(to.as_str()) } else { strings::PRIVATE_TO_YOU.into() }),
        is_mention: said.mentions_me && private.is_none(),
        delivery: said.delivery.clone(),
    }
}

fn sign(run: &[PresenceChange]) -> Icon {
    match (run.iter().any(|it| it.came), run.iter().any(|it| !it.came)) {
        (true, true) => Icon::People,
        (true, false) => Icon::Enter,
        _ => Icon::Exit,
    }
}

/// What is said of people who came and went, and its two forms if they are many.
fn crowd(run: &[PresenceChange], is_unfolded: bool) -> (Option<Forms>, Arc<str>) {
    let unfolded: Arc<str> = passages(run).into();
    if run.len() < FOLDED_FROM {
        return (None, unfolded);
    }
    let (first, rest) = run.split_at(NAMED_WHILE_FOLDED);
    let folded: Arc<str> = if run.iter().all(|it| it.came == run[0].came) {
        let mut names = named(first);
        names.push(strings::and_more(rest.len()));
        sentence(run[0].came, &names)
    } else {
        strings::and_more_passages(&passages(first), rest.len())
    }
    .into();
    let text = Arc::clone(if is_unfolded { &unfolded } else { &folded });
    (Some(Forms { folded, unfolded, is_unfolded }), text)
}

/// `ana e bia entraram; ana saiu`.
fn passages(run: &[PresenceChange]) -> String {
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
mod tests;

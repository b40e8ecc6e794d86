//! A client of the classic dialect, with or without ends to its lines.

use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;

use papo_common::{CloseReason, Event, MemberId, classic};

use crate::classic_client::Line;
use crate::client::Context;
use crate::truth::{PRIVATE, PUBLIC, Place, Token, token_of};

/// The client's state.
#[derive(Debug)]
pub(crate) struct Classic {
    /// Whether it ends nothing with a newline.
    is_unterminated: bool,
    addr: Option<SocketAddr>,
    id: Option<MemberId>,
    name: String,
    is_in: bool,
    refusals: usize,
    place: Option<Place>,
    /// Lines of the last broadcast that it has yet to hear.
    due: VecDeque<String>,
    next: u64,
    /// Texts that it has said to all over this connection.
    said: Vec<Token>,
    /// Tokens of the private messages that it has heard.
    heard: BTreeSet<Token>,
    /// Bytes that it has yet to send.
    pub(crate) out: Vec<u8>,
}

impl Classic {
    /// A client that ends its lines or does not.
    pub(crate) fn new(is_unterminated: bool) -> Classic {
        Classic {
            is_unterminated,
            addr: None,
            id: None,
            name: String::new(),
            is_in: false,
            refusals: 0,
            place: None,
            due: VecDeque::new(),
            next: 0,
            said: Vec::new(),
            heard: BTreeSet::new(),
            out: Vec::new(),
        }
    }

    /// Whether it is in the room.
    pub(crate) fn is_in(&self) -> bool {
        self.is_in
    }

    /// How much of what is told it has heard over this connection.
    pub(crate) fn place(&self) -> Option<Place> {
        self.place.filter(|_| self.due.is_empty())
    }

    /// Texts that it has said to all over this connection.
    pub(crate) fn said(&self) -> &[Token] {
        &self.said
    }

    /// The name under which it is in the room.
    pub(crate) fn called(&self) -> Option<&str> {
        self.is_in.then_some(&self.name)
    }

    /// Begins on a new connection.
    pub(crate) fn connect(&mut self, name: &str, addr: SocketAddr) {
        self.disconnect();
        self.addr = Some(addr);
        self.name = format!("{name}{}", "x".repeat(self.refusals % 8));
        self.put(&self.name.clone());
    }

    /// The connection is gone.
    pub(crate) fn disconnect(&mut self) {
        self.is_in = false;
        self.place = None;
        self.due.clear();
        self.said.clear();
        self.out.clear();
    }

    /// Says `text` behind its token, to all or to the client `to` of that name.
    pub(crate) fn say(&mut self, text: &str, to: Option<(usize, u64, String)>, cx: &mut Context<'_>) {
        // A text that such a program sends before the last was read would be joined to that.
        if self.is_unterminated && self.said.last().is_some_and(|token| !cx.truth.is_taken(*token)) {
            return;
        }
        let to = to.filter(|_| !self.is_unterminated);
        self.next += 1;
        let (token, mark) = ((cx.client, self.next), if to.is_some() { PRIVATE } else { PUBLIC });
        let text = format!("{mark}{}.{} {}", token.0, token.1, text.replace(['\n', '\t'], " "));
        cx.truth.say(token, &text);
        if let Some((.., name)) = to {
            return self.put(&format!("@{name} {text}"));
        }
        self.put(&text);
        self.said.push(token);
    }

    /// Hears one line.
    pub(crate) fn hear(&mut self, line: &str, cx: &mut Context<'_>) -> Result<(), String> {
        match Line::parse(line) {
            Line::Ok if !self.is_in => self.enter(cx),
            Line::NameInUse if !self.is_in => {
                self.refusals += 1;
                self.name = format!("{}{}", cx.name, "x".repeat(self.refusals % 8));
                self.put(&self.name.clone());
                Ok(())
            }
            Line::ServerClosed => {
                // For a connection whose lines have no end this is always the last word.
                cx.told_the_end |= !self.is_unterminated;
                Ok(())
            }
            Line::Users(names, more) => self.check_list(&names, more, cx),
            Line::Private(from, text) => self.hear_private(from, text, cx),
            Line::Removed(_) => {
                cx.closed = Some(CloseReason::Kicked);
                Ok(())
            }
            Line::Other(_) if !self.is_expected(line, cx) => Ok(()),
            _ => self.hear_broadcast(line, cx),
        }
    }

    fn enter(&mut self, cx: &Context<'_>) -> Result<(), String> {
        self.is_in = true;
        let coming = self.addr.and_then(|addr| cx.truth.run(cx.run).coming_from(addr));
        match coming {
            Some((at, id)) => (self.place, self.id) = (Some(Place { run: cx.run, at }), Some(id)),
            None if cx.is_over() => {}
            None => return Err("was let in, and nobody was told".into()),
        }
        Ok(())
    }

    fn hear_broadcast(&mut self, line: &str, cx: &Context<'_>) -> Result<(), String> {
        if self.place.is_none() {
            return if cx.is_over() { Ok(()) } else { Err(format!("is not in, and was told {line}")) };
        }
        if !self.is_expected(line, cx) {
            // Nothing more is known of the end of a run.
            return if cx.is_over() { Ok(()) } else { Err(format!("was told {line} where {:?} was due", self.due)) };
        }
        self.due.pop_front();
        Ok(())
    }

    /// Whether it is the next line of what all are told.
    fn is_expected(&mut self, line: &str, cx: &Context<'_>) -> bool {
        self.go_on(cx);
        self.due.front().is_some_and(|due| due == line)
    }

    /// Goes on to the next broadcast that has lines for this client, when those of the last one were heard.
    fn go_on(&mut self, cx: &Context<'_>) {
        let Some(place) = &mut self.place else { return };
        while self.due.is_empty()
            && let Some(event) = cx.truth.run(place.run).told(place.at)
        {
            place.at += 1;
            let is_own = matches!(event, Event::Message(message) if Some(message.id) == self.id);
            if !is_own {
                let mut bytes = Vec::new();
                classic::encode(event, &mut bytes);
                self.due = String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect();
            }
        }
    }

    /// A list names those who are there where it stands.
    fn check_list(&mut self, names: &[&str], more: usize, cx: &Context<'_>) -> Result<(), String> {
        let Some(place) = self.place else { return Ok(()) };
        let roster = cx.truth.roster(place);
        let listed = roster.iter().skip(more).map(|user| user.name.as_str());
        if self.due.is_empty() && roster.len() == names.len() + more && listed.eq(names.iter().copied()) || cx.is_over()
        {
            return Ok(());
        }
        let users: Vec<&str> = roster.iter().map(|user| user.name.as_str()).collect();
        Err(format!("was told {names:?} and {more} where {users:?} were there, {:?} due", self.due))
    }

    fn hear_private(&mut self, from: &str, text: &str, cx: &Context<'_>) -> Result<(), String> {
        let Some(token) = token_of(text, PRIVATE) else { return Ok(()) };
        let said = cx.truth.text_of(token).map(|said| said.split('\n').next().unwrap_or_default());
        if said != Some(text) {
            return Err(format!("{from} never said {text} in private"));
        }
        if self.heard.insert(token) { Ok(()) } else { Err(format!("heard twice {text}")) }
    }

    fn put(&mut self, line: &str) {
        self.out.extend(line.bytes());
        if !self.is_unterminated {
            self.out.push(b'\n');
        }
    }
}

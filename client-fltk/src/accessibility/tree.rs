//! What a screen reader is told of the windows: a tree of what stands in them, made from the state alone.
//!
//! FLTK tells screen readers nothing, and `fltk-accesskit`, which speaks for FLTK's own widgets, knows nothing of what
//! is drawn by us: the conversation and both lists. So the tree is ours, and AccessKit carries it to the system.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use accesskit::{Action, Live, Node, NodeId, Role, Tree, TreeUpdate};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::core::message::Message;
use crate::core::{
    ChatMessage, Content, Conversation, ConversationId, Delivery, Item, Person, Phase, Severity, State, Theme,
};
use crate::strings::connecting::{address_error, name_problem};
use crate::strings::{accessibility as words, composer, notices, status, transcript, window as strings};

/// What has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// Something that is not told of.
    #[default]
    Elsewhere,
    /// The field of the server's address.
    Server,
    /// The field of the name.
    Name,
    /// The button that enters.
    Enter,
    /// The text field.
    Field,
    /// The button that sends.
    Send,
    /// The conversation.
    Conversation,
    /// The conversations, of which the one shown has it.
    Conversations,
    /// The people, and the one that is chosen.
    People(Option<usize>),
    /// The find bar's field.
    Find,
    /// The button that leaves.
    Leave,
}

/// How many of the newest lines of a conversation are told: more nobody listens to.
const MAX_LINES: usize = 100;

const WINDOW: NodeId = NodeId(1);
const SERVER: NodeId = NodeId(2);
const NAME: NodeId = NodeId(3);
const ENTER: NodeId = NodeId(4);
const ERROR: NodeId = NodeId(5);
const CONVERSATIONS: NodeId = NodeId(6);
const LOG: NodeId = NodeId(7);
const FIELD: NodeId = NodeId(8);
const SEND: NodeId = NodeId(9);
const PEOPLE: NodeId = NodeId(10);
const LEAVE: NodeId = NodeId(11);
const STATUS: NodeId = NodeId(12);
const FIND: NodeId = NodeId(13);
const CANCEL: NodeId = NodeId(14);
const OPEN_FIND: NodeId = NodeId(15);
const SAVE: NodeId = NodeId(16);
const SOUND: NodeId = NodeId(17);
const THEME: NodeId = NodeId(18);
const RETRY: NodeId = NodeId(19);
const FIND_PREVIOUS: NodeId = NodeId(20);
const FIND_NEXT: NodeId = NodeId(21);
const FIND_CLOSE: NodeId = NodeId(22);
const FILTER: NodeId = NodeId(23);

/// Where the numbers of what there are many of begin.
const FIRST_LINE: u64 = 1 << 50;
/// A member's id has 40 bits.
const FIRST_PERSON: u64 = 1 << 60;
const FIRST_PLACE: u64 = 1 << 61;

/// The whole tree of the entering window.
pub fn entering(state: &State, focus: Focus) -> TreeUpdate {
    let fields = &state.entering;
    let is_connecting = state.phase == Phase::Connecting;
    let mut nodes = Nodes::default();
    nodes.add(SERVER, field(Role::TextInput, strings::SERVER, &fields.server));
    nodes.add(NAME, field(Role::TextInput, strings::NAME, &fields.name));
    nodes.add(ENTER, labelled(Role::Button, if is_connecting { strings::CONNECTING } else { strings::ENTER }));
    if is_connecting {
        nodes.add(CANCEL, button(strings::CANCEL));
    }
    let errors = [fields.server_error.map(address_error), fields.name_error.map(name_problem)];
    if let Some(error) = errors.into_iter().flatten().next() {
        nodes.add(ERROR, spoken(Role::Alert, error, Live::Assertive));
    }
    let focused = match focus {
        Focus::Server => SERVER,
        Focus::Enter => ENTER,
        Focus::Name => NAME,
        _ => WINDOW,
    };
    nodes.into_tree(strings::PAPO, focused)
}

/// The whole tree of the talking window. Lines that were not in the last tree are read out if it `is_same_place`: else
/// they are not what is new, but what was said there before.
pub fn talking(state: &State, focus: Focus, is_same_place: bool) -> TreeUpdate {
    let mut nodes = Nodes::default();
    let shown = state.conversations.iter().position(|it| it.place == state.place).unwrap_or(0);
    nodes.add_list(CONVERSATIONS, labelled(Role::ListBox, strings::CONVERSATIONS), conversations(state, shown));
    nodes.add(OPEN_FIND, button(strings::FIND));
    nodes.add(SAVE, button(strings::SAVE));
    nodes.add(SOUND, button(if state.sound { strings::SOUND_OFF } else { strings::SOUND_ON }));
    nodes.add(THEME, button(if state.theme == Theme::Dark { strings::LIGHT } else { strings::DARK }));
    if matches!(state.phase, Phase::Lost { retry_in: Some(_), .. }) {
        nodes.add(RETRY, button(strings::RETRY));
    }
    if let Some(find) = &state.find {
        nodes.add(FIND, field(Role::SearchInput, strings::FIND_HINT, &find.query));
        nodes.add(FIND_PREVIOUS, button(strings::FIND_PREVIOUS));
        nodes.add(FIND_NEXT, button(strings::FIND_NEXT));
        nodes.add(FIND_CLOSE, button(strings::FIND_CLOSE));
    }
    if let Some(conversation) = state.conversations.get(shown) {
        let live = if is_same_place { Live::Polite } else { Live::Off };
        let log = spoken(Role::Log, place_name(&conversation.place), live);
        nodes.add_list(LOG, log, lines(conversation));
    }
    if let Some(error) = &state.composer.error {
        nodes.add(ERROR, spoken(Role::Alert, &composer::error(error), Live::Assertive));
    }
    nodes.add(FIELD, field(Role::MultilineTextInput, &words::field(&state.composer.mode), &state.composer.text));
    nodes.add(SEND, button(strings::SEND));
    nodes.add(FILTER, labelled(Role::SearchInput, strings::FILTER));
    nodes.add_list(PEOPLE, labelled(Role::ListBox, &words::people(state.people.len())), people(&state.people));
    nodes.add(LEAVE, button(strings::LEAVE));
    let is_well = state.severity() == Severity::Good;
    // While all is well it says how many are there; who comes and goes is told by the conversation.
    nodes.add(STATUS, spoken(Role::Status, &status::status(state), if is_well { Live::Off } else { Live::Polite }));
    let focused = match focus {
        Focus::Field => FIELD,
        Focus::Send => SEND,
        Focus::Conversation => LOG,
        Focus::Conversations => id_of_place(&state.place),
        Focus::People(chosen) => chosen.and_then(|index| state.people.get(index)).map_or(PEOPLE, id_of_person),
        Focus::Find if state.find.is_some() => FIND,
        Focus::Leave => LEAVE,
        _ => WINDOW,
    };
    nodes.into_tree(&status::title(state), focused)
}

/// What it means that a screen reader presses a part of the window; `None` where nothing is to be pressed any more.
pub fn pressed(state: &State, part: u64) -> Option<Message> {
    let part = NodeId(part);
    let is_there = |part| match part {
        CANCEL => state.phase == Phase::Connecting,
        _ => !matches!(state.phase, Phase::Entering | Phase::Connecting),
    };
    let message = match part {
        CANCEL => Message::CancelEntering,
        OPEN_FIND => Message::Find(true),
        SAVE => Message::SaveConversation,
        SOUND => Message::ToggleSound,
        THEME => Message::ToggleTheme,
        RETRY if matches!(state.phase, Phase::Lost { retry_in: Some(_), .. }) => Message::RetryNow,
        FIND_PREVIOUS => Message::FindPrevious,
        FIND_NEXT => Message::FindNext,
        FIND_CLOSE => Message::Find(false),
        SEND => Message::Send,
        LEAVE => Message::Leave,
        NodeId(FIRST_PLACE..) => {
            let mut places = state.conversations.iter().map(|it| &it.place);
            Message::Show(places.find(|place| id_of_place(place) == part)?.clone())
        }
        NodeId(FIRST_PERSON..) => {
            Message::Whisper(state.people.iter().find(|person| id_of_person(person) == part)?.name.clone())
        }
        _ => return None,
    };
    is_there(part).then_some(message)
}

fn conversations(state: &State, shown: usize) -> Vec<(NodeId, Node)> {
    let node = |(index, it): (usize, &Conversation)| {
        let mut node = labelled(Role::ListBoxOption, &words::conversation(place_name(&it.place), it.unread));
        node.set_selected(index == shown);
        node.add_action(Action::Click);
        (id_of_place(&it.place), node)
    };
    state.conversations.iter().enumerate().map(node).collect()
}

/// The same wherever it stands in the list: what moves there is nothing new.
fn id_of_place(place: &ConversationId) -> NodeId {
    NodeId(FIRST_PLACE + key(place) % FIRST_PLACE)
}

fn key(place: &ConversationId) -> u64 {
    let ConversationId::Direct(name) = place else { return 0 };
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

fn id_of_person(person: &Person) -> NodeId {
    NodeId(FIRST_PERSON + person.id.to_bits() as u64)
}

fn id_of_item(item: &Item) -> NodeId {
    NodeId(FIRST_LINE + item.id.number())
}

fn lines(conversation: &Conversation) -> Vec<(NodeId, Node)> {
    let newest = conversation.timeline.items().rev().take(MAX_LINES);
    let lines: Vec<_> = newest.map(|item| (id_of_item(item), labelled(Role::Paragraph, &line(item)))).collect();
    lines.into_iter().rev().collect()
}

/// One item as it is read out.
fn line(item: &Item) -> String {
    match &item.content {
        Content::Message(said) => words::said(said.from.as_str(), &time(item.at), &said.text, &mark(said)),
        Content::Passed(run) => run.iter().map(transcript::passed).collect::<Vec<_>>().join("; "),
        Content::Notice(text) => words::said(strings::NOTICE, &time(item.at), text, ""),
        Content::Entered => strings::BEFORE_ENTERING.to_owned(),
        Content::Gap(_) => notices::MISSED_MESSAGES.to_owned(),
        Content::LocalNotice(notice) => notices::notice(notice),
    }
}

fn mark(said: &ChatMessage) -> String {
    let kind = match said {
        ChatMessage { private_to: Some(_), .. } => words::PRIVATE,
        ChatMessage { mentions_me: true, .. } => words::MENTION,
        _ => "",
    };
    match &said.delivery {
        Delivery::Done => kind.to_owned(),
        Delivery::Kept => format!("{kind}{}", transcript::KEPT),
        Delivery::Pending(_) => format!("{kind}{}", transcript::PENDING),
        Delivery::Failed(failure) => format!("{kind}{}", transcript::failed(&notices::failure(failure))),
    }
}

fn time(at: u64) -> String {
    let zoned = Timestamp::from_millisecond(at as i64).unwrap_or_default().to_zoned(TimeZone::system());
    zoned.strftime("%H:%M").to_string()
}

fn people(people: &[Person]) -> Vec<(NodeId, Node)> {
    let label = |person: &Person| format!("{}, {}", person.name, person.addr);
    let node = |person: &Person| {
        let mut node = labelled(Role::ListBoxOption, &label(person));
        node.add_action(Action::Click);
        (id_of_person(person), node)
    };
    people.iter().map(node).collect()
}

fn place_name(place: &ConversationId) -> &str {
    match place {
        ConversationId::Room => strings::ROOM,
        ConversationId::Direct(name) => name.as_str(),
    }
}

fn labelled(role: Role, label: &str) -> Node {
    let mut node = Node::new(role);
    node.set_label(label);
    node
}

/// One that a screen reader can press.
fn button(label: &str) -> Node {
    let mut node = labelled(Role::Button, label);
    node.add_action(Action::Click);
    node
}

fn field(role: Role, label: &str, value: &str) -> Node {
    let mut node = labelled(role, label);
    node.set_value(value);
    node
}

/// Read out when it comes or changes.
fn spoken(role: Role, text: &str, live: Live) -> Node {
    let mut node = labelled(role, text);
    node.set_live(live);
    node
}

/// A tree of one window, from top to bottom.
#[derive(Default)]
struct Nodes {
    nodes: Vec<(NodeId, Node)>,
    children: Vec<NodeId>,
}

impl Nodes {
    fn add(&mut self, id: NodeId, node: Node) {
        self.children.push(id);
        self.nodes.push((id, node));
    }

    fn add_list(&mut self, id: NodeId, mut list: Node, items: Vec<(NodeId, Node)>) {
        list.set_children(items.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        self.add(id, list);
        self.nodes.extend(items);
    }

    fn into_tree(mut self, title: &str, focus: NodeId) -> TreeUpdate {
        let mut window = labelled(Role::Window, title);
        window.set_children(self.children);
        self.nodes.push((WINDOW, window));
        TreeUpdate { nodes: self.nodes, tree: Some(Tree::new(WINDOW)), focus }
    }
}

#[cfg(test)]
mod tests;

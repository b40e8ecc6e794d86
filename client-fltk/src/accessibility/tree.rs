//! The accessibility tree of a window. Each part of the window adds its own nodes, and with a node the actions that a
//! screen reader may request of it.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use accesskit::{Action, ActionData, Affine, Live, Node, NodeId, Rect, Role, TextPosition, TextSelection, TreeUpdate};
use unicode_segmentation::UnicodeSegmentation as _;

const WINDOW: NodeId = NodeId(1);

/// Ids of children have this bit, ids of parts do not.
const CHILD: u64 = 1 << 63;

/// The id of a part of a window, given once when the part is built.
pub fn part_id() -> NodeId {
    static NEXT: AtomicU64 = AtomicU64::new(WINDOW.0 + 1);
    NodeId(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The id of a child of `part`. It depends on `part` and `key` alone, so it stays the same when the child moves.
pub fn child_id(part: NodeId, key: impl Hash) -> NodeId {
    NodeId(digest((part, key)) | CHILD)
}

/// A hash of `value`, stable within one run of the program.
pub fn digest(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The actions that a screen reader may request of each node of a tree.
pub type Actions = HashMap<NodeId, Vec<(Action, Rc<dyn Fn(Option<&ActionData>)>)>>;

/// The tree of one window under construction: the window's parts add their nodes from top to bottom.
pub struct Tree {
    nodes: Vec<(NodeId, Node)>,
    ids: HashSet<NodeId>,
    /// The children added so far of each unfinished node, the window's first.
    open: Vec<Vec<NodeId>>,
    focus: NodeId,
    actions: Actions,
}

impl Default for Tree {
    /// The tree of a window without parts.
    fn default() -> Tree {
        let (ids, open) = (HashSet::from([WINDOW]), vec![Vec::new()]);
        Tree { nodes: Vec::new(), ids, open, focus: WINDOW, actions: Actions::new() }
    }
}

impl Tree {
    /// Adds a node; a second one of the same id is left out.
    pub fn add(&mut self, id: NodeId, node: Node) {
        self.add_with(id, node, |_| {});
    }

    /// Adds a node with the children that `tell` adds.
    pub fn add_with(&mut self, id: NodeId, mut node: Node, tell: impl FnOnce(&mut Tree)) {
        if !self.ids.insert(id) {
            return;
        }
        self.open.push(Vec::new());
        tell(self);
        node.set_children(self.open.pop().unwrap_or_default());
        self.actions.get(&id).into_iter().flatten().for_each(|(action, _)| node.add_action(*action));
        if let Some(siblings) = self.open.last_mut() {
            siblings.push(id);
        }
        self.nodes.push((id, node));
    }

    /// Adds a field whose text is `text`; `mark` and `caret`, in bytes, are the ends of what is selected in it. `select`
    /// gives them other places.
    pub fn add_text(
        &mut self,
        id: NodeId,
        mut node: Node,
        text: &str,
        (mark, caret): (usize, usize),
        select: impl Fn(usize, usize) + 'static,
    ) {
        node.set_value(text);
        let position = |byte| position(id, text, byte);
        node.set_text_selection(TextSelection { anchor: position(mark), focus: position(caret) });
        let said = text.to_owned();
        self.on(id, Action::SetTextSelection, move |data| {
            if let Some(ActionData::SetTextSelection(TextSelection { anchor, focus })) = data {
                select(byte(id, &said, *anchor), byte(id, &said, *focus));
            }
        });
        self.add_with(id, node, |tree| {
            for (index, line) in lines(text).enumerate() {
                let mut run = Node::new(Role::TextRun);
                run.set_value(line);
                run.set_character_lengths(characters(line).map(|length| length as u8).collect::<Vec<_>>());
                run.set_word_lengths(words(line));
                tree.add(child_id(id, index), run);
            }
        });
    }

    /// Whether that node was added.
    pub fn has(&self, id: NodeId) -> bool {
        self.ids.contains(&id)
    }

    /// Marks that node as having the keyboard focus.
    pub fn set_focus(&mut self, id: NodeId) {
        self.focus = id;
    }

    /// Sets what happens when a screen reader requests `action` of the node. Call it before adding the node.
    pub fn on(&mut self, id: NodeId, action: Action, run: impl Fn(Option<&ActionData>) + 'static) {
        self.actions.entry(id).or_default().push((action, Rc::new(run)));
    }

    /// Sets what happens when the node is pressed. Call it before adding the node.
    pub fn on_press(&mut self, id: NodeId, run: impl Fn() + 'static) {
        self.on(id, Action::Click, move |_| run());
    }

    /// Sets what gives the node the keyboard focus. Call it before adding the node.
    pub fn on_focus(&mut self, id: NodeId, run: impl Fn() + 'static) {
        self.on(id, Action::Focus, move |_| run());
    }

    /// Completes the tree of a window of `w` by `h` units, each of `scale` pixels. Returns it with the actions of its
    /// nodes.
    pub fn finish(mut self, title: &str, (w, h): (i32, i32), scale: f64) -> (TreeUpdate, Actions) {
        let mut window = named(Role::Window, title);
        window.set_bounds(Rect { x0: 0.0, y0: 0.0, x1: w.into(), y1: h.into() });
        window.set_children(self.open.pop().unwrap_or_default());
        window.set_transform(Affine::scale(scale));
        self.nodes.push((WINDOW, window));
        let focus = if self.has(self.focus) { self.focus } else { WINDOW };
        (TreeUpdate { nodes: self.nodes, tree: Some(accesskit::Tree::new(WINDOW)), focus }, self.actions)
    }
}

/// A node of that role and name.
pub fn named(role: Role, name: &str) -> Node {
    let mut node = Node::new(role);
    node.set_label(name);
    node
}

/// A node whose name is read out when it comes or changes.
pub fn spoken(role: Role, text: &str, live: Live) -> Node {
    let mut node = named(role, text);
    node.set_live(live);
    node
}

/// The lines of a text, each with its line break, the last one without: it may be empty.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let last = text.rfind('\n').map_or(0, |at| at + 1);
    let (ended, last) = text.split_at(last);
    ended.split_inclusive('\n').chain([last])
}

/// The lengths of the characters of a line in bytes. A cluster that is longer than AccessKit can say is told by its
/// code points.
fn characters(line: &str) -> impl Iterator<Item = usize> {
    line.graphemes(true).flat_map(|cluster| {
        let is_long = cluster.len() > usize::from(u8::MAX);
        let whole = (!is_long).then_some(cluster.len());
        whole.into_iter().chain(cluster.chars().filter(move |_| is_long).map(char::len_utf8))
    })
}

/// The lengths of the words of a line in characters, spaces with the word before them. Longer words than AccessKit can
/// say are told in parts.
fn words(line: &str) -> Vec<u8> {
    let most = usize::from(u8::MAX);
    let mut words: Vec<usize> = Vec::new();
    for word in line.split_word_bounds() {
        let count = characters(word).count();
        match words.last_mut() {
            Some(last) if word.trim().is_empty() => *last += count,
            _ => words.push(count),
        }
    }
    let parts = |word: usize| (0..word).step_by(most).map(move |at| most.min(word - at) as u8);
    words.into_iter().flat_map(parts).collect()
}

/// The position of byte `byte` of a text in AccessKit's terms: the node of its line, and the character within that
/// line.
fn position(id: NodeId, text: &str, byte: usize) -> TextPosition {
    let (mut start, mut place) = (0, (0, 0));
    for (index, line) in lines(text).enumerate() {
        if start <= byte {
            let ends = characters(line).scan(start, |end, length| {
                *end += length;
                Some(*end)
            });
            place = (index, ends.take_while(|end| *end <= byte).count());
        }
        start += line.len();
    }
    TextPosition { node: child_id(id, place.0), character_index: place.1 }
}

/// The byte of a text at a position in AccessKit's terms; its end, if no line of it has that node.
fn byte(id: NodeId, text: &str, position: TextPosition) -> usize {
    let mut start = 0;
    for (index, line) in lines(text).enumerate() {
        if child_id(id, index) == position.node {
            return start + characters(line).take(position.character_index).sum::<usize>();
        }
        start += line.len();
    }
    text.len()
}

#[cfg(test)]
mod tests;

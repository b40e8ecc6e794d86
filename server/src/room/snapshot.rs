//! The room's state as it outlives a run of the server: what a new run is given, and what a new file has to be told.

use papo_common::{LogId, Message, Notice};

use super::channel::Channel;
use super::directory::Directory;
use super::effects::Record;
use super::member::Member;
use super::session::OpenSession;

/// State that earlier runs have stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The numbering of messages, which goes on.
    pub log: LogId,
    /// The number of the last message, stored or not.
    pub seq: u64,
    /// The stamp of the last record, Unix ms.
    pub last_at: Option<u64>,
    /// The number of the last message before the lesson; 0 if none ever began.
    pub lesson_start: u64,
    /// The last messages of the lesson, oldest first.
    pub messages: Vec<Message>,
    /// Its last notices, oldest first, at most [`super::notices::MAX_NOTICES`].
    pub notices: Vec<Notice>,
    /// The numbers of the messages that were removed last, oldest first.
    pub removed: Vec<u64>,
    /// The sessions that were open at the end.
    pub sessions: Vec<OpenSession>,
}

/// The state of the present run, for a file that knows nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunState {
    /// The numbering of messages.
    pub log: LogId,
    /// The number of the last message.
    pub seq: u64,
    /// A [`Record::Joined`] for each member.
    pub members: Vec<Record>,
    /// A [`Record::SessionOpen`] for each session that can be resumed.
    pub sessions: Vec<Record>,
}

impl RunState {
    pub(super) fn new(directory: &Directory, channel: &Channel) -> RunState {
        let joined = |Member { name, id, addr, since, .. }: &Member| Record::Joined {
            name: name.clone(),
            id: *id,
            addr: *addr,
            at: *since,
            secret: None,
        };
        let session = |member: &Member| {
            let (name, id, ip, secret) = (member.name.clone(), member.id, member.addr.ip(), member.secret);
            member.is_resumable().then_some(Record::SessionOpen { name, id, ip, secret })
        };
        let members = &directory.members;
        RunState {
            log: channel.log,
            seq: channel.backlog.seq(),
            members: members.values().map(joined).collect(),
            sessions: members.values().filter_map(session).chain(directory.reservations.sessions()).collect(),
        }
    }
}

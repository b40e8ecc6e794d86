//! Joining: under a new name, or by resuming a session.

use std::net::SocketAddr;

use papo_common::{
    Dialect, Hello, Limits, MemberId, Name, Refusal, RunId, SafeInteger, SessionSecret, SessionToken, UserList, Welcome,
};

use super::catch_up::CatchUp;
use super::channel::Channel;
use super::directory::Directory;
use super::member::Member;
use super::session::SessionState;
use crate::blocks::Blocks;
use crate::keys::ConnectionKey;

/// A connection that wants to join the room.
#[derive(Debug)]
pub struct JoinRequest {
    /// Its connection.
    pub connection: ConnectionKey,
    /// The dialect it speaks.
    pub dialect: Dialect,
    /// Its address.
    pub addr: SocketAddr,
    /// Its public id unless it resumes a session, drawn at random.
    pub id: MemberId,
    /// Its secret unless it resumes a session, drawn at random.
    pub session: SessionSecret,
}

/// A request that is granted: the session that begins, or goes on.
pub(super) struct Admitted {
    pub(super) name: Name,
    pub(super) id: MemberId,
    pub(super) session: SessionSecret,
    pub(super) state: Option<Box<SessionState>>,
    pub(super) is_resumed: bool,
    /// The member whose place it takes: the session's old connection still stood, or seemed to.
    pub(super) replaced: Option<Member>,
}

/// Decides on a request. A session that goes on is taken out of the directory. The error says why it is refused.
pub(super) fn admit(
    request: &JoinRequest,
    hello: &Hello,
    directory: &mut Directory,
    blocks: &Blocks,
) -> Result<Admitted, Refusal> {
    if hello.version != Hello::VERSION {
        return Err(Refusal::Version);
    }
    let name = Name::parse(&hello.name).map_err(|_| Refusal::NameInvalid)?;
    if let Some(session) = hello.session.as_ref().and_then(SessionToken::id)
        && let Some(owner) = directory.session_owner(session)
    {
        // Spelled anew, it must not look like another name.
        let is_its_own = *owner == name && directory.like(&name).all(|other| other == owner);
        return if is_its_own { resume(name, session, hello, directory) } else { Err(Refusal::NameInUse) };
    }
    if blocks.refuses_name(request.addr.ip(), &name) {
        return Err(Refusal::Muted);
    }
    if directory.like(&name).next().is_some() {
        return Err(Refusal::NameInUse);
    }
    let (id, session) = (request.id, request.session);
    Ok(Admitted { name, id, session, state: None, is_resumed: false, replaced: None })
}

/// Takes a session out of where it is, so that it can go on elsewhere. `name` may be spelled anew.
fn resume(name: Name, session: SessionSecret, hello: &Hello, directory: &mut Directory) -> Result<Admitted, Refusal> {
    if let Some(mut reservation) = directory.reservations.remove(&name) {
        if let Some(state) = &mut reservation.state {
            state.continue_from(hello.private_since.map_or(0, SafeInteger::value));
        }
        let (id, state) = (reservation.id, reservation.state);
        return Ok(Admitted { name, id, session, state, is_resumed: true, replaced: None });
    }
    let key = directory.members.named(&name).ok_or(Refusal::NameInUse)?;
    let mut old = directory.members.remove(key).ok_or(Refusal::NameInUse)?;
    let (id, state) = (old.id, old.state.take());
    Ok(Admitted { name, id, session, state, is_resumed: true, replaced: Some(old) })
}

/// Content of a welcome beside the member itself.
pub(super) struct Greeting<'a> {
    pub(super) session: SessionSecret,
    pub(super) is_resumed: bool,
    pub(super) hello: &'a Hello,
    pub(super) run: RunId,
    pub(super) limits: Limits,
}

impl Greeting<'_> {
    /// The welcome of a member. Classic members are told who is there by a line of its own, and nothing that was said
    /// before.
    pub(super) fn welcome(self, member: &Member, users: UserList, channel: &Channel) -> Welcome {
        let Greeting { session, is_resumed, hello, run, limits } = self;
        let state = member.state.as_deref();
        let CatchUp { history, gap } =
            if member.is_resumable() { CatchUp::new(channel, hello, is_resumed, state) } else { CatchUp::default() };
        Welcome {
            name: member.name.clone(),
            id: member.id,
            addr: member.addr,
            session: session.into(),
            resumed: is_resumed,
            run: Some(run),
            log: channel.log.into(),
            seq: channel.backlog.seq(),
            pseq: state.map_or(0, SessionState::pseq),
            gap,
            users,
            history,
            // A client that names a log was here before, and may still show messages that were removed.
            removed: hello.log.as_ref().map(|_| channel.removed.to_vec()).unwrap_or_default(),
            limits,
        }
    }
}

//! Requests as tests ask them.

use papo_common::{Hello, Request, SafeInteger, Welcome};

pub fn say(reference: u64, text: impl Into<String>) -> Request {
    Request::Say { reference: SafeInteger::new(reference), text: text.into() }
}

pub fn private(reference: u64, to: &str, text: &str) -> Request {
    Request::Private { reference: SafeInteger::new(reference), to: to.into(), text: text.into() }
}

/// Messages older than `before`, at most `count`.
pub fn history(before: u64, count: u64) -> Request {
    Request::History {
        reference: None,
        before: SafeInteger::new(before).unwrap(),
        count: SafeInteger::new(count).unwrap(),
    }
}

/// Goes on with the session of `welcome`, from the public message `since` on.
pub fn back(welcome: &Welcome, since: u64) -> Hello {
    let (session, log) = (Some(welcome.session.clone()), Some(welcome.log.clone()));
    Hello { session, log, since: SafeInteger::new(since), ..Hello::new(welcome.name.as_str()) }
}

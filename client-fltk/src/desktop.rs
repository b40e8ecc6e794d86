//! What the desktop does for the window: notifications, the urgency hint, links, its own look.
//!
//! All of it goes over services that may be missing, slow or stuck for half a minute, so each has a thread of its
//! own and nothing waits for any of them. What cannot be done is left undone.

mod notification;
mod urgency;

use std::sync::mpsc::{self, SyncSender};
use std::thread;

pub use notification::Notice;

use crate::core::Theme;

/// The desktop as the window uses it.
#[derive(Debug)]
pub struct Desktop {
    notifications: Worker<Notice>,
    urgency: Worker<(u64, bool)>,
}

impl Desktop {
    /// No thread begins before it has something to do.
    pub fn new() -> Desktop {
        Desktop {
            notifications: Worker::new("notifications", notification::show_all),
            urgency: Worker::new("urgency", urgency::set_all),
        }
    }

    /// Shows a notification in place of the one before.
    pub fn notify(&mut self, notice: Notice) {
        self.notifications.hand(notice);
    }

    /// Sets or takes back the urgency hint of the window with that handle.
    pub fn urge(&mut self, window: u64, is_urgent: bool) {
        self.urgency.hand((window, is_urgent));
    }
}

impl Default for Desktop {
    fn default() -> Desktop {
        Desktop::new()
    }
}

/// Opens `link`, which has to be one by [`crate::text::urls::is_link`], and says `failed` if that is known to have failed.
pub fn open_link(link: String, failed: impl FnOnce(String) + Send + 'static) {
    let open = move || {
        if open::that_detached(&link).is_err() {
            failed(link);
        }
    };
    let _ = thread::Builder::new().name("link-opener".to_owned()).spawn(open);
}

/// Asks which look the desktop prefers, and says so if it prefers one.
pub fn ask_theme(tell: impl FnOnce(Theme) + Send + 'static) {
    let ask = || match dark_light::detect() {
        Ok(dark_light::Mode::Dark) => tell(Theme::Dark),
        Ok(dark_light::Mode::Light) => tell(Theme::Light),
        Ok(dark_light::Mode::Unspecified) | Err(_) => {}
    };
    let _ = thread::Builder::new().name("theme".to_owned()).spawn(ask);
}

/// Tasks waiting for one service; of more the newest are dropped, for nobody waits for the fifth notification.
const MAX_WAITING: usize = 4;

/// A thread that does one kind of task, one after the other.
#[derive(Debug)]
struct Worker<T> {
    name: &'static str,
    work: fn(mpsc::Receiver<T>),
    tasks: Option<SyncSender<T>>,
}

impl<T: Send + 'static> Worker<T> {
    fn new(name: &'static str, work: fn(mpsc::Receiver<T>)) -> Worker<T> {
        Worker { name, work, tasks: None }
    }

    fn hand(&mut self, task: T) {
        if self.tasks.is_none() {
            self.tasks = self.start();
        }
        if let Some(tasks) = &self.tasks {
            let _ = tasks.try_send(task);
        }
    }

    fn start(&self) -> Option<SyncSender<T>> {
        let (sender, tasks) = mpsc::sync_channel(MAX_WAITING);
        let work = self.work;
        thread::Builder::new().name(self.name.to_owned()).spawn(move || work(tasks)).ok().map(|_| sender)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_is_stuck_holds_up_nobody() {
        let (done, all_done) = mpsc::sync_channel(100);
        let (gate, nobody_receives) = mpsc::sync_channel::<()>(0);
        let mut worker = Worker::new("stuck", |tasks: mpsc::Receiver<(SyncSender<()>, SyncSender<()>)>| {
            for (gate, done) in tasks {
                // Stuck for as long as somebody could receive it.
                let _ = gate.send(());
                let _ = done.try_send(());
            }
        });
        // If any of them waited, this would never end: the gate opens only after all are handed over.
        (0..100).for_each(|_| worker.hand((gate.clone(), done.clone())));
        drop((nobody_receives, gate, worker, done));
        assert!((1..=MAX_WAITING + 1).contains(&all_done.iter().count()), "what is too much is dropped");
    }

    #[test]
    fn without_any_service_nothing_happens() {
        let mut desktop = Desktop::new();
        desktop.notify(Notice { title: "ana".to_owned(), body: "<b>oi</b>".to_owned() });
        desktop.urge(0, true);
    }
}

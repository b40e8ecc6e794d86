//! Work off the window's thread, which never waits for it.

use std::fmt;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Runs `work` once, on a thread with that name. Where the system has no thread left it is not run.
pub fn run(name: &str, work: impl FnOnce() + Send + 'static) -> Task {
    Task(thread::Builder::new().name(name.to_owned()).spawn(work).ok())
}

/// Runs `work` on a thread with that name and calls `tell` with its outcome there. Where the system has no thread left
/// `tell` is called at once, with the outcome of `otherwise`.
pub fn answer_later<T, Tell: FnOnce(T) + Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
    otherwise: impl FnOnce() -> T,
    tell: Tell,
) -> Task {
    // Handed over only once the thread is there: one that does not start drops what it was given.
    let (hand, handed) = mpsc::sync_channel::<Tell>(1);
    let task = run(name, move || {
        if let Ok(tell) = handed.recv() {
            tell(work());
        }
    });
    match &task {
        Task(Some(_)) => drop(hand.send(tell)),
        Task(None) => tell(otherwise()),
    }
    task
}

/// A running piece of work. Dropping it lets the work go on.
#[derive(Debug, Default)]
pub struct Task(Option<JoinHandle<()>>);

impl From<JoinHandle<()>> for Task {
    fn from(thread: JoinHandle<()>) -> Task {
        Task(Some(thread))
    }
}

impl Task {
    /// Whether the work is done.
    pub fn is_done(&self) -> bool {
        self.0.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until the work is done.
    pub fn wait(self) {
        if let Some(thread) = self.0 {
            let _ = thread.join();
        }
    }
}

/// A thread that handles values one after the other: of several that wait only the last, and that one always. It starts
/// with the first value; dropping the worker lets it handle the one that still waits.
pub struct Worker<T> {
    name: &'static str,
    waiting: Arc<Mutex<Option<T>>>,
    /// The handler, until the thread starts and takes it.
    handle: Option<Box<dyn FnMut(T) + Send>>,
    /// Wakes the thread when a value waits. The channel holds one wake-up, which is enough for all that comes
    /// meanwhile.
    wake: Option<SyncSender<()>>,
    task: Option<Task>,
}

impl<T: Send + 'static> Worker<T> {
    /// A worker that hands each value to `handle`.
    pub fn latest(name: &'static str, handle: impl FnMut(T) + Send + 'static) -> Worker<T> {
        let handle: Box<dyn FnMut(T) + Send> = Box::new(handle);
        Worker { name, waiting: Arc::default(), handle: Some(handle), wake: None, task: None }
    }

    /// Has `value` handled as soon as it can be done, in place of one that still waits.
    pub fn hand(&mut self, value: T) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        self.start();
        if let Some(wake) = &self.wake {
            let _ = wake.try_send(());
        }
    }

    /// Waits until the last value is handled; values handed over later are not.
    pub fn finish(&mut self) {
        self.wake = None;
        if let Some(task) = self.task.take() {
            task.wait();
        }
    }

    fn start(&mut self) {
        let Some(mut handle) = self.handle.take() else { return };
        let (wake, wakes) = mpsc::sync_channel(1);
        let waiting = Arc::clone(&self.waiting);
        self.wake = Some(wake);
        self.task = Some(run(self.name, move || {
            for () in wakes {
                while let Some(value) = take(&waiting) {
                    handle(value);
                }
            }
        }));
    }
}

/// Takes out the value that waits. A function of its own, so that the lock is not held while the value is handled.
fn take<T>(waiting: &Mutex<Option<T>>) -> Option<T> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl<T> fmt::Debug for Worker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_is_handled_however_slow_the_service_is() {
        let (begun, has_begun) = mpsc::channel();
        let (gate, opened) = mpsc::sync_channel::<()>(0);
        let (done, all_done) = mpsc::channel();
        let mut worker = Worker::latest("test", move |value| {
            if value == 0 {
                begun.send(()).expect("the test waits");
                // Stuck until the test drops the gate.
                let _ = opened.recv();
            }
            done.send(value).expect("the test waits");
        });
        worker.hand(0);
        has_begun.recv().expect("the worker begins");
        // If handing over waited, this would never end.
        (1..=100).for_each(|value| worker.hand(value));
        drop(gate);
        worker.finish();
        assert_eq!(all_done.try_iter().collect::<Vec<u32>>(), [0, 100]);
    }

    #[test]
    fn dropping_a_worker_does_not_lose_the_value_that_waits() {
        let (done, all_done) = mpsc::channel();
        let mut worker = Worker::latest("test", move |value| done.send(value).expect("the test waits"));
        (1..=4).for_each(|value| worker.hand(value));
        drop(worker);
        assert_eq!(all_done.iter().last(), Some(4));
    }

    #[test]
    fn a_task_is_done_when_it_was_waited_for() {
        let (done, is_done) = mpsc::channel();
        run("test", move || done.send(7).expect("the test waits")).wait();
        assert_eq!(is_done.try_recv(), Ok(7));
    }
}

//! Settings written on a thread of its own: a disk that is busy for seconds does not hold up the window.

use std::io;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::settings::{Settings, Store};

/// Saves settings in the background. Dropping it waits until the last of them are on the disk.
#[derive(Debug)]
pub struct Saver {
    /// What is to be written next: of several while the disk is busy only the last.
    next: Arc<Mutex<Option<Settings>>>,
    /// Says that something is. It holds one word, which is enough for whatever comes meanwhile.
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Saver {
    /// Saves to `store`; `failed` is told, on that thread, of each time that could not be done.
    pub fn new(mut store: Store, failed: impl Fn(&io::Error) + Send + 'static) -> Saver {
        let next = Arc::new(Mutex::new(None));
        let (wake, wakes) = mpsc::sync_channel(1);
        let work = {
            let next = Arc::clone(&next);
            move || {
                for () in wakes {
                    if let Some(Err(error)) = take(&next).map(|settings| store.save(&settings)) {
                        failed(&error);
                    }
                }
            }
        };
        let thread = thread::Builder::new().name("settings".to_owned()).spawn(work).ok();
        Saver { next, wake: Some(wake), thread }
    }

    /// Saves these as soon as it can be done.
    pub fn save(&self, settings: Settings) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(settings);
        if let Some(wake) = &self.wake {
            let _ = wake.try_send(());
        }
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn take(next: &Mutex<Option<Settings>>) -> Option<Settings> {
    next.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Settings {
        Settings { name: name.to_owned(), ..Settings::default() }
    }

    #[test]
    fn the_last_settings_are_on_the_disk_when_it_is_gone() {
        for count in [0, 1, 2, 50] {
            let folder = tempfile::tempdir().expect("a folder");
            let saver = Saver::new(Store::in_folder(folder.path()), |error| panic!("{error}"));
            (1..=count).for_each(|n| saver.save(named(&n.to_string())));
            drop(saver);
            let expected = if count == 0 { String::new() } else { count.to_string() };
            assert_eq!(Store::in_folder(folder.path()).load().name, expected);
        }
    }

    #[test]
    fn whoever_saves_does_not_wait_for_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        // Stuck for as long as somebody could receive that it failed.
        let (gate, failures) = mpsc::sync_channel::<String>(0);
        let saver = Saver::new(Store::in_folder(file), move |error| {
            let _ = gate.send(error.to_string());
        });
        // If any of them waited, this would never end.
        (0..100).for_each(|n| saver.save(named(&n.to_string())));
        assert!(!failures.recv().expect("a failure").is_empty());
        drop(failures);
    }
}

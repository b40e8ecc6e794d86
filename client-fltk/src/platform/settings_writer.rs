//! Preferences written on a thread of its own: a disk that is busy for seconds does not hold up the window.

use std::io;

use super::background::Worker;
use super::settings_store::Store;
use crate::core::preferences::Preferences;

/// Saves settings in the background. Dropping it waits until the last of them are on the disk.
#[derive(Debug)]
pub struct SettingsWriter(Worker<Preferences>);

impl SettingsWriter {
    /// Saves to `store`; `failed` is told, on that thread, of each time that could not be done.
    pub fn new(mut store: Store, failed: impl Fn(&io::Error) + Send + 'static) -> SettingsWriter {
        SettingsWriter(Worker::latest("settings", move |preferences| {
            if let Err(error) = store.save(&preferences) {
                failed(&error);
            }
        }))
    }

    /// Saves these as soon as it can be done.
    pub fn save(&mut self, preferences: Preferences) {
        self.0.hand(preferences);
    }
}

impl Drop for SettingsWriter {
    fn drop(&mut self) {
        self.0.finish();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn named(name: &str) -> Preferences {
        Preferences { name: name.to_owned(), ..Preferences::default() }
    }

    #[test]
    fn the_last_settings_are_on_the_disk_when_it_is_gone() {
        for count in [0, 1, 2, 50] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut writer = SettingsWriter::new(Store::in_folder(folder.path()), |error| panic!("{error}"));
            (1..=count).for_each(|n| writer.save(named(&n.to_string())));
            drop(writer);
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
        let mut writer = SettingsWriter::new(Store::in_folder(file), move |error| {
            let _ = gate.send(error.to_string());
        });
        // If any of them waited, this would never end.
        (0..100).for_each(|n| writer.save(named(&n.to_string())));
        assert!(!failures.recv().expect("a failure").is_empty());
        drop(failures);
    }
}

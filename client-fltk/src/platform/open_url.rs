//! Links, in the program that the desktop has for them.

use super::background;

/// Opens `link`, which [`crate::text::urls::is_link`] accepts, and calls `failed` with it if that is known to have failed.
pub fn open(link: String, failed: impl FnOnce(String) + Send + 'static) {
    background::run("open-url", move || {
        if open::that_detached(&link).is_err() {
            failed(link);
        }
    });
}

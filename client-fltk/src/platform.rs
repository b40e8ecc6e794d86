//! Services of the desktop: files, notifications, links, its look. Nothing outside of this module and of accessibility
//! asks which system the program runs on.
//!
//! The desktop's services may be missing, slow or stuck for half a minute, so none of them is called on the window's
//! thread. An action that the desktop cannot do is left undone.

pub mod background;
pub mod color_scheme;
pub mod display;
pub mod files;
pub mod fonts;
pub mod notifications;
pub mod open_url;
pub mod save_dialog;
pub mod settings_store;
pub mod urgency;

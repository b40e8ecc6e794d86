//! Words of the desktop notifications.

use crate::core::{Alert, Notification};

/// The action of a click on a notification, where the desktop shows it as a button.
pub const OPEN: &str = "Abrir";

/// The title of a notification.
pub fn title(notification: &Notification) -> String {
    match notification {
        Notification::One(Alert { from, is_private: true, .. }) => format!("{from} (privado)"),
        Notification::One(Alert { from, .. }) => format!("{from} mencionou você na Sala"),
        Notification::Several { count, .. } => format!("{count} mensagens para você"),
    }
}

/// Its text: of others, so nothing in it means anything to the desktop.
pub fn body(notification: &Notification) -> String {
    let line = |alert: &Alert| format!("{}: {}", alert.from, alert.text.lines().next().unwrap_or_default());
    match notification {
        Notification::One(alert) => alert.text.clone(),
        Notification::Several { newest, .. } => newest.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}

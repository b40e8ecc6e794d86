//! Where most tests begin: ana's window in the room, with bia on the wire.

use tempfile::TempDir;

use super::{Desktop, Member, Papo, Server, eventually};

/// The title of the entering window.
pub const ENTERING: &str = "Papo";

/// A screen, a server, and ana's window in the room with bia on the wire.
pub struct Stage {
    // Ends first: a window whose screen has gone complains.
    pub papo: Papo,
    pub window: String,
    pub bia: Member,
    pub server: Server,
    pub settings: TempDir,
    pub desktop: Desktop,
}

impl Stage {
    pub fn new() -> Stage {
        Stage::on(Desktop::new())
    }

    pub fn on(desktop: Desktop) -> Stage {
        Stage::with(desktop, &[])
    }

    /// The same with something more in the environment of the window.
    pub fn with(desktop: Desktop, environment: &[(&str, &str)]) -> Stage {
        let (server, settings) = (Server::start(), TempDir::new().unwrap());
        let mut bia = server.member("bia");
        let bias_addr = bia.addr();
        bia.expect(&format!("bia entrou no chat de {bias_addr}"));
        let addr = server.addr.to_string();
        let papo = desktop.open_with(settings.path(), &["--server", &addr, "--name", "ana"], environment);
        let window = desktop.window("Papo — ana");
        desktop.focus(&window);
        let joined = bia.line();
        assert_eq!(desktop.title(&window), format!("Papo — ana ({})", joined.rsplit(' ').next().unwrap()));
        Stage { papo, window, bia, server, settings, desktop }
    }

    /// Types a text and sends it.
    pub fn say(&self, text: &str) {
        self.desktop.write(text);
        self.desktop.keys(&["Return"]);
    }

    /// What stands in the field, which has the keys; never asked of an empty one.
    pub fn field(&self) -> String {
        let text = self.copied(&["ctrl+a", "ctrl+c"]);
        self.desktop.keys(&["ctrl+End"]);
        text
    }

    #[track_caller]
    pub fn expect_field(&self, text: &str) {
        let mut last = String::new();
        eventually(&format!("'{text}' in the field"), || {
            last = self.field();
            last == text
        });
    }

    /// All that stands in the conversation, as Ctrl+A and Ctrl+C give it; the keys go back to the field.
    pub fn conversation(&self) -> String {
        let (width, height) = self.desktop.size(&self.window);
        self.desktop.click(&self.window, (width - 216 - 40, height / 2), 1, 1);
        let text = self.copied(&["ctrl+a", "ctrl+c"]);
        self.click_field();
        text
    }

    #[track_caller]
    pub fn expect_conversation(&self, part: &str) {
        eventually(&format!("'{part}' in the conversation"), || self.conversation().contains(part));
    }

    fn copied(&self, keys: &[&str]) -> String {
        self.desktop.copy("-");
        let mut copied = String::new();
        // Where nothing stands yet, nothing is copied: the keys are pressed again.
        eventually("something is copied", || {
            self.desktop.keys(keys);
            copied = self.desktop.clipboard();
            copied != "-"
        });
        copied
    }

    pub fn click_field(&self) {
        let (_, height) = self.desktop.size(&self.window);
        self.desktop.click(&self.window, (400, height - 60), 1, 1);
    }

    /// The place of a person's row, counted from 0.
    pub fn person(&self, row: i32) -> (i32, i32) {
        let (width, _) = self.desktop.size(&self.window);
        (width - 120, 125 + 52 * row)
    }
}

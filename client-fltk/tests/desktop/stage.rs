//! Where most tests begin: ana's window in the room, with bia on the wire.

use tempfile::TempDir;

use super::screen_reader::SESSION;
use super::{Desktop, Member, Papo, Role, ScreenReader, Server, eventually};

/// The title of the entering window.
pub const ENTERING: &str = "Papo";

/// A screen, a server, and ana's window in the room with bia on the wire.
pub struct Stage {
    // Ends first: a window whose screen has gone complains.
    pub papo: Papo,
    pub window: String,
    /// By which its parts are found.
    pub reader: ScreenReader,
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
        let session = environment.iter().find(|(name, _)| *name == SESSION);
        let reader =
            session.map_or_else(|| ScreenReader::start(&desktop.display), |(_, address)| ScreenReader::on(address));
        let environment: Vec<_> = environment.iter().copied().chain(reader.environment()).collect();
        let (server, settings) = (Server::start(), TempDir::new().unwrap());
        let mut bia = server.member("bia");
        let bias_addr = bia.addr();
        bia.expect(&format!("bia entrou no chat de {bias_addr}"));
        let addr = server.addr.to_string();
        let papo = desktop.open_with(settings.path(), &["--server", &addr, "--name", "ana"], &environment);
        let window = desktop.window("Papo — ana");
        desktop.focus(&window);
        let joined = bia.line();
        assert_eq!(desktop.title(&window), format!("Papo — ana ({})", joined.rsplit(' ').next().unwrap()));
        Stage { papo, window, reader, bia, server, settings, desktop }
    }

    /// Types a text and sends it.
    pub fn say(&self, text: &str) {
        self.desktop.write(text);
        self.desktop.keys(&["Return"]);
    }

    /// Waits for the dialog of that title, which the window's title begins with.
    #[track_caller]
    pub fn expect_dialog(&self, title: &str) {
        let title = format!("{title} — ");
        eventually(&format!("the dialog '{title}'"), || self.desktop.title(&self.window).starts_with(&title));
    }

    #[track_caller]
    pub fn expect_no_dialog(&self) {
        eventually("no dialog", || !self.desktop.title(&self.window).contains(" — Papo"));
    }

    /// What stands in the field, which has the keys; never asked of an empty one.
    pub fn field(&self) -> String {
        let text = self.desktop.copied_by(&["ctrl+a", "ctrl+c"]);
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

    /// The whole conversation, as Ctrl+A and Ctrl+C give it; the keys go back to the field.
    pub fn conversation(&self) -> String {
        let text = self.desktop.conversation(&self.window, &self.reader);
        self.click_field();
        text
    }

    #[track_caller]
    pub fn expect_conversation(&self, part: &str) {
        eventually(&format!("'{part}' in the conversation"), || self.conversation().contains(part));
    }

    pub fn click_field(&self) {
        self.desktop.click_field(&self.window, &self.reader);
    }

    /// The row of somebody in the list of people.
    #[track_caller]
    pub fn person(&self, name: &str) -> (i32, i32) {
        self.reader.find(Role::ListItem, &format!("{name}, 127.0.0.1:…")).middle()
    }

    /// The field that filters the people.
    #[track_caller]
    pub fn filter(&self) -> (i32, i32) {
        self.reader.find(Role::Entry, "Filtrar pessoas").middle()
    }

    /// A button by its name, which for a lone icon is what it says of itself.
    #[track_caller]
    pub fn button(&self, name: &str) -> (i32, i32) {
        self.reader.find(Role::Button, name).middle()
    }
}

/// Actions in any window of the room; the stage has one.
impl Desktop {
    /// Puts the keys into the field.
    pub fn click_field(&self, window: &str, reader: &ScreenReader) {
        self.click(window, reader.field().middle(), 1, 1);
    }

    /// Puts the keys into the conversation.
    pub fn click_conversation(&self, window: &str, reader: &ScreenReader) {
        let (x, y, w, h) = reader.find(Role::Log, "…").place();
        self.click(window, (x + w - 40, y + h / 2), 1, 1);
    }

    /// The whole conversation, as Ctrl+A and Ctrl+C give it; the keys stay there.
    pub fn conversation(&self, window: &str, reader: &ScreenReader) -> String {
        self.click_conversation(window, reader);
        self.copied_by(&["ctrl+a", "ctrl+c"])
    }

    /// The text that these keys put into the clipboard. While nothing is copied, they are pressed again.
    pub fn copied_by(&self, keys: &[&str]) -> String {
        self.copy("-");
        let mut copied = String::new();
        eventually("something is copied", || {
            self.keys(keys);
            copied = self.clipboard();
            copied != "-"
        });
        copied
    }
}

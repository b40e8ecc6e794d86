//! A screen of its own for the real window: Xvfb, a window manager, keys, mouse, clipboard and pictures.

pub mod bus;
mod cable;
mod part;
mod portal;
mod screen_reader;
mod server;
mod stage;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub use self::cable::Cable;
pub use self::part::Part;
pub use self::portal::Portal;
pub use self::screen_reader::{Role, ScreenReader};
pub use self::server::{Member, Server, server_binary};
pub use self::stage::{ENTERING, Stage};

/// The timeout of every wait, for sockets too: nothing here takes nearly as long unless it has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The interval between two looks at the screen.
const GLANCE: Duration = Duration::from_millis(25);

/// A screen of 1280×900 with a window manager.
pub struct Desktop {
    xvfb: Child,
    manager: Child,
    pub display: String,
}

impl Desktop {
    pub fn new() -> Desktop {
        Desktop::of_size("1280x900x24")
    }

    pub fn of_size(size: &str) -> Desktop {
        Desktop::start(&[size], &[])
    }

    /// Screens of these sizes that are one desktop. Xvfb cannot put them side by side: each has the upper left corner of
    /// the first one.
    pub fn of_screens(sizes: &[&str]) -> Desktop {
        Desktop::start(sizes, &[])
    }

    /// A screen on which new windows open without the keyboard focus. The window manager's settings are written to
    /// `folder`.
    pub fn with_new_windows_behind(folder: &Path) -> Desktop {
        let settings = folder.join("rc.xml");
        let focus = "<focus><focusNew>no</focusNew></focus>";
        let text = format!("<openbox_config xmlns=\"http://openbox.org/3.4/rc\">{focus}</openbox_config>");
        std::fs::write(&settings, text).unwrap();
        Desktop::start(&["1280x900x24"], &["--config-file", settings.to_str().unwrap()])
    }

    fn start(sizes: &[&str], manager: &[&str]) -> Desktop {
        let (xvfb, display) = start_screens(sizes);
        let manager = Command::new("openbox")
            .args(manager)
            // openbox announces itself long before it manages windows, and a window opened in between stays unseen. Its
            // startup command sets a property once it is ready.
            .args(["--startup", "xprop -root -f PAPO_READY 8s -set PAPO_READY sim"])
            .env("DISPLAY", &display)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openbox is not installed: run scripts/setup test");
        let desktop = Desktop { xvfb, manager, display };
        eventually("the window manager is there", || {
            let ready = desktop.run("xprop", &["-root", "PAPO_READY"]);
            String::from_utf8_lossy(&ready.stdout).contains("sim")
        });
        desktop
    }

    /// Opens the client with a settings folder of its own.
    pub fn open(&self, settings: &Path, args: &[&str]) -> Papo {
        self.open_with(settings, args, &[])
    }

    /// Opens the client with more variables in its environment.
    pub fn open_with(&self, settings: &Path, args: &[&str], environment: &[(&str, &str)]) -> Papo {
        self.open_program(Path::new(env!("CARGO_BIN_EXE_papo")), settings, args, environment)
    }

    /// Opens the client that another build has made.
    pub fn open_program(&self, program: &Path, settings: &Path, args: &[&str], environment: &[(&str, &str)]) -> Papo {
        let child = Command::new(program)
            .args(args)
            .current_dir(settings)
            .env("DISPLAY", &self.display)
            .env("PAPO_CONFIG_DIR", settings)
            .env("HOME", settings)
            .env_remove("XDG_CONFIG_HOME")
            .env("TZ", "America/Sao_Paulo")
            .env("LC_ALL", "C.UTF-8")
            // Keeps tests away from the developer's own desktop and its notifications.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env_remove("WAYLAND_DISPLAY")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Papo { child }
    }

    /// The window of that title, or of that title before an address, once it is there.
    #[track_caller]
    pub fn window(&self, title: &str) -> String {
        let mut found = None;
        eventually(&format!("a window '{title}'"), || {
            found = self.search(title);
            found.is_some()
        });
        found.unwrap()
    }

    #[track_caller]
    pub fn expect_gone(&self, title: &str) {
        eventually(&format!("no window '{title}'"), || self.search(title).is_none());
    }

    /// Brings a window to the front and gives it the keyboard focus.
    pub fn focus(&self, window: &str) {
        eventually("the window has the keys", || {
            self.xdotool(&["windowactivate", window]);
            self.is_in_front(window)
        });
    }

    /// Whether that window has the keyboard focus.
    pub fn is_in_front(&self, window: &str) -> bool {
        self.xdotool(&["getactivewindow"]).trim() == window
    }

    pub fn title(&self, window: &str) -> String {
        self.xdotool(&["getwindowname", window]).trim().into()
    }

    pub fn keys(&self, keys: &[&str]) {
        let mut args = vec!["key", "--clearmodifiers", "--delay", "15"];
        args.extend(keys);
        self.xdotool(&args);
    }

    /// Presses keys without a pause between them, as they come to a program that was busy.
    pub fn keys_at_once(&self, keys: &[&str]) {
        let mut args = vec!["key", "--clearmodifiers", "--delay", "0"];
        args.extend(keys);
        self.xdotool(&args);
    }

    /// Sets the keyboard layout, by arguments of setxkbmap.
    pub fn set_keyboard(&self, layout: &[&str]) {
        assert!(self.run("setxkbmap", layout).status.success(), "no such keyboard");
    }

    /// Types a text, or pastes it if it is not ASCII: for a key that is missing xdotool changes the keyboard for a
    /// moment, which a busy program notices too late.
    pub fn write(&self, text: &str) {
        if text.is_ascii() {
            self.xdotool(&["type", "--clearmodifiers", "--delay", "15", text]);
        } else {
            self.copy(text);
            self.keys(&["ctrl+v"]);
        }
    }

    /// Clicks at a place in a window.
    pub fn click(&self, window: &str, (x, y): (i32, i32), button: u8, times: u8) {
        let (x, y, button, times) = (x.to_string(), y.to_string(), button.to_string(), times.to_string());
        self.xdotool(&["mousemove", "--window", window, &x, &y]);
        self.xdotool(&["click", "--repeat", &times, "--delay", "60", &button]);
    }

    /// Width and height of a window.
    pub fn size(&self, window: &str) -> (i32, i32) {
        let (_, _, w, h) = self.geometry(window);
        (w, h)
    }

    /// Drags from one place in a window to another.
    pub fn drag(&self, window: &str, from: (i32, i32), to: (i32, i32)) {
        self.point(window, from);
        self.xdotool(&["mousedown", "1"]);
        self.point(window, to);
        self.xdotool(&["mouseup", "1"]);
    }

    /// The position and size of a window, without its title bar: left, top, width, height.
    pub fn geometry(&self, window: &str) -> (i32, i32, i32, i32) {
        let shell = self.xdotool(&["getwindowgeometry", "--shell", window]);
        let value = |name: &str| {
            let line = shell.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.parse().unwrap()
        };
        (value("X="), value("Y="), value("WIDTH="), value("HEIGHT="))
    }

    /// Asks the window to close, as its close button does.
    pub fn close(&self, window: &str) {
        let closed = self.run("wmctrl", &["-i", "-c", &format!("{:#x}", window.parse::<u64>().unwrap())]);
        assert!(closed.status.success(), "wmctrl is not installed: run scripts/setup test");
    }

    pub fn clipboard(&self) -> String {
        String::from_utf8_lossy(&self.run("xclip", &["-o", "-selection", "clipboard"]).stdout).into_owned()
    }

    /// Puts a text into the clipboard.
    pub fn copy(&self, text: &str) {
        let mut child = Command::new("xclip")
            .args(["-i", "-selection", "clipboard"])
            .env("DISPLAY", &self.display)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait().unwrap();
    }

    /// Every pixel of a window, to be compared with a later look at it.
    pub fn look(&self, window: &str) -> Vec<u8> {
        self.run("import", &["-window", window, "-depth", "8", "rgb:-"]).stdout
    }

    /// Every pixel of a part of a window: left, top, width, height.
    pub fn look_at(&self, window: &str, (x, y, w, h): (i32, i32, i32, i32)) -> Vec<u8> {
        self.run("import", &["-window", window, "-crop", &format!("{w}x{h}+{x}+{y}"), "-depth", "8", "rgb:-"]).stdout
    }

    /// Whether the window asks for attention.
    pub fn is_urgent(&self, window: &str) -> bool {
        let hints = self.run("xprop", &["-id", window, "WM_HINTS"]);
        String::from_utf8_lossy(&hints.stdout).contains("urgency hint bit is set")
    }

    /// Gives a window another size.
    pub fn resize(&self, window: &str, (w, h): (i32, i32)) {
        self.xdotool(&["windowsize", window, &w.to_string(), &h.to_string()]);
    }

    /// Puts a window somewhere else.
    pub fn put(&self, window: &str, (x, y): (i32, i32)) {
        self.xdotool(&["windowmove", window, &x.to_string(), &y.to_string()]);
    }

    /// Rests the pointer on a place in a window.
    pub fn point(&self, window: &str, (x, y): (i32, i32)) {
        self.xdotool(&["mousemove", "--window", window, &x.to_string(), &y.to_string()]);
    }

    /// The number of pixels of a window that have the colour `RRGGBB`.
    pub fn pixels(&self, window: &str, colour: &str) -> usize {
        let wanted = u32::from_str_radix(colour, 16).unwrap().to_be_bytes();
        self.look(window).chunks(3).filter(|pixel| *pixel == &wanted[1..]).count()
    }

    /// Keeps a picture of the whole screen in the build folder, for people to look at.
    pub fn picture(&self, name: &str) {
        self.picture_of("root", name);
    }

    /// Keeps a picture of one window in the build folder.
    pub fn picture_of(&self, window: &str, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        assert!(self.run("import", &["-window", window, path.to_str().unwrap()]).status.success());
    }

    fn search(&self, title: &str) -> Option<String> {
        self.windows(title).into_iter().next()
    }

    /// All windows of that title. By the window manager's list: xdotool's own search does not know titles beyond ASCII
    /// everywhere.
    pub fn windows(&self, title: &str) -> Vec<String> {
        let listed = self.run("wmctrl", &["-l"]);
        let with_address = format!("{title} (");
        let window = |line: &str| {
            // Number, desktop, machine, title; the second is padded.
            let mut fields = line.splitn(5, ' ');
            let (window, shown) = (fields.next()?.strip_prefix("0x")?, fields.nth(3)?);
            let matches = shown == title || shown.contains(&with_address);
            matches.then(|| u32::from_str_radix(window, 16).ok()).flatten().map(|window| window.to_string())
        };
        String::from_utf8_lossy(&listed.stdout).lines().filter_map(window).collect()
    }

    pub fn xdotool(&self, args: &[&str]) -> String {
        String::from_utf8_lossy(&self.run("xdotool", args).stdout).into_owned()
    }

    fn run(&self, program: &str, args: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(args).env("DISPLAY", &self.display).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
        command.output().unwrap_or_else(|_| panic!("{program} is not installed: run scripts/setup test"))
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in [&mut self.manager, &mut self.xvfb] {
            // SIGTERM, not SIGKILL, so that Xvfb removes the lock of its display number.
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }
}

/// Starts Xvfb with a screen of each size under a display number that no other test takes. Xvfb's own search for a free number can give the same
/// to two that start at the same time, and then keys and windows go to the wrong screen.
fn start_screens(sizes: &[&str]) -> (Child, String) {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    loop {
        let started = STARTED.fetch_add(1, Ordering::Relaxed);
        assert!(started < 1_000, "Xvfb does not start");
        let display = format!(":{}", 100 + (std::process::id().wrapping_mul(64) + started) % 50_000);
        let mut xvfb = Command::new("Xvfb")
            // `-noreset`: otherwise Xvfb starts anew when its last client has gone, and a probe before the window
            // manager came is such a client.
            .args([&display, "-displayfd", "1", "-nolisten", "tcp", "-noreset"])
            .args(if sizes.len() > 1 { &["+xinerama"][..] } else { &[] })
            .args(
                sizes
                    .iter()
                    .enumerate()
                    .flat_map(|(number, size)| ["-screen".to_owned(), number.to_string(), (*size).to_owned()]),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is not installed: run scripts/setup test");
        let mut number = String::new();
        BufReader::new(xvfb.stdout.take().unwrap()).read_line(&mut number).unwrap();
        if display[1..] == *number.trim() {
            return (xvfb, display);
        }
        let _ = xvfb.wait();
    }
}

/// The client's process.
pub struct Papo {
    child: Child,
}

impl Papo {
    /// Stops the process as if it were busy, or lets it go on: input that comes meanwhile reaches it all at once.
    pub fn pause(&self, is_paused: bool) {
        let signal = if is_paused { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// The resident memory of the process, in KiB.
    pub fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Waits for the process to end by itself.
    #[track_caller]
    pub fn wait(mut self) -> ExitStatus {
        let mut status = None;
        eventually("papo ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Papo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `holds` returns true, and fails with `what` if that takes too long.
#[track_caller]
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "it never came to pass: {what}");
        std::thread::sleep(GLANCE);
    }
}

//! The real server, and members that speak with it over the wire.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::PATIENCE;

/// The real server.
pub struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    pub addr: SocketAddr,
}

impl Server {
    pub fn start() -> Server {
        Server::start_at("127.0.0.1:0")
    }

    pub fn start_at(listen: &str) -> Server {
        Server::start_with(&["--no-history", "--listen", listen])
    }

    /// One that keeps its history in `path`, and lets everyone talk as fast as they like.
    pub fn start_keeping(listen: &str, path: &Path) -> Server {
        Server::program_keeping(&server_binary(), listen, path)
    }

    /// The same by the server that another build has made.
    pub fn program_keeping(program: &Path, listen: &str, path: &Path) -> Server {
        let history = path.to_str().unwrap();
        Server::start_program(program, &["--rate-limit", "0", "--listen", listen, "--history", history])
    }

    fn start_with(args: &[&str]) -> Server {
        Server::start_program(&server_binary(), args)
    }

    fn start_program(program: &Path, args: &[&str]) -> Server {
        let mut child = Command::new(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let addr = lines.find_map(|line| line.unwrap().trim().parse().ok()).unwrap();
        Server { stdin: child.stdin.take(), child, addr }
    }

    pub fn command(&mut self, line: &str) {
        self.stdin.as_mut().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Stops it where it is, or lets it go on.
    pub fn pause(&self, is_paused: bool) {
        let signal = if is_paused { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A member that speaks the classic dialect.
    pub fn member(&self, name: &str) -> Member {
        let mut stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(format!("{name}\n").as_bytes()).unwrap();
        let mut member = Member(BufReader::new(stream));
        assert_eq!(member.line(), "OK");
        member
    }
}

impl Server {
    /// A member that speaks the native dialect: texts of several lines come whole.
    pub fn listener(&self, name: &str) -> Listener {
        let mut stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        writeln!(stream, r#"{{"type":"hello","name":"{name}","version":1}}"#).unwrap();
        let mut listener = Listener(BufReader::new(stream));
        assert_eq!(listener.event()["type"], "welcome");
        listener
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody on the wire.
pub struct Member(BufReader<TcpStream>);

impl Member {
    pub fn addr(&self) -> SocketAddr {
        self.0.get_ref().local_addr().unwrap()
    }

    pub fn say(&mut self, text: &str) {
        self.0.get_mut().write_all(format!("{text}\n").as_bytes()).unwrap();
    }

    /// The next line that is no list of users.
    pub fn line(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
            if !line.starts_with("Usuários ativos: ") {
                return line.trim_end_matches('\n').into();
            }
        }
    }

    #[track_caller]
    pub fn expect(&mut self, line: &str) {
        assert_eq!(self.line(), line);
    }

    /// Whatever is on its way has come: the server answers in order.
    pub fn rest(&mut self) -> Vec<String> {
        self.say("@");
        std::iter::from_fn(|| Some(self.line()).filter(|line| !line.starts_with("Formato inválido"))).collect()
    }

    /// Reads to the end of the stream.
    pub fn last_words(&mut self) -> String {
        let mut rest = String::new();
        self.0.read_to_string(&mut rest).unwrap();
        rest
    }
}

/// Somebody on the wire who hears each text as it was said.
pub struct Listener(BufReader<TcpStream>);

impl Listener {
    /// The next public or private text.
    pub fn text(&mut self) -> String {
        loop {
            let event = self.event();
            if event["type"] == "message" || event["type"] == "private" {
                return event["text"].as_str().unwrap().into();
            }
        }
    }

    #[track_caller]
    pub fn expect(&mut self, text: &str) {
        assert_eq!(self.text(), text);
    }

    fn event(&mut self) -> serde_json::Value {
        let mut line = String::new();
        assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
        serde_json::from_str(&line).unwrap()
    }
}

/// The server's binary beside the client's, built if a test of this package alone did not need it.
pub fn server_binary() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_papo")).with_file_name("papo-server");
    if !binary.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "-q", "-p", "papo-server"]).status().unwrap();
        assert!(built.success());
    }
    binary
}

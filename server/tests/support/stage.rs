//! A server and its clients on one thread, over real sockets: a test writes, turns the loop, reads.

use std::cell::RefCell;
use std::io::{ErrorKind, Read as _, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use papo_common::{Event, Hello, LineBuffer, Request, SafeInteger, Welcome, json};
use papo_server::clock::{Clock, ManualClock};
use papo_server::event_loop::{EventLoop, Turn};
use papo_server::operator::command::Command;
use papo_server::operator::console::Console;
use papo_server::operator::log::Log;
use papo_server::options::Options;

use super::requests::say;

/// How often the loop is turned for something that must come; each turn waits for as long as [`PATIENCE`].
const TURNS: usize = 200;
const PATIENCE: Duration = Duration::from_millis(20);

/// A server on a port of the system's choice, whose clock the test turns.
pub struct Stage {
    pub server: EventLoop,
    pub hand: ManualClock,
    pub console: Printed,
    pub journal: Printed,
    addr: SocketAddr,
}

/// What was printed.
#[derive(Clone, Default)]
pub struct Printed(Rc<RefCell<Vec<u8>>>);

impl Printed {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Stage {
    pub fn new() -> Stage {
        Stage::with(Options::default())
    }

    pub fn with(mut options: Options) -> Stage {
        options.listen = (Ipv4Addr::LOCALHOST, 0).into();
        Stage::at(&options)
    }

    /// A server whose history lies at `path`; 0 lets everyone talk as fast as they like.
    pub fn keeping(path: &Path, rate_limit: u32) -> Stage {
        let mut options = Options { rate_limit, ..Options::default() };
        options.history.path = Some(path.into());
        Stage::with(options)
    }

    /// A server where `options` say.
    pub fn at(options: &Options) -> Stage {
        let (clock, hand) = Clock::manual();
        let (console, journal) = (Printed::default(), Printed::default());
        let boxed = |printed: &Printed| Box::new(printed.clone());
        let server = EventLoop::bind(options, clock, Console::new(boxed(&console)), Log::new(boxed(&journal))).unwrap();
        let addr = server.local_addr().unwrap();
        Stage { server, hand, console, journal, addr }
    }

    pub fn turn(&mut self) -> Turn {
        self.server.turn(Some(PATIENCE)).unwrap()
    }

    /// Turns the loop until `holds`.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Stage) -> bool) {
        for _ in 0..TURNS {
            if holds(self) {
                return;
            }
            self.turn();
        }
        panic!("it never came to pass: {what}");
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    #[track_caller]
    pub fn connect(&mut self) -> Client {
        self.connect_to(self.addr)
    }

    /// A client whose address is another one of this machine's loopback network.
    #[track_caller]
    pub fn connect_from(&mut self, from: [u8; 4]) -> Client {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((from, 0)).into()).unwrap();
        socket.connect(&self.addr.into()).unwrap();
        self.turn();
        Client::new(socket.into())
    }

    #[track_caller]
    pub fn connect_to(&mut self, addr: SocketAddr) -> Client {
        let before = self.server.connections();
        let client = Client::new(TcpStream::connect(addr).unwrap());
        self.until("accepted", |stage| stage.server.connections() > before);
        client
    }

    /// A classic member that ends its lines, past its own entrance.
    #[track_caller]
    pub fn classic(&mut self, name: &str) -> Client {
        let mut client = self.connect();
        client.send(format!("{name}\n"));
        self.expect(&mut client, "OK");
        let addr = client.addr();
        self.expect(&mut client, &format!("{name} entrou no chat de {addr}"));
        self.until("the list", |_| client.line().is_some_and(|line| line.starts_with("Usuários ativos: ")));
        client
    }

    /// A native member, past its welcome.
    #[track_caller]
    pub fn native(&mut self, name: &str) -> (Client, Welcome) {
        self.enter(&Hello::new(name))
    }

    /// A native member that enters or comes back by `hello`, past its welcome.
    #[track_caller]
    pub fn enter(&mut self, hello: &Hello) -> (Client, Welcome) {
        let mut client = self.connect();
        client.ask(&Request::Hello(hello.clone()));
        match self.event(&mut client) {
            Event::Welcome(welcome) => (client, *welcome),
            other => panic!("{other:?}"),
        }
    }

    /// `client` says `text`; the number that the room gave it.
    #[track_caller]
    pub fn say(&mut self, client: &mut Client, reference: u64, text: &str) -> u64 {
        client.ask(&say(reference, text));
        loop {
            match self.event(client) {
                Event::Message(message) if message.reference == SafeInteger::new(reference) => return message.seq,
                _ => {}
            }
        }
    }

    /// Types `line` at the console, and turns once; what is printed then, without the prompt.
    #[track_caller]
    pub fn operate(&mut self, line: &str) -> String {
        let before = self.console.text().len();
        self.server.command(Command::parse(line).unwrap());
        self.turn();
        self.console.text()[before..].replace("\nDigite 'sair' para encerrar o servidor: ", "")
    }

    /// How many bytes the server has read so far, as it tells its operator.
    pub fn bytes_read(&mut self) -> u64 {
        self.server.command(Command::Status);
        let printed = self.console.text();
        let told = printed.rsplit("Bytes recebidos: ").next().unwrap();
        told.split(';').next().unwrap().parse().unwrap()
    }

    /// The next line that `client` is sent, whatever it is.
    #[track_caller]
    pub fn line(&mut self, client: &mut Client) -> String {
        let mut found = None;
        self.until("a line", |_| {
            found = client.line();
            found.is_some()
        });
        found.unwrap()
    }

    #[track_caller]
    pub fn expect(&mut self, client: &mut Client, line: &str) {
        assert_eq!(self.line(client), line);
    }

    #[track_caller]
    pub fn event(&mut self, client: &mut Client) -> Event {
        let line = self.line(client);
        json::parse_event(&line).unwrap_or_else(|_| panic!("{line}"))
    }

    /// Two turns bring `client` nothing.
    #[track_caller]
    pub fn expect_silence(&mut self, client: &mut Client) {
        self.turn();
        self.turn();
        assert_eq!(client.line(), None);
    }

    /// `client` is sent nothing more, and its stream ends.
    #[track_caller]
    pub fn expect_end(&mut self, client: &mut Client) {
        self.until("the end of the stream", |_| {
            assert_eq!(client.line(), None);
            client.has_ended
        });
    }

    /// Everybody has gone, and nothing of them is left.
    #[track_caller]
    pub fn expect_nothing_left(&mut self) {
        self.until("nothing left behind", |stage| {
            stage.hand.advance(PATIENCE);
            stage.server.is_idle()
        });
    }
}

/// The other end of a connection.
pub struct Client {
    pub stream: TcpStream,
    lines: LineBuffer,
    has_ended: bool,
}

impl Client {
    fn new(stream: TcpStream) -> Client {
        stream.set_nonblocking(true).unwrap();
        // Or the client's own kernel joins what it sends in quick succession.
        stream.set_nodelay(true).unwrap();
        Client { stream, lines: LineBuffer::new(1 << 24), has_ended: false }
    }

    pub fn addr(&self) -> SocketAddr {
        self.stream.local_addr().unwrap()
    }

    /// Writes, all of it: for what fits into the socket's buffers.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    pub fn ask(&mut self, request: &Request) {
        let mut line = Vec::new();
        json::encode_request(request, &mut line);
        self.send(line);
    }

    pub fn finish(&mut self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// Closes with a reset instead of an orderly end.
    pub fn reset(self) {
        socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }

    /// What has come so far, up to `most` bytes, by one read: as a program that takes a line by one `recv` sees it.
    pub fn recv(&mut self, most: usize) -> Option<String> {
        let mut bytes = vec![0; most];
        match self.stream.read(&mut bytes) {
            Ok(read) => Some(String::from_utf8(bytes[..read].to_vec()).unwrap()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => panic!("{error}"),
        }
    }

    fn line(&mut self) -> Option<String> {
        if let Some(line) = self.lines.next_line().unwrap() {
            return Some(String::from_utf8(line.to_vec()).unwrap());
        }
        let mut bytes = [0; 16 * 1024];
        match self.stream.read(&mut bytes) {
            Ok(0) => self.has_ended = true,
            Ok(read) => self.lines.push(&bytes[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
        self.lines.next_line().unwrap().map(|line| String::from_utf8(line.to_vec()).unwrap())
    }
}

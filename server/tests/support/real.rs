//! The real binary, and clients that wait for what they read.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use papo_common::{Event, Hello, Request, json};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, prlimit};

const PROMPT: &str = "Digite 'sair' para encerrar o servidor: ";
/// The timeout of every wait: on the slowest machine nothing takes as long unless it has failed.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A server in a process of its own, on a port of the system's choice.
pub struct Server {
    pub child: Child,
    stdout: BufReader<ChildStdout>,
    log: tempfile::NamedTempFile,
    pub addr: SocketAddr,
    /// What it printed behind its first address, with the first prompt.
    pub start: String,
}

impl Server {
    pub fn start() -> Server {
        Server::start_at("127.0.0.1:0", Stdio::piped())
    }

    pub fn with(options: &[&str]) -> Server {
        Server::run(binary().args(["--no-history", "--listen", "127.0.0.1:0"]).args(options), Stdio::piped())
    }

    pub fn start_at(listen: &str, stdin: Stdio) -> Server {
        Server::run(binary().args(["--no-history", "--listen", listen]), stdin)
    }

    /// With no more than so many descriptors to begin with.
    pub fn with_descriptors(most: usize, options: &[&str]) -> Server {
        let mut shell = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_papo-server");
        shell.args(["-c", &format!("ulimit -n {most} && exec \"$0\" \"$@\""), program, "--no-history"]);
        Server::run(shell.args(["--listen", "127.0.0.1:0"]).args(options), Stdio::piped())
    }

    /// Starts `command`, which becomes the server, and reads what it prints up to its prompt.
    pub fn run(command: &mut Command, stdin: Stdio) -> Server {
        let log = tempfile::NamedTempFile::new().unwrap();
        let stderr = log.reopen().unwrap();
        Server::noting(command, stdin, stderr.into(), log)
    }

    /// Whose log nobody reads.
    pub fn unread() -> Server {
        let mut command = binary();
        command.args(["--no-history", "--listen", "127.0.0.1:0"]);
        Server::noting(&mut command, Stdio::piped(), Stdio::piped(), tempfile::NamedTempFile::new().unwrap())
    }

    fn noting(command: &mut Command, stdin: Stdio, stderr: Stdio, log: tempfile::NamedTempFile) -> Server {
        let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = || {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            line
        };
        assert_eq!(line(), "Servidor está funcionando...\n");
        assert_eq!(line(), "Endereços para entrar:\n");
        // Behind it stands the interface, but for loopback.
        let addr = line().split_whitespace().next().unwrap().parse().unwrap();
        let mut server = Server { child, stdout, log, addr, start: String::new() };
        server.start = server.answer();
        server
    }

    /// What it prints up to its next prompt.
    pub fn answer(&mut self) -> String {
        let mut printed = Vec::new();
        while !printed.ends_with(PROMPT.as_bytes()) {
            assert_ne!(self.stdout.read_until(b' ', &mut printed).unwrap(), 0);
        }
        String::from_utf8(printed).unwrap()
    }

    pub fn type_in(&mut self, line: &str) {
        self.child.stdin.as_mut().unwrap().write_all(line.as_bytes()).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// The rest of what it prints, and how it ended.
    pub fn wait(mut self) -> (String, ExitStatus) {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (rest, self.child.wait().unwrap())
    }

    #[track_caller]
    pub fn expect_good_end(self) {
        let (rest, status) = self.wait();
        assert_eq!(rest, "Encerrando o servidor...\nServidor encerrado com sucesso.\n");
        assert!(status.success());
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap()
    }

    pub fn connect(&self) -> Client {
        Client::new(TcpStream::connect(self.addr).unwrap())
    }

    pub fn classic(&self, name: &str) -> Client {
        let mut client = self.connect();
        client.send(&format!("{name}\n"));
        client.expect("OK");
        client
    }

    pub fn native(&self, name: &str) -> Client {
        let mut client = self.connect();
        client.ask(&Request::Hello(Hello::new(name)));
        assert!(matches!(client.event(), Event::Welcome(_)));
        client
    }

    /// A program that ends nothing with a newline.
    pub fn python(&self, name: &str) -> Client {
        let mut client = self.connect();
        client.send(name);
        client.expect("OK");
        client
    }

    /// Processor time used so far, in the system's ticks of usually 10 ms.
    pub fn ticks(&self) -> u64 {
        let stat = self.stat();
        stat[11].parse::<u64>().unwrap() + stat[12].parse::<u64>().unwrap()
    }

    /// Waits until the server sleeps at a hundred looks in a row, which a loop that spins never does.
    #[track_caller]
    pub fn expect_asleep(&self) {
        let (start, mut asleep) = (Instant::now(), 0);
        while asleep < 100 {
            assert!(start.elapsed() < PATIENCE, "it spins");
            asleep = if self.stat()[0] == "S" { asleep + 1 } else { 0 };
        }
    }

    /// The memory that it holds, in bytes.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most memory that it has held, in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// How many descriptors it has open.
    pub fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// The highest number among them.
    pub fn highest_descriptor(&self) -> usize {
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap();
        open.map(|fd| fd.unwrap().file_name().to_str().unwrap().parse().unwrap()).max().unwrap()
    }

    /// From now on the system gives it a new descriptor only below that number.
    pub fn limit_descriptors(&self, most: usize) {
        let maximum = getrlimit(Resource::Nofile).maximum;
        prlimit(Some(self.pid()), Resource::Nofile, Rlimit { current: Some(most as u64), maximum }).unwrap();
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// The fields of the process's `stat` from its state on.
    fn stat(&self) -> Vec<String> {
        let stat = self.told_by_system("stat");
        stat.rsplit(')').next().unwrap().split_whitespace().map(String::from).collect()
    }

    fn status(&self, field: &str) -> u64 {
        let status = self.told_by_system("status");
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    fn told_by_system(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap()
    }
}

/// A command that is ended if it takes longer than [`PATIENCE`].
pub fn patiently(program: &str) -> Command {
    let mut command = Command::new("timeout");
    command.arg(PATIENCE.as_secs().to_string()).arg(program);
    command
}

fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_papo-server"))
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended by itself in every test that passes and ends it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The other end of a connection.
pub struct Client(pub BufReader<TcpStream>);

impl Client {
    pub fn new(stream: TcpStream) -> Client {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Client(BufReader::new(stream))
    }

    pub fn addr(&self) -> SocketAddr {
        self.0.get_ref().local_addr().unwrap()
    }

    pub fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    pub fn ask(&mut self, request: &Request) {
        self.try_ask(request).unwrap();
    }

    /// `None` where the connection has ended.
    pub fn try_ask(&mut self, request: &Request) -> Option<()> {
        let mut line = Vec::new();
        json::encode_request(request, &mut line);
        self.0.get_mut().write_all(&line).ok()
    }

    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end_matches('\n').into()
    }

    #[track_caller]
    pub fn expect(&mut self, line: &str) {
        assert_eq!(self.line(), line);
    }

    /// Reads until that line has come.
    #[track_caller]
    pub fn until(&mut self, line: &str) {
        loop {
            match self.line() {
                heard if heard == line => return,
                heard => assert_ne!(heard, "", "the stream ended before: {line}"),
            }
        }
    }

    pub fn event(&mut self) -> Event {
        self.try_event().unwrap()
    }

    /// `None` where the stream ends, also in the middle of a line.
    pub fn try_event(&mut self) -> Option<Event> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok()?;
        let line = line.strip_suffix('\n')?;
        Some(json::parse_event(line).unwrap_or_else(|_| panic!("{line}")))
    }

    /// Says its last, and what it is told to the end.
    pub fn rest_after(mut self, text: &str) -> String {
        self.send(text);
        self.0.get_ref().shutdown(std::net::Shutdown::Write).unwrap();
        self.rest()
    }

    /// Reads to the end, then closes.
    pub fn rest(mut self) -> String {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        String::from_utf8(rest).unwrap()
    }

    /// Whether the server has closed it, in good order or not; whatever it still said is thrown away.
    pub fn is_closed_by_server(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }

    /// Closes with a reset instead of an orderly end.
    pub fn reset(self) {
        socket2::SockRef::from(self.0.get_ref()).set_linger(Some(Duration::ZERO)).unwrap();
    }
}

//! Two machines and a switch between them, as network namespaces of the test's own: one can lose its power.

use std::fs::File;
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

const SERVER: &str = "10.99.0.1";
const OTHER: &str = "10.99.0.2";

/// They are gone when this is dropped.
pub struct Hosts {
    name: String,
}

impl Hosts {
    /// Needs root and `ip` (iproute2): without them it fails, because nothing else shows what is to be shown.
    pub fn new() -> Hosts {
        assert!(rustix::process::geteuid().is_root(), "only root can make network namespaces");
        let hosts = Hosts { name: format!("papo{}", std::process::id()) };
        for host in ["switch", "server", "other"] {
            ip(&format!("netns add {}", hosts.called(host)));
        }
        ip(&format!("-n {} link add bridge type bridge", hosts.called("switch")));
        ip(&format!("-n {} link set bridge up", hosts.called("switch")));
        hosts.plug("server", SERVER);
        hosts.plug("other", OTHER);
        hosts
    }

    /// The command that becomes a server on the first of the two.
    pub fn server(&self) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.called("server"), env!("CARGO_BIN_EXE_papo-server")]);
        command.args(["--no-history", "--listen", &format!("{SERVER}:0")]);
        command
    }

    /// A connection from the machine on which the server runs.
    pub fn connect_from_server(&self, addr: SocketAddr) -> TcpStream {
        self.connect("server", addr)
    }

    /// Gives the machine on which the server runs so many more addresses: 10.99.0.10 and so on.
    pub fn add_addresses(&self, count: u8) {
        for n in 0..count {
            ip(&format!("-n {} addr add 10.99.0.{}/24 dev cable", self.called("server"), 10 + n));
        }
    }

    /// A connection from one of those.
    pub fn connect_from_added(&self, number: u8, addr: SocketAddr) -> TcpStream {
        self.connect_as("server", Some([10, 99, 0, 10 + number]), addr)
    }

    /// From now on no more than `rate` of bits per second, such as `20mbit`, reach the other machine.
    pub fn slow_down(&self, rate: &str) {
        let port = self.called("switch");
        let shape = format!("netns exec {port} tc qdisc add dev other root tbf rate {rate} burst 32kb latency 400ms");
        ip(&shape);
    }

    /// A connection from the machine that will lose its power.
    pub fn connect_from_other(&self, addr: SocketAddr) -> TcpStream {
        self.connect("other", addr)
    }

    /// From now on the other machine is silent; the server's own cable stays plugged in.
    pub fn cut_power(&self) {
        ip(&format!("-n {} link set other down", self.called("switch")));
    }

    fn connect(&self, host: &str, addr: SocketAddr) -> TcpStream {
        self.connect_as(host, None, addr)
    }

    fn connect_as(&self, host: &str, from: Option<[u8; 4]>, addr: SocketAddr) -> TcpStream {
        let namespace = File::open(format!("/run/netns/{}", self.called(host))).unwrap();
        // The thread that moves there ends there.
        let thread = std::thread::spawn(move || {
            move_into_link_name_space(std::os::fd::AsFd::as_fd(&namespace), Some(LinkNameSpaceType::Network)).unwrap();
            let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
            if let Some(from) = from {
                socket.bind(&SocketAddr::from((from, 0)).into()).unwrap();
            }
            socket.connect(&addr.into()).unwrap();
            TcpStream::from(socket)
        });
        thread.join().unwrap()
    }

    /// A cable from that machine to the switch.
    fn plug(&self, host: &str, addr: &str) {
        let (machine, switch) = (self.called(host), self.called("switch"));
        ip(&format!("link add cable netns {machine} type veth peer name {host} netns {switch}"));
        ip(&format!("-n {switch} link set {host} master bridge up"));
        ip(&format!("-n {machine} addr add {addr}/24 dev cable"));
        ip(&format!("-n {machine} link set cable up"));
        ip(&format!("-n {machine} link set lo up"));
    }

    fn called(&self, host: &str) -> String {
        format!("{}-{host}", self.name)
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        for host in ["switch", "server", "other"] {
            let _ = Command::new("ip").args(["netns", "del", &self.called(host)]).output();
        }
    }
}

#[track_caller]
fn ip(arguments: &str) {
    let output = Command::new("ip").args(arguments.split(' ')).output().unwrap();
    assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

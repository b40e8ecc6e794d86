//! The servers that are compared, and how each is started with its limits raised.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::Process;
use crate::wire::Wire;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// papo-server, all readers classic.
    PapoClassic,
    /// papo-server, all readers native.
    PapoNative,
    /// papo-server, every other reader native.
    PapoHalf,
    /// papo-server that keeps history, all readers classic.
    PapoKeeping,
    /// The bare loop that stores what is said once per turn.
    BareShared,
    /// The same with lines as long as native ones.
    BareLong,
    /// The bare loop that stores what is said once per message, in blocks that all readers share.
    BareBlocks,
    /// The bare loop that copies it for every reader.
    BareCopy,
    /// The bare loop that writes every message by itself.
    BareEach,
    /// redis-server.
    Redis,
    /// nats-server.
    Nats,
    /// ngircd.
    Ngircd,
    /// inspircd.
    Inspircd,
    /// mosquitto.
    Mosquitto,
}

use Kind::{
    BareBlocks, BareCopy, BareEach, BareLong, BareShared, Inspircd, Mosquitto, Nats, Ngircd, PapoClassic, PapoHalf,
    PapoKeeping, PapoNative, Redis,
};

/// papo-server's columns.
pub(crate) const PAPO: [Kind; 3] = [PapoClassic, PapoNative, PapoHalf];
/// The bare loops.
pub(crate) const BARE: [Kind; 4] = [BareShared, BareBlocks, BareCopy, BareEach];
/// All programs of ours, in the table's order.
pub(crate) const OURS: [Kind; 9] =
    [PapoClassic, PapoNative, PapoHalf, PapoKeeping, BareShared, BareLong, BareBlocks, BareCopy, BareEach];
/// Other people's servers.
pub(crate) const PEERS: [Kind; 5] = [Redis, Nats, Ngircd, Inspircd, Mosquitto];

/// How papo-server is started; other servers are always started in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    /// Without a rate limit, and with history only where the column says so.
    Column,
    /// Without a rate limit and with history.
    Keeping,
    /// With all that is usual: a rate limit and history.
    Usual,
}

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Running {
    /// Its process.
    pub(crate) process: Process,
    /// Where it listens.
    pub(crate) addr: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Kind {
    /// As it heads the column.
    pub(crate) fn title(self) -> &'static str {
        match self {
            PapoClassic => "papo, classic readers",
            PapoNative => "papo, native readers",
            PapoHalf => "papo, half and half",
            PapoKeeping => "papo, classic readers, history kept",
            BareShared => "bare loop, one shared text per turn",
            BareLong => "bare loop, native-length lines",
            BareBlocks => "bare loop, shared blocks by writev",
            BareCopy => "bare loop, a copy per reader",
            BareEach => "bare loop, one write per message",
            Redis => "redis pub/sub",
            Nats => "NATS",
            Ngircd => "ngircd",
            Inspircd => "InspIRCd",
            Mosquitto => "mosquitto",
        }
    }

    /// What the client numbered `member` speaks to it.
    pub(crate) fn wire(self, member: usize) -> Wire {
        match self {
            PapoClassic | PapoKeeping => Wire::Classic,
            PapoNative => Wire::Native,
            PapoHalf => [Wire::Classic, Wire::Native][member % 2],
            BareShared | BareBlocks | BareCopy | BareEach => Wire::Bare,
            BareLong => Wire::Long,
            Redis => Wire::Redis,
            Nats => Wire::Nats,
            Ngircd | Inspircd => Wire::Irc,
            Mosquitto => Wire::Mqtt,
        }
    }

    /// The program of a peer.
    fn program(self) -> Option<&'static str> {
        match self {
            Redis => Some("redis-server"),
            Nats => Some("nats-server"),
            Ngircd => Some("ngircd"),
            Inspircd => Some("inspircd"),
            Mosquitto => Some("mosquitto"),
            _ => None,
        }
    }

    /// Whether it is papo-server.
    pub(crate) fn is_papo(self) -> bool {
        self == PapoKeeping || PAPO.contains(&self)
    }

    /// Whether it takes a minute to let so many members in or to serve them: that is done once, and not in a hurry.
    pub(crate) fn is_slow(self, members: usize) -> bool {
        matches!((self, members), (Ngircd, 1_000..) | (BareEach | Mosquitto, 10_000..))
    }

    /// Whether it can be started here.
    pub(crate) fn is_there(self) -> bool {
        self.program().is_none_or(|program| find(program).is_some())
    }

    /// Starts it on a free port.
    pub(crate) fn start(self, setup: Setup) -> Result<Running> {
        let (folder, addr) = (tempfile::tempdir()?, free_addr()?);
        let mut process = Process::start(&self.words(setup, addr, folder.path())?, folder.path())?;
        process.wait_for(addr, folder.path())?;
        Ok(Running { process, addr, _folder: folder })
    }

    /// How long it takes until it listens.
    pub(crate) fn start_time(self) -> Result<Duration> {
        let (folder, addr) = (tempfile::tempdir()?, free_addr()?);
        let words = self.words(Setup::Column, addr, folder.path())?;
        let start = Instant::now();
        Process::start_bare(&words, folder.path())?.wait_for(addr, folder.path())?;
        Ok(start.elapsed())
    }

    fn words(self, setup: Setup, addr: SocketAddr, folder: &Path) -> Result<Vec<String>> {
        let port = addr.port();
        let program = || find(self.program().unwrap_or_default()).unwrap_or_default();
        let config = || config(self, port, folder);
        let line = match self {
            PapoClassic | PapoNative | PapoHalf | PapoKeeping => {
                let is_keeping = setup != Setup::Column || self == PapoKeeping;
                let history = if is_keeping {
                    format!("--history {}", folder.join("papo.db").display())
                } else {
                    "--no-history".into()
                };
                let rate = if setup == Setup::Usual { "" } else { " --rate-limit 0" };
                format!("{} --listen {addr} {history}{rate}", env!("CARGO_BIN_EXE_papo-server"))
            }
            BareShared | BareLong => format!("{} bare shared {addr}", this()?),
            BareBlocks => format!("{} bare blocks {addr}", this()?),
            BareCopy => format!("{} bare copy {addr}", this()?),
            BareEach => format!("{} bare each {addr}", this()?),
            Redis => format!("{} {}", program(), config()?),
            Ngircd => format!("{} --nodaemon --config {}", program(), config()?),
            Inspircd => format!("{} --runasroot --nofork --nopid --config={}", program(), config()?),
            Nats | Mosquitto => format!("{} -c {}", program(), config()?),
        };
        Ok(line.split(' ').map(Into::into).collect())
    }
}

fn config(kind: Kind, port: u16, folder: &Path) -> Result<String> {
    let text = match kind {
        Redis => include_str!("peers/redis.conf"),
        Nats => include_str!("peers/nats.conf"),
        Ngircd => include_str!("peers/ngircd.conf"),
        Inspircd => include_str!("peers/inspircd.conf"),
        _ => include_str!("peers/mosquitto.conf"),
    };
    let user = if rustix::process::geteuid().is_root() { "root" } else { "" };
    let folder_name = folder.to_string_lossy();
    let text = text.replace("@PORT@", &port.to_string()).replace("@FOLDER@", &folder_name).replace("@USER@", user);
    let path = folder.join("config");
    std::fs::write(&path, text)?;
    Ok(path.to_string_lossy().into_owned())
}

fn this() -> Result<String> {
    Ok(std::env::current_exe()?.to_string_lossy().into_owned())
}

/// Daemons stand in folders that are not in everybody's path.
fn find(program: &str) -> Option<String> {
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/usr/local/sbin";
    let found = std::env::split_paths(&path).map(|folder: PathBuf| folder.join(program)).find(|path| path.is_file())?;
    Some(found.to_string_lossy().into_owned())
}

fn free_addr() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

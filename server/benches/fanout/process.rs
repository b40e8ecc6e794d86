//! A server as a process: started on its core, measured from outside, ended with its handle.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// The core that servers run on; the load has the other.
pub(crate) const SERVER_CORE: usize = 0;
/// The core of the load.
pub(crate) const LOAD_CORE: usize = 1;

const START_LIMIT: Duration = Duration::from_secs(10);

/// A child that ends with its handle, and with this process however that ends.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts `words` on the servers' core; what it prints goes to files in `folder`.
    pub(crate) fn start(words: &[String], folder: &Path) -> Result<Process> {
        Process::spawn(&["taskset", "-c", &SERVER_CORE.to_string()], words, folder)
    }

    /// Starts `words` with nothing in between that would take time.
    pub(crate) fn start_bare(words: &[String], folder: &Path) -> Result<Process> {
        Process::run(Command::new(words.first().context("no program")?).args(&words[1..]), folder)
    }

    /// Keeps the servers' core awake at the lowest priority there is.
    pub(crate) fn spin(folder: &Path) -> Result<Process> {
        let this = std::env::current_exe()?.to_string_lossy().into_owned();
        let core = SERVER_CORE.to_string();
        Process::spawn(&["taskset", "-c", &core, "chrt", "-i", "0"], &[this, "spin".into()], folder)
    }

    fn spawn(before: &[&str], words: &[String], folder: &Path) -> Result<Process> {
        Process::run(Command::new("setpriv").args(["--pdeathsig", "KILL"]).args(before).args(words), folder)
            .context("setpriv, taskset and chrt (util-linux) are needed")
    }

    fn run(command: &mut Command, folder: &Path) -> Result<Process> {
        let print = |name| File::create(folder.join(name));
        let command = command.current_dir(folder).stdin(Stdio::null());
        Ok(Process(command.stdout(print("stdout")?).stderr(print("stderr")?).spawn()?))
    }

    /// Waits until it listens on `addr`.
    pub(crate) fn wait_for(&mut self, addr: SocketAddr, folder: &Path) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if TcpStream::connect(addr).is_ok() {
                return Ok(());
            }
            if self.0.try_wait()?.is_some() {
                break;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        let printed = ["stdout", "stderr"].map(|name| fs::read_to_string(folder.join(name)).unwrap_or_default());
        bail!("it does not listen: {}", printed.concat().trim())
    }

    /// The processor time of all its threads, in nanoseconds.
    pub(crate) fn cpu_ns(&self) -> Result<u64> {
        let mut sum = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.0.id()))? {
            let stat = fs::read_to_string(task?.path().join("schedstat"))?;
            sum += stat.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(sum)
    }

    /// What memory it has now, in bytes.
    pub(crate) fn resident(&self) -> Result<f64> {
        Ok(self.status("VmRSS:")? * 1024.0)
    }

    /// The most memory it ever had, in bytes.
    pub(crate) fn peak(&self) -> Result<f64> {
        Ok(self.status("VmHWM:")? * 1024.0)
    }

    /// How often it went to sleep.
    pub(crate) fn sleeps(&self) -> Result<f64> {
        self.status("voluntary_ctxt_switches:")
    }

    fn status(&self, field: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let value = status.lines().find_map(|line| line.strip_prefix(field)).context("no such field")?;
        Ok(value.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

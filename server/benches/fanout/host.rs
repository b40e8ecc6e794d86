//! The machine: what it is, and how much of it we are given.

use anyhow::{Context as _, Result};

/// The time of all cores so far, and what a host that has others to serve took of it, in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticks {
    all: u64,
    stolen: u64,
}

impl Ticks {
    /// Those since the machine started.
    pub(crate) fn now() -> Result<Ticks> {
        let stat = std::fs::read_to_string("/proc/stat")?;
        // user, nice, system, idle, iowait, irq, softirq, steal: those behind them are counted in the first two.
        let ticks = stat.split_whitespace().skip(1).take(8).map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        Ok(Ticks { all: ticks.iter().sum(), stolen: *ticks.last().context("no times of the cores")? })
    }

    /// Which part of the time since then was taken away.
    pub(crate) fn stolen_since(self, earlier: Ticks) -> f64 {
        (self.stolen - earlier.stolen) as f64 / (self.all - earlier.all).max(1) as f64
    }
}

/// The processor and the kernel, as far as they matter to whoever compares.
pub(crate) fn name() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let (cpu, kernel) = (read("/proc/cpuinfo"), read("/proc/sys/kernel/osrelease"));
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let kernel = kernel.split(|c: char| c != '.' && !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    format!("{model}, Linux {kernel}")
}

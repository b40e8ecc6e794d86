//! `papo`: options, then the window.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Error, Result};
use papo_client::options::{self, Command, Options};
use papo_client::platform::display;
use papo_client::{app, strings};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // That nobody reads it changes nothing: the exit code says it too.
            let _ = writeln!(io::stderr(), "papo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    match options::parse(std::env::args_os().skip(1)).map_err(Error::msg)? {
        Command::Open(options) => open(&options),
        Command::Help => io::stdout().write_all(strings::HELP.as_bytes()).context(strings::NO_OUTPUT),
        Command::Version => writeln!(io::stdout(), "papo {}", env!("CARGO_PKG_VERSION")).context(strings::NO_OUTPUT),
    }
}

fn open(options: &Options) -> Result<()> {
    display::check().map_err(Error::msg)?;
    app::run(options);
    Ok(())
}

//! `papo-server`: options, bind, run.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use papo_server::addresses::{of_this_machine, reached_at};
use papo_server::clock::Clock;
use papo_server::console::Console;
use papo_server::history;
use papo_server::journal::Journal;
use papo_server::options::{self, Options, Wish};
use papo_server::server::Server;
use papo_server::signals::Signal;
use papo_server::stdin::Stdin;
use papo_server::strings;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // That nobody reads it changes nothing: the exit code says it too.
            let _ = writeln!(io::stderr(), "papo-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    match options::parse(std::env::args_os().skip(1), history::usual)? {
        Wish::Help => writeln!(io::stdout(), "{}", strings::help()).context(strings::NO_OUTPUT),
        Wish::Version => writeln!(io::stdout(), "{}", strings::version()).context(strings::NO_OUTPUT),
        Wish::Serve(options) => serve(&options),
    }
}

fn serve(options: &Options) -> Result<()> {
    let listen = options.listen;
    let mut console = Console::new(Box::new(io::stdout()));
    let (log, path) = log();
    let (clock, journal) = (Clock::system(), Journal::new(log));
    // The console's first lines must not come before it is sure that the server runs.
    let signal = Signal::new().context(strings::NO_SIGNALS)?;
    let mut server = Server::bind(options, clock, Console::new(Box::new(io::stdout())), journal)
        .map_err(|error| anyhow::anyhow!(strings::plain(&error)))
        .with_context(|| strings::cannot_listen(listen))?;
    server.heed(signal).context(strings::NO_SIGNALS)?;
    server.listen_to(Stdin::new());
    console.print(strings::RUNNING);
    console.print(strings::REACHED_AT);
    for addr in reached_at(server.local_addr()?, &of_this_machine()) {
        console.print(format_args!("  {addr}"));
    }
    if let Some(path) = path {
        console.print(strings::log_at(&path));
    }
    if let Some(trouble) = server.history().trouble() {
        console.print(strings::no_history(server.history().path(), trouble));
    }
    console.prompt();
    server.run().context(strings::NO_POLL)?;
    console.print(strings::ENDED);
    Ok(())
}

/// Where the log goes. What is being typed on a terminal cannot be redrawn around the log's lines, so where both would
/// share one the log goes to a file, whose path is given too.
fn log() -> (Box<dyn Write>, Option<PathBuf>) {
    let shares_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    match shares_terminal.then(log_file).flatten() {
        Some((file, path)) => (Box::new(file), Some(path)),
        None => (Box::new(io::stderr()), None),
    }
}

fn log_file() -> Option<(File, PathBuf)> {
    let dirs = directories::ProjectDirs::from("", "", "papo")?;
    let folder = dirs.state_dir().unwrap_or(dirs.data_local_dir());
    fs::create_dir_all(folder).ok()?;
    let path = folder.join(strings::LOG_FILE);
    let file = File::options().create(true).append(true).open(&path).ok()?;
    Some((file, path))
}

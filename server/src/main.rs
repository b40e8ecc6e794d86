//! `papo-server`: options, bind, run.

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use papo_server::clock::Clock;
use papo_server::event_loop::EventLoop;
use papo_server::history;
use papo_server::operator::console::Console;
use papo_server::operator::log::Log;
use papo_server::operator::log_file::{MAX_SIZE, RotatingFile};
use papo_server::options::{self, Action, Options};
use papo_server::os::output::NonBlockingFd;
use papo_server::os::signals::Signals;
use papo_server::os::stdin::Stdin;
use papo_server::strings;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // An error in writing it changes nothing: the exit code says it too.
            let _ = writeln!(io::stderr(), "papo-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    match options::parse(std::env::args_os().skip(1), history::default_path)? {
        Action::Help => in_words(writeln!(io::stdout(), "{}", strings::help())).context(strings::NO_OUTPUT),
        Action::Version => in_words(writeln!(io::stdout(), "{}", strings::version())).context(strings::NO_OUTPUT),
        Action::Serve(options) => serve(&options),
    }
}

fn serve(options: &Options) -> Result<()> {
    let listen = options.listen;
    let stdout = in_words(NonBlockingFd::of(io::stdout())).context(strings::NO_OUTPUT)?;
    let mut console = Console::new(Box::new(stdout.clone()));
    let LogTarget { out, path, outlet } = log(listen.port())?;
    let (clock, journal) = (Clock::system(), Log::new(out));
    // The console's first lines must not come before it is sure that the server runs.
    let signal = in_words(Signals::new()).context(strings::NO_SIGNALS)?;
    let mut server = in_words(EventLoop::bind(options, clock, Console::new(Box::new(stdout.clone())), journal))
        .with_context(|| strings::cannot_listen(listen))?;
    in_words(server.attach_signals(signal)).context(strings::NO_SIGNALS)?;
    server.attach_stdin(Stdin::new());
    [Some(stdout), outlet].into_iter().flatten().for_each(|outlet| server.attach_output(outlet));
    console.print(strings::RUNNING);
    console.print(server.addresses());
    if let Some(path) = path {
        console.print(strings::log_at(&path));
    }
    if let Some(trouble) = server.history().error() {
        console.print(strings::history_failed(server.history().path(), trouble));
    }
    if options.history.path.is_none() {
        console.print(strings::BLOCKS_ARE_FORGOTTEN);
    }
    for told in [server.few_places(options.max_clients), server.time_zone_error()].into_iter().flatten() {
        console.print(told);
    }
    if let Some(told) = server.odd_date() {
        console.print(told);
    }
    console.prompt();
    in_words(server.run()).context(strings::NO_POLL)?;
    console.print(strings::SHUT_DOWN);
    Ok(())
}

/// An error of the system as the operator reads it.
fn in_words<T>(result: io::Result<T>) -> Result<T> {
    result.map_err(|error| anyhow::anyhow!(strings::plain(&error)))
}

/// Where the log goes.
struct LogTarget {
    out: Box<dyn Write>,
    /// The file that it goes to because it must not go to the terminal.
    path: Option<PathBuf>,
    /// By what it goes out where it goes to no file of its own.
    outlet: Option<NonBlockingFd>,
}

/// What is being typed on a terminal cannot be redrawn around the log's lines, so where both would share one the log
/// goes to a file.
fn log(port: u16) -> Result<LogTarget> {
    let shares_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    if let Some((file, path)) = shares_terminal.then(|| log_file(port)).flatten() {
        return Ok(LogTarget { out: Box::new(file), path: Some(path), outlet: None });
    }
    let stderr = in_words(NonBlockingFd::of(io::stderr())).context(strings::NO_OUTPUT)?;
    Ok(LogTarget { out: Box::new(stderr.clone()), path: None, outlet: Some(stderr) })
}

/// The log of a server on `port`; one whose port the system chooses has one with 0 in its name.
fn log_file(port: u16) -> Option<(RotatingFile, PathBuf)> {
    let dirs = directories::ProjectDirs::from("", "", "papo");
    let of_user = || dirs.map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned());
    let folder = history::state_directory().or_else(of_user)?;
    let name = history::file_name_for(strings::LOG_FILE, "log", port)
        .unwrap_or_else(|| format!("{}-0.log", strings::LOG_FILE));
    let path = folder.join(name);
    let file = RotatingFile::open(&path, MAX_SIZE).ok()?;
    Some((file, path))
}

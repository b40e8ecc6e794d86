//! `papo`: options, then the window.

use std::io::{self, Write as _};
use std::process::ExitCode;

use papo_client::options::{self, Command, Options};
use papo_client::{app, display, strings};

/// For a command line that makes no sense, as is the custom.
const BAD_USAGE: u8 = 2;

fn main() -> ExitCode {
    match options::parse(std::env::args_os().skip(1)) {
        Ok(Command::Open(options)) => open(&options),
        Ok(Command::Help) => say(strings::HELP),
        Ok(Command::Version) => say(concat!("papo ", env!("CARGO_PKG_VERSION"), "\n")),
        Err(sentence) => fail(&sentence, ExitCode::from(BAD_USAGE)),
    }
}

fn open(options: &Options) -> ExitCode {
    if let Err(sentence) = display::check() {
        return fail(&sentence, ExitCode::FAILURE);
    }
    app::run(options);
    ExitCode::SUCCESS
}

/// Not `print!`, which panics where nobody reads.
fn say(text: &str) -> ExitCode {
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn fail(sentence: &str, code: ExitCode) -> ExitCode {
    let _ = writeln!(io::stderr(), "papo: {sentence}");
    code
}

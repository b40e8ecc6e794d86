//! What the operator and the system want of the server.

use std::io;

use mio::Interest;
use papo_common::Event;

use super::{STDIN, Server};
use crate::connection::ConnectionKey;
use crate::console::Command;
use crate::signals::Signal;
use crate::stdin::Typed;
use crate::strings;

impl Server {
    pub(super) fn heed_signal(&mut self) {
        let signals = self.signal.as_mut().map_or(0, Signal::take);
        for _ in 0..signals {
            self.end();
        }
    }

    pub(super) fn read_stdin(&mut self) -> io::Result<()> {
        let Some(stdin) = &mut self.stdin else { return Ok(()) };
        match stdin.read() {
            Typed::Some(typed) => self.console.receive(typed),
            Typed::Nothing => {}
            Typed::End => {
                self.poll.registry().deregister(stdin)?;
                self.stdin = None;
                return Ok(());
            }
        }
        // A terminal gives one line per read, and readiness is told once for several.
        self.poll.registry().reregister(stdin, STDIN, Interest::READABLE)?;
        while let Some(command) = self.console.next_command() {
            self.command(command);
        }
        Ok(())
    }

    /// Does what the operator typed.
    pub fn command(&mut self, command: Command) {
        if command == Command::Quit {
            return self.end();
        }
        self.console.answer(command, &self.room);
        self.console.prompt();
    }

    /// Begins to end: nobody is let in, everyone is told as their last line. Asked a second time, it does not wait for
    /// anyone.
    pub fn end(&mut self) {
        let Some(mut listener) = self.listener.take() else {
            self.connections.iter_mut().for_each(|(_, connection)| connection.close());
            return self.touched.extend(self.connections.iter().map(|(key, _)| ConnectionKey(key)));
        };
        self.console.print(strings::ENDING);
        // It is dropped at once; that the kernel cannot forget it earlier is no matter.
        let _ = self.poll.registry().deregister(&mut listener);
        self.accept_at = None;
        self.room.clear();
        for (key, connection) in &mut self.connections {
            connection.member = None;
            connection.end(Some(Event::ServerClosed), self.fanouts.of(connection.dialect()), self.now.instant);
            self.touched.push(ConnectionKey(key));
        }
    }
}

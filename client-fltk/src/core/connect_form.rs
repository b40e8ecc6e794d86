//! The fields of the connect window.

use papo_common::{Name, NameError};

use crate::core::{NameProblem, Recent};
use crate::net::{Address, AddressError};

/// The fields of the connect window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectForm {
    /// The server field as the program sets it: `host`, `host:port`, `[v6]` or `[v6]:port`.
    pub server: String,
    /// The name field as the program sets it.
    pub name: String,
    /// Rises each time the program, not the person, sets one of the two fields.
    pub version: u64,
    /// The servers used before, the last one first.
    pub recent: Vec<Recent>,
    /// What is wrong with the name, beside its field.
    pub name_error: Option<NameProblem>,
    /// What is wrong with the server's address, beside its field.
    pub server_error: Option<AddressError>,
}

impl ConnectForm {
    /// What stands in the fields, if both can be used; else each field says what is wrong with it.
    pub(crate) fn parse(&mut self, server: &str, name: &str) -> Option<(Address, Name)> {
        let address = server.parse::<Address>();
        let name = Name::parse(name).map_err(NameProblem::Invalid);
        self.server_error = address.as_ref().err().copied();
        self.name_error = name.as_ref().err().copied();
        address.ok().zip(name.ok())
    }

    /// The server's field was edited: what was wrong with another address is no more.
    pub(crate) fn edit_server(&mut self, text: String) {
        self.server = text;
        self.server_error = None;
    }

    /// The name's field was edited. That nothing is there yet is no error.
    pub(crate) fn edit_name(&mut self, text: String) {
        let error = Name::parse(&text).err().filter(|&error| error != NameError::Empty);
        self.name = text;
        self.name_error = error.map(NameProblem::Invalid);
    }

    /// The program fills in both fields.
    pub(crate) fn fill(&mut self, address: &Address, name: &str) {
        self.server = address.to_string();
        name.clone_into(&mut self.name);
        self.version += 1;
    }
}

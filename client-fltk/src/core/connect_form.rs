//! The fields of the connect window.

use papo_common::{Name, NameError};

use crate::core::NameProblem;
use crate::net::{Address, AddressError};

/// The fields of the connect window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectForm {
    /// The server field: `host`, `host:port`, `[v6]` or `[v6]:port`.
    pub server: String,
    /// The name field.
    pub name: String,
    /// Rises each time the program, not the person, sets one of the two fields: only then does the view write them.
    pub version: u64,
    /// The problem with the name, shown beside its field.
    pub name_error: Option<NameProblem>,
    /// The problem with the server's address, shown beside its field.
    pub server_error: Option<AddressError>,
}

impl ConnectForm {
    /// Parses what stands in both fields, and puts it there as it is understood. `None` if one of them is invalid; each
    /// invalid field shows its problem.
    pub(crate) fn parse(&mut self, server: &str, name: &str) -> Option<(Address, Name)> {
        let address = server.parse::<Address>();
        let name = Name::parse(name).map_err(NameProblem::Invalid);
        self.server_error = address.as_ref().err().copied();
        self.name_error = name.as_ref().err().copied();
        let (address, name) = address.ok().zip(name.ok())?;
        self.put(&address, &name);
        Some((address, name))
    }

    /// Takes an edit of the server's field, and clears its problem, which concerned another address.
    pub(crate) fn edit_server(&mut self, text: String) {
        self.server = text;
        self.server_error = None;
    }

    /// Takes an edit of the name's field, and checks the name. An empty field is no error yet.
    pub(crate) fn edit_name(&mut self, text: String) {
        let error = Name::parse(&text).err().filter(|&error| error != NameError::Empty);
        self.name = text;
        self.name_error = error.map(NameProblem::Invalid);
    }

    /// Sets both fields; `version` rises, so that the view writes them.
    pub(crate) fn fill(&mut self, address: &Address, name: &Name) {
        self.put(address, name);
        self.version += 1;
    }

    fn put(&mut self, address: &Address, name: &Name) {
        (self.server, self.name) = (address.to_string(), name.to_string());
    }
}

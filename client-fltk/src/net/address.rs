//! What people type as a server.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use papo_common::DEFAULT_PORT;

/// A server's host and port. Shown as it may be typed: without the usual port, IPv6 in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
}

/// Why a text is no address. [`crate::strings::connecting::address_error`] says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// Nothing, or nothing but white space.
    Empty,
    /// The address of a page, such as `http://sala`.
    Page,
    /// Neither a name nor a number of a machine.
    Host,
    /// Something else than 1 to 65535 after the colon.
    Port,
}

/// The longest name that the domain name system knows.
const MAX_HOST: usize = 253;

impl Address {
    /// The name or number of the machine, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Address, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.contains("://") {
            return Err(AddressError::Page);
        }
        // More than one colon and no brackets: all of it is the number of the machine.
        if is_v6(text) {
            return Ok(Address { host: text.to_owned(), port: DEFAULT_PORT });
        }
        if let Some(rest) = text.strip_prefix('[') {
            return bracketed(rest);
        }
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, parse_port(port)?),
            None => (text, DEFAULT_PORT),
        };
        if is_host(host) { Ok(Address { host: host.to_owned(), port }) } else { Err(AddressError::Host) }
    }
}

fn bracketed(text: &str) -> Result<Address, AddressError> {
    let (host, rest) = text.split_once(']').ok_or(AddressError::Host)?;
    if !is_v6(host) {
        return Err(AddressError::Host);
    }
    let port = match rest.strip_prefix(':') {
        Some(port) => parse_port(port)?,
        None if rest.is_empty() => DEFAULT_PORT,
        None => return Err(AddressError::Port),
    };
    Ok(Address { host: host.to_owned(), port })
}

/// An address such as `fe80::1` or, with the interface it belongs to, `fe80::1%eth0`.
fn is_v6(text: &str) -> bool {
    let (number, zone) = text.split_once('%').unwrap_or((text, "0"));
    number.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && zone.chars().all(is_of_zone)
}

/// Interfaces have names such as `br-lan` and `eth0.10`.
fn is_of_zone(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

fn is_host(text: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    !text.is_empty() && text.len() <= MAX_HOST && text.chars().all(allowed)
}

fn parse_port(text: &str) -> Result<u16, AddressError> {
    // `parse` alone would take `+80`.
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let port = if digits { text.parse().unwrap_or(0) } else { 0 };
    if port == 0 { Err(AddressError::Port) } else { Ok(port) }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if self.port == DEFAULT_PORT { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_type() {
        for (typed, host, port, shown) in [
            ("sala-3", "sala-3", 12345, "sala-3"),
            ("  192.168.0.2 \n", "192.168.0.2", 12345, "192.168.0.2"),
            ("192.168.0.2:4000", "192.168.0.2", 4000, "192.168.0.2:4000"),
            ("servidor.local:12345", "servidor.local", 12345, "servidor.local"),
            ("máquina_1", "máquina_1", 12345, "máquina_1"),
            ("[::1]", "::1", 12345, "[::1]"),
            ("[fe80::1%eth0]:65535", "fe80::1%eth0", 65535, "[fe80::1%eth0]:65535"),
            ("fe80::1%br-lan", "fe80::1%br-lan", 12345, "[fe80::1%br-lan]"),
            ("[fe80::1%eth0.10]:80", "fe80::1%eth0.10", 80, "[fe80::1%eth0.10]:80"),
            ("2001:db8::7", "2001:db8::7", 12345, "[2001:db8::7]"),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.1", 12345, "[::ffff:10.0.0.1]"),
        ] {
            let address: Address = typed.parse().expect(typed);
            assert_eq!((address.host(), address.port()), (host, port), "{typed}");
            assert_eq!(address.to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_address() {
        use AddressError::*;
        let long = "a".repeat(254);
        for (typed, why) in [
            ("", Empty),
            (" \t", Empty),
            ("sala 3", Host),
            ("http://sala", Page),
            (" HTTPS://127.0.0.1:12345/", Page),
            ("ana@sala", Host),
            (":12345", Host),
            (&long, Host),
            ("[::1", Host),
            ("[sala]:80", Host),
            ("[fe80::1%]", Host),
            ("[::1]80", Port),
            ("[::1]:", Port),
            ("sala:", Port),
            ("sala:0", Port),
            ("sala:65536", Port),
            ("sala:+80", Port),
            ("sala:99999999999999999999", Port),
            ("a:b:c", Port),
        ] {
            assert_eq!(typed.parse::<Address>(), Err(why), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn an_address_is_shown_as_it_may_be_typed(text in "[a-z0-9.:%\\[\\] ]{0,20}") {
            if let Ok(address) = text.parse::<Address>() {
                prop_assert_eq!(address.to_string().parse(), Ok(address));
            }
        }

        #[test]
        fn parsing_any_text_ends_well(text in any::<String>()) {
            let _ = text.parse::<Address>();
        }
    }
}

//! The addresses under which others reach the server, ready to be typed into a client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Those of `machine` under which a server bound to `bound` is reached: of the families actually bound, no link-local
/// ones, loopback only if there is nothing else.
pub fn reached_at(bound: SocketAddr, machine: &[IpAddr]) -> Vec<SocketAddr> {
    let with_port = |ip| SocketAddr::new(ip, bound.port());
    if !bound.ip().is_unspecified() {
        return vec![with_port(bound.ip())];
    }
    let is_bound = |ip: &IpAddr| ip.is_ipv4() || bound.is_ipv6();
    let (loopback, others): (Vec<IpAddr>, Vec<IpAddr>) =
        machine.iter().filter(|ip| is_bound(ip) && !is_link_local(ip)).partition(|ip| ip.is_loopback());
    let mut found = if others.is_empty() { loopback } else { others };
    if found.is_empty() {
        found.push(if bound.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(with_port).collect()
}

/// The addresses of this machine; none if the system does not tell.
pub fn of_this_machine() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.iter().map(if_addrs::Interface::ip).collect()
}

fn is_link_local(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bound: &str, machine: &[&str], reached: &[&str]) {
        let machine: Vec<IpAddr> = machine.iter().map(|ip| ip.parse().unwrap()).collect();
        let found = reached_at(bound.parse().unwrap(), &machine);
        assert_eq!(found.iter().map(SocketAddr::to_string).collect::<Vec<_>>(), reached);
    }

    #[test]
    fn what_others_type() {
        let lan = ["127.0.0.1", "::1", "192.168.0.2", "169.254.3.4", "fe80::1", "2001:db8::2"];
        check("0.0.0.0:12345", &lan, &["192.168.0.2:12345"]);
        check("[::]:12345", &lan, &["192.168.0.2:12345", "[2001:db8::2]:12345"]);
        check("192.168.0.2:80", &lan, &["192.168.0.2:80"]);
        check("127.0.0.1:80", &lan, &["127.0.0.1:80"]);
        check("[::1]:80", &lan, &["[::1]:80"]);
        check("0.0.0.0:1", &["127.0.0.1", "::1", "169.254.3.4"], &["127.0.0.1:1"]);
        check("[::]:1", &["127.0.0.1", "::1", "fe80::1"], &["127.0.0.1:1", "[::1]:1"]);
        check("0.0.0.0:1", &[], &["127.0.0.1:1"]);
        check("0.0.0.0:1", &["10.0.0.1", "10.0.0.1"], &["10.0.0.1:1"]);
    }
}

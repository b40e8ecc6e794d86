//! The addresses under which others reach the server, ready to be typed into a client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Beginnings of the names of interfaces that lead to no other machine in the room: bridges of containers and virtual
/// machines, tunnels of VPNs.
const VIRTUAL: &[&str] = &[
    "docker",
    "br-",
    "veth",
    "virbr",
    "vmnet",
    "vboxnet",
    "vnet",
    "lxc",
    "lxd",
    "incus",
    "podman",
    "cni",
    "flannel",
    "cali",
    "kube",
    "tun",
    "tap",
    "utun",
    "wg",
    "ppp",
    "ipsec",
    "zt",
    "tailscale",
    "nordlynx",
    "proton",
    "ham",
];

/// An address of this machine, and the name of its interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// The name, such as `eth0`.
    pub name: String,
    /// The address.
    pub ip: IpAddr,
}

/// Where the server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The address and the port.
    pub addr: SocketAddr,
    /// The name of the interface, where it helps to choose.
    pub interface: Option<String>,
}

/// The worth of an address to others in the room, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Of a network.
    Real,
    /// Of a cable or a switch without anybody who gives out addresses: machines there still reach each other.
    LinkLocal,
    /// Of a bridge, a container or a VPN.
    Virtual,
    /// Of this machine for itself.
    Loopback,
}

/// Those of `machine` under which a server bound to `bound` is reached, best first: of the families actually bound,
/// link-local ones of IPv4 only if there is no real network, loopback only if there is nothing else.
pub fn reached_at(bound: SocketAddr, machine: &[Interface]) -> Vec<Reached> {
    let is_meant =
        |ip: IpAddr| if bound.ip().is_unspecified() { ip.is_ipv4() || bound.is_ipv6() } else { ip == bound.ip() };
    let ranked = machine.iter().filter(|interface| is_meant(interface.ip));
    let mut found: Vec<(Rank, &Interface)> = ranked.filter_map(|it| Some((rank(it)?, it))).collect();
    found.sort_by_key(|(rank, interface)| (*rank, interface.ip));
    found.dedup_by_key(|(_, interface)| interface.ip);
    let best = found.first().map(|(rank, _)| *rank);
    found.retain(|(rank, _)| match rank {
        Rank::Real | Rank::Virtual => true,
        Rank::LinkLocal | Rank::Loopback => Some(*rank) == best,
    });
    if found.is_empty() {
        let ip = match bound.ip() {
            ip if !ip.is_unspecified() => ip,
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        return vec![Reached { addr: SocketAddr::new(ip, bound.port()), interface: None }];
    }
    let reached = found.into_iter().map(|(rank, interface)| Reached {
        addr: SocketAddr::new(interface.ip, bound.port()),
        interface: (rank != Rank::Loopback).then(|| interface.name.clone()),
    });
    reached.collect()
}

/// The addresses of this machine; none if the system does not tell.
pub fn of_this_machine() -> Vec<Interface> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.into_iter().map(|it| Interface { ip: it.ip(), name: it.name }).collect()
}

/// `None` for an address that nobody can type: those of IPv6 that hold for one cable alone need an interface beside them.
fn rank(Interface { name, ip }: &Interface) -> Option<Rank> {
    let is_virtual = VIRTUAL.iter().any(|prefix| name.starts_with(prefix));
    match ip {
        _ if ip.is_loopback() => Some(Rank::Loopback),
        IpAddr::V6(ip) if ip.is_unicast_link_local() => None,
        IpAddr::V4(ip) if ip.is_link_local() => (!is_virtual).then_some(Rank::LinkLocal),
        _ if is_virtual => Some(Rank::Virtual),
        _ => Some(Rank::Real),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bound: &str, machine: &[(&str, &str)], reached: &[&str]) {
        let interface = |&(name, ip): &(&str, &str)| Interface { name: name.into(), ip: ip.parse().unwrap() };
        let machine: Vec<Interface> = machine.iter().map(interface).collect();
        let found = reached_at(bound.parse().unwrap(), &machine);
        let shown = |Reached { addr, interface }: &Reached| format!("{addr} {}", interface.as_deref().unwrap_or("-"));
        assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), reached);
    }

    const LOOPBACK: [(&str, &str); 2] = [("lo", "127.0.0.1"), ("lo", "::1")];

    #[test]
    fn what_others_type() {
        let others = [("eth0", "192.168.0.2"), ("eth0", "169.254.3.4"), ("eth0", "fe80::1"), ("eth0", "2001:db8::2")];
        let lan = [&LOOPBACK[..], &others].concat();
        check("0.0.0.0:12345", &lan, &["192.168.0.2:12345 eth0"]);
        check("[::]:12345", &lan, &["192.168.0.2:12345 eth0", "[2001:db8::2]:12345 eth0"]);
        check("192.168.0.2:80", &lan, &["192.168.0.2:80 eth0"]);
        check("192.168.0.9:80", &lan, &["192.168.0.9:80 -"]);
        check("127.0.0.1:80", &lan, &["127.0.0.1:80 -"]);
        check("[::1]:80", &lan, &["[::1]:80 -"]);
        check("[::]:1", &[&LOOPBACK[..], &[("eth0", "fe80::1")]].concat(), &["127.0.0.1:1 -", "[::1]:1 -"]);
        check("0.0.0.0:1", &[], &["127.0.0.1:1 -"]);
        check("[::]:1", &[], &["[::1]:1 -"]);
        check("0.0.0.0:1", &[("eth0", "10.0.0.1"), ("eth0", "10.0.0.1")], &["10.0.0.1:1 eth0"]);
    }

    #[test]
    fn a_cable_without_addresses_given_out() {
        let cable = [&LOOPBACK[..], &[("eth0", "169.254.10.1")]].concat();
        check("0.0.0.0:1", &cable, &["169.254.10.1:1 eth0"]);
        let and_docker = [&cable[..], &[("docker0", "172.17.0.1"), ("docker0", "169.254.9.9")]].concat();
        check("0.0.0.0:1", &and_docker, &["169.254.10.1:1 eth0", "172.17.0.1:1 docker0"]);
    }

    #[test]
    fn real_networks_come_first() {
        let machine = [
            ("lo", "127.0.0.1"),
            ("docker0", "172.17.0.1"),
            ("virbr0", "192.168.122.1"),
            ("tun0", "10.8.0.6"),
            ("br-1f2e3d", "172.18.0.1"),
            ("wlan0", "192.168.0.7"),
            ("br0", "192.168.0.2"),
        ];
        let reached = [
            "192.168.0.2:9 br0",
            "192.168.0.7:9 wlan0",
            "10.8.0.6:9 tun0",
            "172.17.0.1:9 docker0",
            "172.18.0.1:9 br-1f2e3d",
            "192.168.122.1:9 virbr0",
        ];
        check("0.0.0.0:9", &machine, &reached);
    }
}

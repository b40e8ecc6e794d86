//! Texts for the operator about people: who is there, who came and who went.

use std::fmt::Display;
use std::net::IpAddr;
use std::time::Duration;

use papo_common::{Dialect, Name};

use crate::disconnect::DisconnectReason;
use crate::room::Member;

/// The people in the room, a line each.
pub fn users(count: usize, lines: impl Iterator<Item = String>) -> String {
    let head = match count {
        0 => "Ninguém no chat.".to_owned(),
        1 => "1 pessoa no chat:".to_owned(),
        n => format!("{n} pessoas no chat:"),
    };
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n  ")
}

/// A member that has been there since a time, with so many bytes waiting for it.
pub fn user(member: &Member, since: impl Display, waiting: usize, is_silenced: bool) -> String {
    let Member { name, addr, dialect, .. } = member;
    let silenced = if is_silenced { ", silenciado" } else { "" };
    format!("{name} ({addr}), {}, desde {since}, {waiting} bytes esperando{silenced}", dialect_name(*dialect))
}

/// A person away whose name stays reserved for so long.
pub fn user_away(name: &Name, ip: IpAddr, left: Duration) -> String {
    format!("{name} ({ip}), caiu: o nome fica guardado por mais {} s", left.as_secs())
}

/// Nobody has the name that was typed; `nearest` is the one that may be meant.
pub fn no_such_person(typed: &str, nearest: Option<&Name>) -> String {
    match nearest {
        Some(name) => format!("Ninguém se chama '{typed}'. Você quis dizer '{name}'?"),
        None => format!("Ninguém se chama '{typed}'."),
    }
}

/// In the log: a member joined.
pub fn joined(member: &Member) -> String {
    format!("{} ({}) entrou, {}", member.name, member.addr, dialect_name(member.dialect))
}

/// In the log: a member left.
pub fn left(member: &Member, reason: &DisconnectReason) -> String {
    format!("{} ({}) saiu: {reason}", member.name, member.addr)
}

fn dialect_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Classic => "clássico",
        Dialect::Json => "nativo",
    }
}

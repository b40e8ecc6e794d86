//! Texts for the operator about bans, mutes and reserved names.

use std::fmt::Display;
use std::net::IpAddr;

use papo_common::Name;

use crate::blocks::{Block, BlockKind};

/// The usage of `banir`.
pub const USAGE_BAN: &str = "banir IP [motivo] ou banir NOME [motivo]";
/// The usage of `silenciar`.
pub const USAGE_MUTE: &str = "silenciar NOME [motivo] ou silenciar IP [motivo]";
/// The usage of `liberar`.
pub const USAGE_RELEASE: &str = "liberar NOME ou liberar IP";
/// At the start of a server without history.
pub const BLOCKS_ARE_FORGOTTEN: &str = "Sem histórico: o que for dito, banido ou silenciado é esquecido quando o servidor \
    encerrar.";

/// The most names listed in a sentence.
const MAX_LISTED: usize = 5;

/// A member was removed.
pub fn kicked(name: &Name) -> String {
    format!("{name} foi removido.")
}

/// A person away was removed.
pub fn reservation_kicked(name: &Name) -> String {
    format!("{name} foi removido: já tinha caído, e o nome está livre.")
}

/// An address was banned: these people are gone, and so many connections were closed.
pub fn banned(block: &Block, people: &[Name], closed: usize) -> String {
    let people = if people.is_empty() { String::new() } else { format!("; pessoas: {}", list(people)) };
    format!("{} foi banido (conexões fechadas: {closed}{people}){}.", block.ip, why(block))
}

/// A person was muted: the whole address, or that person alone because `others` share it.
pub fn muted(name: &Name, block: &Block, others: &[Name]) -> String {
    let (ip, why) = (block.ip, why(block));
    if others.is_empty() {
        return format!("{name} foi silenciado, com qualquer nome que use a partir de {ip}{why}.");
    }
    let verb = if others.len() == 1 { "também usa" } else { "também usam" };
    let others = list(others);
    format!("{name} foi silenciado, só essa pessoa: {others} {verb} {ip}. Para todos dali: silenciar {ip}{why}.")
}

/// An address was muted.
pub fn muted_address(block: &Block) -> String {
    let whom = if block.names.is_empty() {
        "ninguém está ali agora, e ninguém entra a partir dele".into()
    } else {
        list(&block.names)
    };
    format!("{} foi silenciado: {whom}{}.", block.ip, why(block))
}

/// A block was released.
pub fn released(block: &Block) -> String {
    match block.kind {
        BlockKind::Ban | BlockKind::Mute => format!("{} está liberado.", block.ip),
        BlockKind::MutePerson(_) => format!("{} ({}) está liberado.", list(&block.names), block.ip),
    }
}

/// A reserved name was released.
pub fn name_released(name: &Name) -> String {
    format!("O nome {name} está livre: não fica mais guardado para quem caiu.")
}

/// The address is not blocked.
pub fn not_blocked(ip: IpAddr) -> String {
    format!("{ip} não estava banido nem silenciado.")
}

/// The person is not muted.
pub fn not_muted(name: &Name) -> String {
    format!("{name} não estava silenciado.")
}

/// There are too many blocks.
pub fn too_many_blocks(most: usize) -> String {
    format!("Já há {most} bloqueios. Libere algum antes; veja bloqueios.")
}

/// In the log: an action of the operator.
pub fn by_operator(what: &str) -> String {
    format!("operador: {what}")
}

/// All blocks, a line each.
pub fn blocks(lines: impl ExactSizeIterator<Item = String>) -> String {
    let head = match lines.len() {
        0 => "Ninguém está banido nem silenciado.".to_owned(),
        1 => "1 bloqueio:".to_owned(),
        n => format!("{n} bloqueios:"),
    };
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n  ")
}

/// A block, made at that time.
pub fn block(block: &Block, since: impl Display) -> String {
    let (ip, names, why) = (block.ip, list(&block.names), why(block));
    let names_of_address = if names.is_empty() { names.clone() } else { format!(" ({names})") };
    match block.kind {
        BlockKind::Ban => format!("{ip}{names_of_address} banido desde {since}{why}"),
        BlockKind::Mute => format!("{ip}{names_of_address} silenciado desde {since}{why}"),
        BlockKind::MutePerson(_) => format!("{names} ({ip}, só essa pessoa) silenciado desde {since}{why}"),
    }
}

fn why(block: &Block) -> String {
    block.reason.as_ref().map_or_else(String::new, |why| format!("; motivo: {why}"))
}

fn list(names: &[Name]) -> String {
    let mut shown: Vec<&str> = names.iter().take(MAX_LISTED).map(Name::as_str).collect();
    let more = format!("mais {}", names.len().saturating_sub(MAX_LISTED));
    if names.len() > MAX_LISTED {
        shown.push(&more);
    }
    shown.join(", ")
}

//! Words of the windows.

use std::fmt::Display;

use papo_common::Name;

use crate::core::{Preview, Speaker};

/// The program's name.
pub const PAPO: &str = "Papo";
/// Under it.
pub const SLOGAN: &str = "Converse com quem está na sua rede";
/// Above the field of the server's address.
pub const SERVER: &str = "Servidor";
/// In it while it is empty.
pub const SERVER_HINT: &str = "endereço ou endereço:porta";
/// Above the field of the name.
pub const NAME: &str = "Nome";
/// In it while it is empty.
pub const NAME_HINT: &str = "como os outros vão ver você";
/// The button that enters.
pub const ENTER: &str = "Entrar";
/// The button that gives up entering.
pub const CANCEL: &str = "Cancelar";
/// Under the buttons.
pub const ENTER_KEYS: &str = "Enter entra  ·  Esc fecha";
/// In the same place while connecting.
pub const CONNECTING_KEYS: &str = "Esc cancela";
/// On the button while connecting.
pub const CONNECTING: &str = "Conectando…";

/// Heads the conversations.
pub const CONVERSATIONS: &str = "Conversas";
/// The room.
pub const ROOM: &str = "Sala";
/// Under its name.
pub const ROOM_NOTE: &str = "todos na rede leem o que se escreve aqui";
/// What can be done with people, while the pointer rests on them.
pub const PEOPLE_TIP: &str = "Duplo clique: conversar em privado. Botão direito: mais.";
/// Heads the people.
pub const PEOPLE: &str = "Pessoas";
/// In the field that filters them.
pub const FILTER: &str = "Filtrar pessoas";
/// When no name is left.
pub const NOBODY_FOUND: &str = "Ninguém com esse nome";
/// Beside one's own name.
pub const YOU: &str = "você";
/// In the field of the find bar while it is empty.
pub const FIND_HINT: &str = "Procurar na conversa";
/// The button to the hit above.
pub const FIND_PREVIOUS: &str = "Anterior (Enter)";
/// The button to the hit below.
pub const FIND_NEXT: &str = "Próximo (F3)";
/// The button that closes the find bar.
pub const FIND_CLOSE: &str = "Fechar (Esc)";
/// The button that opens it.
pub const FIND: &str = "Procurar (Ctrl+F)";
/// The button that saves the conversation.
pub const SAVE: &str = "Salvar a conversa (Ctrl+S)";
/// The button that makes alerts silent.
pub const SOUND_OFF: &str = "Silenciar os avisos";
/// The button that makes them heard again.
pub const SOUND_ON: &str = "Avisar com som";
/// The button for the dark look.
pub const DARK: &str = "Tema escuro";
/// The button for the light look.
pub const LIGHT: &str = "Tema claro";
/// The button that shows the people in a narrow window.
pub const SHOW_PEOPLE: &str = "Pessoas";
/// At a message that did not arrive.
pub const TRY_AGAIN: &str = "Tentar de novo";
/// Beside it.
pub const DISCARD: &str = "Descartar";
/// The button that sends.
pub const SEND: &str = "Enviar";
/// The button that leaves.
pub const LEAVE: &str = "Sair";
/// An empty conversation.
pub const NOTHING_YET: &str = "Nada por aqui ainda";

/// On the line under what was said before one came.
pub const BEFORE_ENTERING: &str = "antes de você entrar";
/// Above the first message while older ones are on their way.
pub const OLDER_COMING: &str = "carregando mensagens anteriores…";
/// Above the first message of all.
pub const BEGINNING: &str = "início da conversa";
/// On the line above the new messages.
pub const NEW_MESSAGES: &str = "novas mensagens";
/// At a message without a receipt.
pub const SENDING: &str = "enviando…";
/// At a private message whose addressee is away.
pub const KEPT: &str = "lê quando voltar";
/// At a message that did not arrive; the reason follows.
pub const NOT_SENT: &str = "Não enviada.";
/// On a private message to oneself.
pub const PRIVATE_TO_YOU: &str = "privado para você";
/// Heads the operator's word.
pub const NOTICE: &str = "Aviso do servidor";
/// Between the last two of several names.
pub const AND: &str = " e ";

/// The banner.
pub const LOST: &str = "Conexão perdida";
/// The banner while an attempt is under way.
pub const RECONNECTING: &str = "reconectando…";
/// The button in the banner.
pub const RETRY: &str = "Tentar agora";
/// In the field's chip when the addressee is not there.
pub const WILL_NOT_BE_SENT: &str = "não será enviada";

/// In the menu of a conversation.
pub const COPY: &str = "Copiar";
/// In the menu of a conversation, on a link.
pub const COPY_LINK: &str = "Copiar link";
/// In the menu of a conversation.
pub const SELECT_ALL: &str = "Selecionar tudo";
/// In the menu of a conversation.
pub const FIND_MENU: &str = "Procurar";
/// In the menu of a conversation.
pub const SAVE_MENU: &str = "Salvar a conversa";
/// In the menu of a conversation in a narrow window.
pub const SOUND_MENU: &str = "Som dos avisos";
/// In the menu of a conversation.
pub const HELP_MENU: &str = "Teclas e comandos";

/// In the menu of a person.
pub const WHISPER: &str = "Conversar em privado";
/// How else it is done.
pub const WHISPER_HINT: &str = "duplo clique";
/// In the menu of a person.
pub const MENTION: &str = "Mencionar na Sala";
/// In the menu of a person.
pub const COPY_NAME: &str = "Copiar nome";
/// In the menu of a person.
pub const COPY_ADDRESS: &str = "Copiar IP:porta";

/// The answer to an alert.
pub const CLOSE: &str = "Fechar";
/// The title of the dialog that asks where to save.
pub const SAVE_TITLE: &str = "Salvar a conversa";
/// The title of the question when the file is there already.
pub const REPLACE_TITLE: &str = "Substituir o arquivo?";
/// The answer that writes over it.
pub const REPLACE: &str = "Substituir";
/// Above its field.
pub const SAVE_PATH: &str = "Em que arquivo? A conversa é gravada como texto.";
/// What screen readers call that field.
pub const FILE: &str = "Arquivo";
/// The button that saves.
pub const SAVE_BUTTON: &str = "Salvar";

/// The current day.
pub const TODAY: &str = "hoje";
/// The day before it.
pub const YESTERDAY: &str = "ontem";
/// The days of the week, Sunday first.
pub const WEEKDAYS: [&str; 7] =
    ["domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"];
/// The months.
pub const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];

/// The title of the talking window.
pub fn title(unread: usize, name: &str, address: &str) -> String {
    let unread = if unread > 0 { format!("({unread}) ") } else { String::new() };
    format!("{unread}Papo — {name} ({address})")
}

/// Under the name of a private conversation.
pub fn private_note(name: &str, address: Option<&str>) -> String {
    match address {
        Some(address) => format!("só você e {name} leem  ·  {address}"),
        None => format!("{name} não está no chat"),
    }
}

/// In the text field while it is empty and goes to all.
pub const MESSAGE_TO_ROOM: &str = "Mensagem para a Sala";

/// The same in a private conversation.
pub fn message_to(name: &str) -> String {
    format!("Mensagem para {name}")
}

/// In the field's chip.
pub fn private_for(name: &str) -> String {
    format!("Privado para {name}")
}

/// Beside that chip.
pub fn only_reads(name: &str) -> String {
    format!("só {name} vai ler")
}

/// In the field's chip when the addressee is not there.
pub fn nobody(name: &str) -> String {
    if name.is_empty() { WHOM.to_owned() } else { format!("{name} não está no chat") }
}

/// The same while the addressee's name is being typed.
pub const WHOM: &str = "Para quem?";

/// The same when the addressee is the sender.
pub const ONESELF: &str = "Esse nome é o seu";

/// Beside the chip: the first of the names that begin with what is typed.
pub fn completed_by_tab(names: &[Name]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(Name::as_str).collect();
    let more = if names.len() > SHOWN { "…" } else { "" };
    format!("Tab: {}{more}", shown.join(", "))
}

/// On one's own private message.
pub fn private_to(name: &str) -> String {
    format!("privado para {name}")
}

/// On the pill.
pub fn new_messages(count: usize) -> String {
    if count == 1 { "1 nova".to_owned() } else { format!("{count} novas") }
}

/// Somebody by name and address.
pub fn person(name: impl Display, address: impl Display) -> String {
    format!("{name} ({address})")
}

/// Members came.
pub fn came(names: &str, is_plural: bool) -> String {
    format!("{names} {}", if is_plural { "entraram" } else { "entrou" })
}

/// Members went.
pub fn went(names: &str, is_plural: bool) -> String {
    format!("{names} {}", if is_plural { "saíram" } else { "saiu" })
}

/// The rest of those who came or went.
pub fn and_more(count: usize) -> String {
    format!("mais {count}")
}

/// The rest of those who came and went, behind the first of them.
pub fn and_more_passages(first: &str, count: usize) -> String {
    format!("{first} e mais {count} entradas e saídas")
}

/// The last line of a conversation in the list.
pub fn preview(preview: &Preview<'_>) -> String {
    let from = match preview.from {
        Some(Speaker::Me) => YOU,
        Some(Speaker::Member(name)) => name.as_str(),
        Some(Speaker::Operator) => NOTICE,
        None => return preview.line.to_owned(),
    };
    format!("{from}: {}", preview.line)
}

/// Beside a conversation of which one sees the avatar alone.
pub fn tag(title: &str, unread: usize) -> String {
    match unread {
        0 => title.to_owned(),
        1 => format!("{title}  ·  1 não lida"),
        _ => format!("{title}  ·  {unread} não lidas"),
    }
}

/// How many are there.
pub fn people(count: usize) -> String {
    if count == 1 { "1 pessoa".to_owned() } else { format!("{count} pessoas") }
}

/// At the right of the status bar.
pub fn status_note(text_size: u16) -> String {
    format!("F1 atalhos  ·  {text_size}%")
}

/// The question when the file is there already.
pub fn replace_question(name: &str) -> String {
    format!("Já existe um arquivo {name} nessa pasta. Deseja substituir o que está nele?")
}

/// The banner.
pub fn reconnecting_in(seconds: u32) -> String {
    format!("reconectando em {seconds} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unread_is_counted() {
        for (unread, expected) in [(0, "bia"), (1, "bia  ·  1 não lida"), (12, "bia  ·  12 não lidas")] {
            assert_eq!(tag("bia", unread), expected);
        }
    }
}

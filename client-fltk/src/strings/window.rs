//! Words of the windows.

use std::fmt::Display;

use papo_common::Name;

use crate::core::{ConversationId, Preview, Speaker};

/// The program's name.
pub const PAPO: &str = "Papo";
/// The line under the program's name.
pub const SLOGAN: &str = "Converse com quem está na sua rede";
/// The label of the server's field.
pub const SERVER: &str = "Servidor";
/// The hint in the server's field while it is empty.
pub const SERVER_HINT: &str = "endereço ou endereço:porta";
/// The label of the name's field.
pub const NAME: &str = "Nome";
/// The hint in the name's field while it is empty.
pub const NAME_HINT: &str = "como os outros vão ver você";
/// The button that enters.
pub const ENTER: &str = "Entrar";
/// The button that gives up entering.
pub const CANCEL: &str = "Cancelar";
/// The note under the buttons.
pub const ENTER_KEYS: &str = "Enter entra  ·  Esc fecha";
/// The note under the buttons while connecting.
pub const CONNECTING_KEYS: &str = "Esc cancela";
/// The text of the button while connecting.
pub const CONNECTING: &str = "Conectando…";

/// The heading of the conversations.
pub const CONVERSATIONS: &str = "Conversas";
/// The name of the room.
pub const ROOM: &str = "Sala";
/// The note under the room's name.
pub const ROOM_NOTE: &str = "todos na rede leem o que se escreve aqui";
/// The tooltip of the list of people.
pub const PEOPLE_TIP: &str = "Duplo clique: conversar em privado. Botão direito: mais.";
/// The heading of the people.
pub const PEOPLE: &str = "Pessoas";
/// The hint in the field that filters the people.
pub const FILTER: &str = "Filtrar pessoas";
/// The note in the list of people when no name is left.
pub const NOBODY_FOUND: &str = "Ninguém com esse nome";
/// The mark beside the user's own name.
pub const YOU: &str = "você";
/// The hint in the field of the find bar while it is empty.
pub const FIND_HINT: &str = "Procurar na conversa";
/// The button to the hit above.
pub const FIND_PREVIOUS: &str = "Anterior (Enter)";
/// The button to the hit below.
pub const FIND_NEXT: &str = "Próximo (F3)";
/// The button that closes the find bar.
pub const FIND_CLOSE: &str = "Fechar (Esc)";
/// The button that opens the find bar.
pub const FIND: &str = "Procurar (Ctrl+F)";
/// The button that saves the conversation.
pub const SAVE: &str = "Salvar a conversa (Ctrl+S)";
/// The button that makes alerts silent.
pub const SOUND_OFF: &str = "Silenciar os avisos";
/// The button that makes alerts heard again.
pub const SOUND_ON: &str = "Avisar com som";
/// The button for the dark look.
pub const DARK: &str = "Tema escuro";
/// The button for the light look.
pub const LIGHT: &str = "Tema claro";
/// The button that shows the people in a narrow window.
pub const SHOW_PEOPLE: &str = "Pessoas";
/// The button that sends a failed message again.
pub const TRY_AGAIN: &str = "Tentar de novo";
/// The button beside it, which gives the message up.
pub const DISCARD: &str = "Descartar";
/// The button that sends.
pub const SEND: &str = "Enviar";
/// The button that leaves.
pub const LEAVE: &str = "Sair";
/// The note in an empty conversation.
pub const NOTHING_YET: &str = "Nada por aqui ainda";

/// The line under messages that were said before the user came.
pub const BEFORE_ENTERING: &str = "antes de você entrar";
/// The line above the first message while older ones are on their way.
pub const OLDER_COMING: &str = "carregando mensagens anteriores…";
/// The line above the first message of all.
pub const BEGINNING: &str = "início da conversa";
/// The line above new messages.
pub const NEW_MESSAGES: &str = "novas mensagens";
/// The note at a message without a receipt.
pub const SENDING: &str = "enviando…";
/// The note at a private message whose addressee is away.
pub const KEPT: &str = "lê quando voltar";
/// The note at a message that did not arrive; the reason follows.
pub const NOT_SENT: &str = "Não enviada.";
/// The note on a private message to the user.
pub const PRIVATE_TO_YOU: &str = "privado para você";
/// The heading of the operator's notice.
pub const NOTICE: &str = "Aviso do servidor";
/// The word between the last two of several names.
pub const AND: &str = " e ";

/// The title of the banner.
pub const LOST: &str = "Conexão perdida";
/// The text of the banner while an attempt is under way.
pub const RECONNECTING: &str = "reconectando…";
/// The button in the banner.
pub const RETRY: &str = "Tentar agora";
/// The note beside the chip of the text field when the text has no addressee.
pub const WILL_NOT_BE_SENT: &str = "não será enviada";

/// Menu of a conversation: copies the selection.
pub const COPY: &str = "Copiar";
/// Menu of a conversation, on a link: copies its address.
pub const COPY_LINK: &str = "Copiar link";
/// Menu of a conversation: selects everything.
pub const SELECT_ALL: &str = "Selecionar tudo";
/// Menu of a conversation: opens the find bar.
pub const FIND_MENU: &str = "Procurar";
/// Menu of a conversation: saves it to a file.
pub const SAVE_MENU: &str = "Salvar a conversa";
/// Menu of a conversation in a narrow window: switches the sound of alerts.
pub const SOUND_MENU: &str = "Som dos avisos";
/// Menu of a conversation: opens the list of keys and commands.
pub const HELP_MENU: &str = "Teclas e comandos";

/// Menu of a person: opens the private conversation.
pub const WHISPER: &str = "Conversar em privado";
/// The shortcut shown beside that entry.
pub const WHISPER_HINT: &str = "duplo clique";
/// Menu of a person: names the person in the text for the room.
pub const MENTION: &str = "Mencionar na Sala";
/// Menu of a person: copies the name.
pub const COPY_NAME: &str = "Copiar nome";
/// Menu of a person: copies the address.
pub const COPY_ADDRESS: &str = "Copiar IP:porta";

/// The button that closes an alert.
pub const CLOSE: &str = "Fechar";
/// The title of the dialog that asks where to save.
pub const SAVE_TITLE: &str = "Salvar a conversa";
/// The title while the desktop asks where to save.
pub const ASKING_TITLE: &str = "Salvando a conversa";
/// The text while the desktop asks where to save.
pub const ASKING: &str = "Outra janela pergunta em que arquivo.";
/// The button that goes back to the chat while the desktop asks.
pub const BACK_TO_CHAT: &str = "Voltar à conversa";
/// The title of the question whether to replace an existing file.
pub const REPLACE_TITLE: &str = "Substituir o arquivo?";
/// The button that replaces the file.
pub const REPLACE: &str = "Substituir";
/// The label of the field for the path.
pub const SAVE_PATH: &str = "Em que arquivo? A conversa é gravada como texto.";
/// The accessible name of the field for the path.
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

/// The name of a conversation.
pub fn place(id: &ConversationId) -> &str {
    match id {
        ConversationId::Room => ROOM,
        ConversationId::Direct(name) => name.as_str(),
    }
}

/// The title of the talking window.
pub fn title(unread: usize, name: &str, address: &str) -> String {
    let unread = if unread > 0 { format!("({unread}) ") } else { String::new() };
    format!("{unread}Papo — {name} ({address})")
}

/// The note under the name of a private conversation.
pub fn private_note(name: &str, address: Option<&str>) -> String {
    match address {
        Some(address) => format!("só você e {name} leem  ·  {address}"),
        None => format!("{name} não está no chat"),
    }
}

/// The hint in the text field while it is empty and goes to all.
pub const MESSAGE_TO_ROOM: &str = "Mensagem para a Sala";

/// The hint in the text field in a private conversation.
pub fn message_to(name: &str) -> String {
    format!("Mensagem para {name}")
}

/// The text of the chip of the text field: the addressee of a private message.
pub fn private_for(name: &str) -> String {
    format!("Privado para {name}")
}

/// The note beside that chip.
pub fn only_reads(name: &str) -> String {
    format!("só {name} vai ler")
}

/// The text of the chip when the addressee is not there.
pub fn nobody(name: &str) -> String {
    if name.is_empty() { WHOM.to_owned() } else { format!("{name} não está no chat") }
}

/// The text of the chip while the addressee's name is being typed.
pub const WHOM: &str = "Para quem?";

/// The text of the chip when the addressee is the sender.
pub const ONESELF: &str = "Esse nome é o seu";

/// The note beside the chip: the first of the names that begin with the text typed.
pub fn completed_by_tab(names: &[Name]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(Name::as_str).collect();
    let more = if names.len() > SHOWN { "…" } else { "" };
    format!("Tab: {}{more}", shown.join(", "))
}

/// The note on the user's own private message.
pub fn private_to(name: &str) -> String {
    format!("privado para {name}")
}

/// The text of the pill that counts new messages.
pub fn new_messages(count: usize) -> String {
    if count == 1 { "1 nova".to_owned() } else { format!("{count} novas") }
}

/// A person's name and address.
pub fn person(name: impl Display, address: impl Display) -> String {
    format!("{name} ({address})")
}

/// The line about members who came.
pub fn came(names: &str, is_plural: bool) -> String {
    format!("{names} {}", if is_plural { "entraram" } else { "entrou" })
}

/// The line about members who went.
pub fn went(names: &str, is_plural: bool) -> String {
    format!("{names} {}", if is_plural { "saíram" } else { "saiu" })
}

/// The rest of the members who came or went.
pub fn and_more(count: usize) -> String {
    format!("mais {count}")
}

/// The rest of the members who came and went, behind the first of them.
pub fn and_more_changes(first: &str, count: usize) -> String {
    format!("{first} e mais {count} entradas e saídas")
}

/// The line of a conversation in the list: its newest message.
pub fn preview(preview: &Preview<'_>) -> String {
    let from = match preview.from {
        Some(Speaker::Me) => YOU,
        Some(Speaker::Member(name)) => name.as_str(),
        Some(Speaker::Operator) => NOTICE,
        None => return preview.line.to_owned(),
    };
    format!("{from}: {}", preview.line)
}

/// The tooltip of a conversation of which only the avatar is shown.
pub fn tag(title: &str, unread: usize) -> String {
    match unread {
        0 => title.to_owned(),
        1 => format!("{title}  ·  1 não lida"),
        _ => format!("{title}  ·  {unread} não lidas"),
    }
}

/// The number of people, in words.
pub fn people(count: usize) -> String {
    if count == 1 { "1 pessoa".to_owned() } else { format!("{count} pessoas") }
}

/// The note at the right of the status bar.
pub fn status_note(text_size: u16) -> String {
    format!("F1 atalhos  ·  {text_size}%")
}

/// The question whether to replace an existing file.
pub fn replace_question(name: &str) -> String {
    format!("Já existe um arquivo {name} nessa pasta. Deseja substituir o que está nele?")
}

/// The text of the banner until the next attempt.
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

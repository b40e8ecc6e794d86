//! What people read of the program. Brazilian Portuguese.

use std::fmt::Display;

use papo_common::{Limits, Name};

use crate::address::AddressError;
use crate::message::ConnectError;

pub mod access;
pub mod alerts;
pub mod chooser;
pub mod help;
pub mod status;

/// `papo --help`.
pub const HELP: &str = "\
Papo: bate-papo na rede local.

Uso: papo [--server ENDEREÇO] [--name NOME]

  --server ENDEREÇO  servidor: host, host:porta, [v6] ou [v6]:porta (porta padrão: 12345)
  --name NOME        nome com que entrar; com --server, entra logo
  --help             mostra esta ajuda
  --version          mostra a versão
";

/// Nothing can be printed.
pub const NO_OUTPUT: &str = "Não foi possível escrever na saída";
/// An argument that is not even text.
pub const BAD_ARGUMENT: &str = "Argumento inválido. Use --help para ver as opções.";
/// There is nowhere to open a window.
pub const NO_DISPLAY: &str =
    "Não há tela onde abrir a janela (DISPLAY não está definida). Rode o papo em uma sessão gráfica.";

/// The title of the alert when the connection asked for could not be made.
pub const CONNECTION_ERROR: &str = "Erro de conexão";
/// Its text; the reason stands under it.
pub const SERVER_UNAVAILABLE: &str = "Servidor indisponível ou entrada inválida.";
/// The title of the alert when the server ended, or put one out.
pub const DISCONNECTED: &str = "Desconectado";
/// Its text when the server ended.
pub const SERVER_CLOSED: &str = "O servidor foi encerrado. O chat será fechado.";
/// The question under it.
pub const SAVE_QUESTION: &str = "Deseja salvar a conversa?";
/// The answer that saves.
pub const SAVE: &str = "Salvar…";
/// The answer that does not.
pub const DO_NOT_SAVE: &str = "Não salvar";
/// The title of the alert when the conversation could not be written.
pub const NOT_SAVED: &str = "A conversa não foi salva";
/// The server took the connection and gave it up before one was in.
pub const CLOSED_BEFORE_WELCOME: &str = "O servidor encerrou a conexão.";
/// Something answers there that does not speak as a Papo server does.
pub const NO_WELCOME: &str = "Algo responde nesse endereço, mas não como um servidor do Papo.";

/// At a message that was not confirmed before the connection ended.
pub const NOT_CONFIRMED: &str = "A conexão caiu antes da confirmação.";
/// In the room after coming back.
pub const BACK: &str = "Conexão restabelecida. O que foi dito nesse intervalo pode faltar.";
/// At a message that could not be sent again for want of a connection.
pub const NOT_SENT_AGAIN: &str = "Sem conexão. Tente de novo depois.";
/// In place of a message that was given up.
pub const DISCARDED: &str = "Mensagem descartada.";
/// At the field while nothing can be sent.
pub const NOT_CONNECTED: &str = "Sem conexão. O texto fica guardado aqui.";

/// Why a text is no address.
pub fn address_error(error: AddressError) -> &'static str {
    match error {
        AddressError::Empty => "Digite o endereço do servidor.",
        AddressError::Host => "Esse endereço não é válido. Exemplos: 192.168.0.2, servidor:12345, [fe80::1]:12345.",
        AddressError::Port => "A porta deve ser um número de 1 a 65535, como em servidor:12345.",
    }
}

/// Why a connection could not be made, and what one can do about it.
pub fn connect_error(error: ConnectError) -> &'static str {
    match error {
        ConnectError::Refused => "O servidor não está em execução naquela máquina.",
        ConnectError::NoAnswer => "Ninguém respondeu: o endereço está errado ou um firewall bloqueia o caminho.",
        ConnectError::NotFound => "Nenhuma máquina com esse nome foi encontrada na rede.",
        ConnectError::Unreachable => "Este computador não consegue usar a rede. Verifique a conexão.",
    }
}

/// The alert's text with the reason in plain words under it.
pub fn unavailable(reason: &str) -> String {
    format!("{SERVER_UNAVAILABLE}\n\n{reason}")
}

/// To whoever tries to write to someone who is not there.
pub fn not_here(name: &str) -> String {
    format!("{name} não está no chat.")
}

/// To whoever tries to send a text over the limits.
pub fn too_long(limits: &Limits) -> String {
    format!("Mensagem longa demais: o máximo é de {} bytes e {} linhas.", limits.text, limits.lines)
}

/// How much of a message's limits is used.
pub fn limit_note(bytes: usize, lines: usize, limits: &Limits) -> String {
    let word = if bytes > limits.text || lines > limits.lines { "Longa demais: " } else { "" };
    let lines = if lines > 1 { format!(", {lines} de {} linhas", limits.lines) } else { String::new() };
    format!("{word}{bytes} de {} bytes{lines}", limits.text)
}

/// To whoever types a command that does not exist.
pub fn unknown_command(word: &str) -> String {
    let word: String = word.chars().take(32).collect();
    format!("'{word}' não é um comando; nada foi enviado. Veja /ajuda, ou comece com // para enviar o texto.")
}

/// Where one stands among what was found.
pub fn found(current: Option<usize>, count: usize, is_more: bool) -> String {
    let more = if is_more { "+" } else { "" };
    current.map_or_else(|| "Nada encontrado".to_owned(), |current| format!("{} de {count}{more}", current + 1))
}

/// In the find bar while the server looks for older messages.
pub const SEARCHING: &str = "procurando no servidor…";

/// A link that the desktop could not open.
pub fn link_not_opened(link: &str) -> String {
    format!("Não foi possível abrir {link}.")
}

/// In a private conversation, when its name came back with another id.
pub fn another_person(name: &Name) -> String {
    format!("{name} entrou de novo e pode ser outra pessoa.")
}

/// In the place shown, when a private message was sent from there and stands elsewhere.
pub fn whispered(name: &Name) -> String {
    format!("Você escreveu a {name} em privado.")
}

/// In the place shown, when a private message that stands elsewhere failed.
pub fn whisper_failed(name: &Name, reason: &str) -> String {
    format!("A mensagem privada para {name} não foi entregue: {reason}")
}

/// The file that the conversation should go to cannot be written.
pub fn not_written(path: &impl Display, error: &impl Display) -> String {
    format!("Não foi possível escrever em {path}.\n\n{error}")
}

/// To whoever started the program from a terminal.
pub fn settings_not_saved(error: &impl Display) -> String {
    format!("papo: não foi possível guardar as preferências: {error}")
}

/// An option with a value that cannot be used.
pub fn bad_option(option: &str, value: &str, reason: &str) -> String {
    format!("Valor inválido '{value}' para {option}: {reason}")
}

/// An option without its value.
pub fn missing_value(option: &str) -> String {
    format!("A opção '{option}' precisa de um valor. Use --help para ver as opções.")
}

/// An option or argument that does not exist.
pub fn unknown_argument(argument: &str) -> String {
    format!("Argumento desconhecido '{argument}'. Use --help para ver as opções.")
}

/// An option that takes no value got one.
pub fn unexpected_value(option: &str) -> String {
    format!("A opção '{option}' não aceita valor. Use --help para ver as opções.")
}

/// There is a display, but it takes no connection.
pub fn display_unreachable(display: &str) -> String {
    format!("Não foi possível abrir a tela '{display}'. Verifique a variável DISPLAY.")
}

/// Words of a saved conversation.
pub mod transcript {
    use std::fmt::Display;

    /// Heads the room.
    pub const ROOM: &str = "Sala";
    /// Marks the operator's word.
    pub const NOTICE: &str = "Aviso do servidor";
    /// After a message that is not confirmed yet.
    pub const PENDING: &str = " (não confirmada)";

    /// Heads a private conversation.
    pub fn private(name: impl Display) -> String {
        format!("Privado com {name}")
    }

    /// Somebody came.
    pub fn came(name: impl Display, addr: impl Display) -> String {
        format!("{name} ({addr}) entrou")
    }

    /// Somebody went.
    pub fn went(name: impl Display, addr: impl Display) -> String {
        format!("{name} ({addr}) saiu")
    }

    /// After a message that did not arrive.
    pub fn failed(reason: &str) -> String {
        format!(" (não enviada: {reason})")
    }

    /// The file's name as suggested.
    pub fn file_name(day: impl Display) -> String {
        format!("papo-{day}.txt")
    }

    /// The same for a private conversation; what no file can be called by becomes `_`.
    pub fn private_file_name(name: &str, day: impl Display) -> String {
        let name: String = name.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
        format!("papo-{name}-{day}.txt")
    }
}

/// Words of the windows.
pub mod window {
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
    /// The files it shows.
    pub const SAVE_FILTER: &str = "Texto\t*.txt";

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
        if name.is_empty() { "Para quem?".to_owned() } else { format!("{name} não está no chat") }
    }

    /// On one's own private message.
    pub fn private_to(name: &str) -> String {
        format!("privado para {name}")
    }

    /// On the pill.
    pub fn new_messages(count: usize) -> String {
        if count == 1 { "1 nova".to_owned() } else { format!("{count} novas") }
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

    /// The last line of a conversation in the list.
    pub fn last_line(who: &str, text: &str) -> String {
        format!("{who}: {text}")
    }

    /// How many are there.
    pub fn people(count: usize) -> String {
        if count == 1 { "1 pessoa".to_owned() } else { format!("{count} pessoas") }
    }

    /// The status bar.
    pub fn connected(server: &str, count: usize) -> String {
        format!("conectado a {server} · {}", people(count))
    }

    /// At the right of the status bar.
    pub fn status_note(text_size: u16) -> String {
        format!("F1 atalhos  ·  {text_size}%")
    }

    /// The banner.
    pub fn reconnecting_in(seconds: u32) -> String {
        format!("reconectando em {seconds} s")
    }
}

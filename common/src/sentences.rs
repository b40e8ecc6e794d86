//! Sentences for people, in both dialects.

use crate::{CloseReason, NameError, Refusal};

/// Behind the name of a member that came, in front of its address.
pub(crate) const JOINED: &str = " entrou no chat de ";
/// Behind the name of a member that went.
pub(crate) const LEFT: &str = " saiu do chat.";
/// In front of the names of all members.
pub(crate) const USERS: &str = "Usuários ativos: ";
/// Behind those names, in front of the number of members that are not named.
pub(crate) const MORE: &str = " … e mais ";
/// Behind a private line.
pub(crate) const PRIVATE: &str = " (privado)";
/// Behind a public line that ends like a private one.
pub(crate) const PUBLIC: &str = " (público)";
/// In front of a notice.
pub(crate) const NOTICE: &str = "Aviso do servidor: ";
/// In front of the reason for which a member is removed.
pub(crate) const REMOVED: &str = "Você foi removido: ";

/// The notice with which a lesson begins.
pub const LESSON_BEGINS: &str = "Nova aula.";
/// To the sender of a private message to itself.
pub const TO_ONESELF: &str = "Você não pode enviar mensagens privadas para si mesmo.";
/// To a classic sender of `@nome` without text, or of `@ texto`.
pub const BAD_FORMAT: &str = "Formato inválido. Use @nome mensagem.";
/// To the sender of a line that is no request.
pub const MALFORMED: &str = "Pedido inválido.";
/// To a member that the operator has silenced.
pub const MUTED: &str = "Você está silenciado.";
/// To the sender of a `ref` that the server no longer remembers.
pub const REF_OLD: &str = "Não se sabe mais se essa mensagem foi enviada.";
/// To the sender of a search for nothing.
pub const NOTHING_TO_FIND: &str = "Não há o que procurar nesse texto.";
/// To the sender of a `history` or `search` after the history has failed.
pub const UNAVAILABLE: &str = "O histórico falhou: não há resposta a essa pergunta.";
/// To a newcomer when there is no place left.
pub const ROOM_FULL: &str = "A sala está cheia.";

/// To the sender of a private message to someone who is not there.
pub fn no_such_user(name: &str) -> String {
    format!("Usuário {name} não encontrado.")
}

/// To the sender of a text over the limit.
pub fn too_long(bytes: usize) -> String {
    format!("Mensagem longa demais (máximo de {bytes} bytes).")
}

/// The sentence for a newcomer who may not enter.
pub fn refusal(reason: Refusal) -> &'static str {
    match reason {
        Refusal::NameInUse => "Esse nome já está em uso. Tente outro.",
        Refusal::NameInvalid => "Esse nome não pode ser usado. Tente outro.",
        Refusal::Version => "Este programa fala uma versão que o servidor não conhece.",
        Refusal::Malformed | Refusal::Unknown => MALFORMED,
        Refusal::RoomFull => ROOM_FULL,
        Refusal::Banned => "Este endereço não pode entrar no chat.",
        Refusal::Muted => "Este endereço está silenciado: entre com o nome que já usava.",
        Refusal::NoName => "O tempo para dizer um nome acabou. Conecte-se de novo.",
    }
}

/// The sentence for a member whose connection the server closes.
pub fn closing(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Kicked => "Decisão do operador.",
        CloseReason::Banned => "Este endereço não pode entrar no chat.",
        CloseReason::Slow => "A conexão não acompanhou a conversa.",
        CloseReason::Idle => "A conexão ficou muito tempo sem resposta.",
        CloseReason::Replaced => "Você entrou de novo por outra conexão.",
        CloseReason::Unknown => "O servidor encerrou esta conexão.",
    }
}

/// The reason why a text is no name, for the person who typed it.
pub fn name_error(error: NameError) -> &'static str {
    match error {
        NameError::Empty => "Digite um nome.",
        NameError::TooLong => "O nome pode ter no máximo 32 caracteres.",
        NameError::SpaceOrAt => "O nome não pode conter espaços ou '@'.",
        NameError::Character => "O nome só pode ter letras, números e pontuação.",
        NameError::NoLetter => "O nome precisa ter pelo menos uma letra ou um número.",
        NameError::Edge => "O nome não pode começar com '{' nem terminar com ':' ou ','.",
        NameError::Reserved => "Esse nome é reservado. Tente outro.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::MAX_NAME;

    #[test]
    fn a_long_name_is_told_the_limit() {
        assert!(name_error(NameError::TooLong).contains(&format!(" {MAX_NAME} ")));
    }
}

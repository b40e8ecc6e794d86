//! The list of keys and commands: F1 and `/ajuda`.

/// Its title.
pub const TITLE: &str = "Teclas e comandos";

/// A line of the list: keys, which the keymap binds to it, or something to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Typed(&'static str),
    Send,
    NewLine,
    Complete,
    SentBefore,
    NextConversation,
    PreviousConversation,
    Page,
    Ends,
    ToEnd,
    Copy,
    Links,
    SelectAll,
    Save,
    Menu,
    Find,
    Hits,
    HitAbove,
    HitBelow,
    Zoom,
    UsualSize,
    Help,
}

/// A heading with its lines: the keys or the words, and what they do.
pub(crate) type Section = (&'static str, &'static [(Topic, &'static str)]);

/// All of it.
pub(crate) const SECTIONS: [Section; 4] = [
    (
        "Escrever",
        &[
            (Topic::Send, "envia"),
            (Topic::NewLine, "nova linha"),
            (Topic::Typed("@nome texto"), "mensagem privada"),
            (Topic::Complete, "completa um nome"),
            (Topic::SentBefore, "o que você já enviou"),
        ],
    ),
    (
        "Conversas",
        &[
            (Topic::NextConversation, "conversa seguinte"),
            (Topic::PreviousConversation, "conversa anterior"),
            (Topic::Page, "rola a conversa"),
            (Topic::Ends, "início e fim, na conversa em foco"),
            (Topic::ToEnd, "volta ao fim da conversa"),
            (Topic::Copy, "copia o que está selecionado"),
            (Topic::Links, "links, na conversa em foco"),
            (Topic::SelectAll, "seleciona tudo"),
            (Topic::Save, "salva a conversa em um arquivo"),
            (Topic::Menu, "menu do que está em foco"),
        ],
    ),
    (
        "Procurar e ver",
        &[
            (Topic::Find, "procura na conversa"),
            (Topic::Hits, "resultado abaixo, acima"),
            (Topic::HitAbove, "resultado acima, na procura"),
            (Topic::HitBelow, "resultado abaixo, na procura"),
            (Topic::Zoom, "aumenta e diminui o texto"),
            (Topic::UsualSize, "texto no tamanho normal"),
            (Topic::Help, "esta ajuda"),
        ],
    ),
    (
        "Comandos",
        &[
            (Topic::Typed("/ajuda"), "esta ajuda"),
            (Topic::Typed("/limpar"), "esvazia a conversa nesta janela"),
            (Topic::Typed("/salvar"), "salva a conversa em um arquivo"),
            (Topic::Typed("/tema"), "tema claro ou escuro"),
            (Topic::Typed("/som"), "liga ou desliga o som dos avisos"),
            (Topic::Typed("/sair"), "sai do chat"),
            (Topic::Typed("//texto"), "envia um texto que começa com /"),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed() {
        let listed: Vec<Topic> = SECTIONS.iter().flat_map(|(_, lines)| *lines).map(|(topic, _)| *topic).collect();
        for command in ["/ajuda", "/limpar", "/salvar", "/tema", "/som", "/sair"] {
            assert!(listed.contains(&Topic::Typed(command)), "{command}");
        }
    }
}

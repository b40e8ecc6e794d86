//! The list of keys and commands: F1 and `/ajuda`.

/// Its title.
pub const TITLE: &str = "Teclas e comandos";
/// Beside it.
pub const CLOSE_HINT: &str = "Esc fecha";

/// A heading with its lines: what to press or type, and what it does.
pub type Section = (&'static str, &'static [(&'static str, &'static str)]);

/// All of it.
pub const SECTIONS: [Section; 4] = [
    (
        "Escrever",
        &[
            ("Enter", "envia"),
            ("Shift+Enter", "nova linha"),
            ("@nome texto", "mensagem privada"),
            ("Tab", "completa um nome"),
            ("↑ ↓", "o que você já enviou"),
        ],
    ),
    (
        "Conversas",
        &[
            ("Ctrl+Tab", "conversa seguinte"),
            ("Ctrl+Shift+Tab", "conversa anterior"),
            ("Page Up / Down", "rola a conversa"),
            ("Home / End", "início e fim, na conversa em foco"),
            ("Esc", "volta ao fim da conversa"),
            ("Ctrl+C", "copia o que está selecionado"),
            ("← → e Enter", "links, na conversa em foco"),
            ("Ctrl+A", "seleciona tudo"),
            ("Ctrl+S", "salva a conversa em um arquivo"),
            ("Menu, Shift+F10", "menu do que está em foco"),
        ],
    ),
    (
        "Procurar e ver",
        &[
            ("Ctrl+F", "procura na conversa"),
            ("F3, Shift+F3", "resultado abaixo, acima"),
            ("Enter", "resultado acima, na procura"),
            ("Shift+Enter", "resultado abaixo, na procura"),
            ("Ctrl + e −", "aumenta e diminui o texto"),
            ("Ctrl+0", "texto no tamanho normal"),
            ("F1", "esta ajuda"),
        ],
    ),
    (
        "Comandos",
        &[
            ("/ajuda", "esta ajuda"),
            ("/limpar", "esvazia a conversa nesta janela"),
            ("/salvar", "salva a conversa em um arquivo"),
            ("/tema", "tema claro ou escuro"),
            ("/som", "liga ou desliga o som dos avisos"),
            ("/sair", "sai do chat"),
            ("//texto", "envia um texto que começa com /"),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed() {
        let listed: Vec<&str> = SECTIONS.iter().flat_map(|(_, lines)| *lines).map(|(keys, _)| *keys).collect();
        for command in ["/ajuda", "/limpar", "/salvar", "/tema", "/som", "/sair"] {
            assert!(listed.contains(&command), "{command}");
        }
    }
}

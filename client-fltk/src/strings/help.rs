//! The list of keys and commands: F1 and `/ajuda`.

/// Its title.
pub const TITLE: &str = "Teclas e comandos";

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
            ("Tab", "completa um nome; de novo, o próximo"),
            ("↑ ↓", "o que você já enviou"),
        ],
    ),
    (
        "Conversas",
        &[
            ("Ctrl+Tab", "próxima conversa; com Shift, a anterior"),
            ("Page Up, Page Down", "rola a conversa"),
            ("Esc", "volta ao fim da conversa"),
            ("Ctrl+C", "copia o que está selecionado"),
            ("Ctrl+A", "seleciona tudo"),
        ],
    ),
    (
        "Procurar e ver",
        &[
            ("Ctrl+F", "procura na conversa"),
            ("F3", "próximo resultado; com Shift, o anterior"),
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
            ("/sair", "sai do chat"),
            ("//texto", "envia um texto que começa com /"),
        ],
    ),
];

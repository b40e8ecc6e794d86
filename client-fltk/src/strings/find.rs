//! Words of the find bar.

use crate::core::FindSummary;

/// The result of a search.
pub fn summary(summary: FindSummary) -> String {
    match summary {
        FindSummary::Idle => String::new(),
        FindSummary::Searching => "procurando no servidor…".to_owned(),
        FindSummary::MayAsk => "Nada aqui; Enter procura no servidor".to_owned(),
        FindSummary::NotAllSeen => "Nada até aqui, mas nem tudo foi visto".to_owned(),
        FindSummary::Nothing => "Nada encontrado".to_owned(),
        FindSummary::At { number, count, is_more } => {
            format!("{number} de {count}{}", if is_more { "+" } else { "" })
        }
    }
}

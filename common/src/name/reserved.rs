//! Reserved names.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::category::{Category, category};
use crate::lookalike::{folded, unfolded};
use crate::words;

/// Names that people would take for the program's own voice.
const WORDS: [&str; 8] = ["servidor", "sala", "você", "sistema", "papo", "todos", "ok", "avisodoservidor"];

/// First lines that port scanners send to a service that does not greet them, as far as they would be names: the others
/// hold a space or a control character. Reserved in exactly this spelling: `Help` is a name.
const PROBES: [&str; 4] = ["HELP", "EHLO", "QUIT", "stats"];

/// Whether this composed name is reserved.
pub(super) fn is_reserved(composed: &str) -> bool {
    static KEYS: LazyLock<Keys> = LazyLock::new(Keys::new);
    let bare = bare(composed);
    PROBES.contains(&composed)
        || KEYS.folded.contains(&without_punctuation(&folded(&bare)))
        || KEYS.unfolded.contains(&without_punctuation(&unfolded(&bare)))
}

/// The keys of the reserved words, by both rules for names that look the same.
struct Keys {
    folded: HashSet<String>,
    unfolded: HashSet<String>,
}

impl Keys {
    fn new() -> Keys {
        let words = || WORDS.iter().chain(&words::ALL).map(|word| bare(word));
        let spellings = |word: String| {
            let mut capitalized = word.to_lowercase();
            if let Some(first) = capitalized.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            [word.to_lowercase(), word.to_uppercase(), capitalized]
        };
        Keys {
            folded: words().map(|word| folded(&word)).collect(),
            unfolded: words().flat_map(spellings).map(|word| unfolded(&word)).collect(),
        }
    }
}

/// The letters and digits of a composed name: `S-a-l-a` is still `Sala`.
fn bare(name: &str) -> String {
    name.nfc().filter(|&character| category(character) == Some(Category::LetterOrDigit)).collect()
}

/// The key without punctuation, which some letters look like: `ː` like `:`.
fn without_punctuation(look: &str) -> String {
    look.chars().filter(|&c| matches!(category(c), Some(Category::LetterOrDigit | Category::Mark))).collect()
}

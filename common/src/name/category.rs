//! The characters that names may hold.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};

/// A kind of character that names may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Category {
    LetterOrDigit,
    Mark,
    Punctuation,
}

/// The category of `character`; `None` for characters that no name may hold.
pub(super) fn category(character: char) -> Option<Category> {
    if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) {
        return None;
    }
    let general = CodePointMapData::<GeneralCategory>::new().get(character);
    if GeneralCategoryGroup::Letter.contains(general) || general == GeneralCategory::DecimalNumber {
        Some(Category::LetterOrDigit)
    } else if GeneralCategoryGroup::Mark.contains(general) {
        Some(Category::Mark)
    } else if GeneralCategoryGroup::Punctuation.contains(general) {
        Some(Category::Punctuation)
    } else {
        None
    }
}

//! The content of a dialog.

/// The content of a dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// Its title.
    pub(crate) title: String,
    /// Its text.
    pub(crate) text: String,
    /// Its sections, in place of a text.
    pub(crate) sections: Vec<Section>,
    /// The text in the field; `None` if there is no field.
    pub(crate) field: Option<String>,
    /// Whether the text in the field is wrong.
    pub(crate) is_wrong: bool,
    /// The button that Enter presses: [`crate::core::message::Message::DialogAccepted`].
    pub(crate) accept: Option<&'static str>,
    /// The other button: [`crate::core::message::Message::DialogCancelled`], as Esc.
    pub(crate) cancel: Option<&'static str>,
}

/// A heading with its lines: keys, and what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) heading: &'static str,
    pub(crate) lines: Vec<(String, &'static str)>,
}

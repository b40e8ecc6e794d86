//! The families that text is drawn with, in the words of FLTK on each system.

/// For text, and for names, headings and buttons: one family each, after a letter for the style.
#[cfg(windows)]
pub const FAMILIES: (&str, &str) = (" Segoe UI", "BSegoe UI");

/// For text, and for names, headings and buttons: Pango takes the first family that is installed.
#[cfg(not(windows))]
pub const FAMILIES: (&str, &str) =
    ("Noto Sans, Inter, Ubuntu, Cantarell, DejaVu Sans", "Noto Sans, Inter, Ubuntu, Cantarell, DejaVu Sans Semi-Bold");

//! Parts that every window is made of.

pub(crate) mod accessible;
pub(crate) mod avatar;
pub(crate) mod button;
pub(crate) mod dialog;
pub(crate) mod draw;
pub(crate) mod field;
pub(crate) mod focus;
pub(crate) mod graphemes;
pub(crate) mod icon;
pub(crate) mod list;
pub(crate) mod menu;
pub(crate) mod overlay;
pub(crate) mod panel;
pub(crate) mod rect;
pub(crate) mod scale;
pub(crate) mod scroll_bar;
pub(crate) mod shadow;
pub(crate) mod stack;
pub(crate) mod theme;
pub(crate) mod timer;
pub(crate) mod tooltip;

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
mod overlay;
pub(crate) mod panel;
pub(crate) mod rect;
pub(crate) mod scale;
pub(crate) mod scroll_bar;
pub(crate) mod shadow;
pub(crate) mod theme;
pub(crate) mod timer;
mod tooltip;

pub(crate) use accessible::{Accessible, placed, tell_all, told};
pub(crate) use button::{Button, Face};
pub(crate) use dialog::Dialog;
pub(crate) use draw::{BODY, CHIP, HEADING, NAME, SMALL};
pub(crate) use field::Field;
pub(crate) use focus::FocusKeeper;
pub(crate) use icon::Icon;
pub(crate) use list::List;
pub(crate) use menu::Menu;
pub(crate) use overlay::Overlay;
pub(crate) use panel::{Panel, place, redraw_window};
pub(crate) use rect::Rect;
pub(crate) use scroll_bar::Scroll;
pub(crate) use theme::palette;
pub(crate) use timer::Timer;
pub(crate) use tooltip::RowTooltip;

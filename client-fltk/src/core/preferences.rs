//! Preferences: choices of the person, and the last servers, name and window size. The desktop chooses the look until
//! the person does.

use serde::{Deserialize, Serialize};

use crate::net::Address;

/// Preferences and recent servers, remembered from one start to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Preferences {
    /// The servers entered, the last one first, at most [`Preferences::MAX_SERVERS`].
    pub servers: Vec<Recent>,
    /// The name last entered under.
    pub name: String,
    /// The look, once the person has chosen one.
    pub theme: Option<Theme>,
    /// The size of the talking window, in pixels.
    pub window: Option<(i32, i32)>,
    /// The size of the text, in percent of the usual.
    pub text_size: Option<u16>,
    /// Whether alerts are silent.
    pub muted: bool,
}

impl Preferences {
    /// Older servers are forgotten.
    pub const MAX_SERVERS: usize = 8;

    /// The size of the text, in percent of the usual: the nearest to the remembered one, whatever the file says.
    pub fn text_size(&self) -> u16 {
        let nearest = |size: u16| SIZES.into_iter().min_by_key(|it| it.abs_diff(size));
        self.text_size.and_then(nearest).unwrap_or(TextStep::USUAL)
    }

    /// Notes that `address` was entered under `name`.
    pub fn entered(&mut self, address: &Address, name: &str, at: u64) {
        let address = address.to_string();
        self.servers.retain(|recent| recent.address != address);
        self.servers.insert(0, Recent { address, at });
        self.servers.truncate(Preferences::MAX_SERVERS);
        name.clone_into(&mut self.name);
    }
}

/// A server used before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// The server's address as text.
    pub address: String,
    /// When it was last entered, Unix time in ms.
    pub at: u64,
}

/// The look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Dark text on light ground.
    #[default]
    Light,
    /// Light text on dark ground.
    Dark,
}

/// A step of the text's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextStep {
    /// Ctrl +.
    Larger,
    /// Ctrl −.
    Smaller,
    /// Ctrl 0.
    Usual,
}

/// The sizes to choose from, in percent.
const SIZES: [u16; 8] = [80, 90, 100, 110, 125, 150, 175, 200];

impl Theme {
    /// The other look.
    #[must_use]
    pub fn other(self) -> Theme {
        if self == Theme::Light { Theme::Dark } else { Theme::Light }
    }
}

impl TextStep {
    /// The size that counts as 100 %.
    pub const USUAL: u16 = 100;
    /// The smallest size.
    pub const SMALLEST: u16 = SIZES[0];

    /// The size after this step from `size`.
    pub(crate) fn from(self, size: u16) -> u16 {
        let next = match self {
            TextStep::Larger => SIZES.into_iter().find(|&it| it > size),
            TextStep::Smaller => SIZES.into_iter().rfind(|&it| it < size),
            TextStep::Usual => Some(TextStep::USUAL),
        };
        next.unwrap_or(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_servers_are_remembered_each_once() {
        let mut preferences = Preferences::default();
        for at in 0..20_u16 {
            let address = format!("sala:{}", 1 + at % 10).parse().expect("an address");
            preferences.entered(&address, "ana", u64::from(at));
        }
        let ports: Vec<&str> = preferences.servers.iter().map(|recent| &recent.address[5..]).collect();
        assert_eq!(ports, ["10", "9", "8", "7", "6", "5", "4", "3"]);
    }
}

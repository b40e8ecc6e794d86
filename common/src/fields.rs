//! The fields of a request, as they come: what one must hold depends on `type`, which may stand last.
//!
//! serde's own way is to set everything aside in a tree and to read it a second time from there, which cost more than
//! all else that the server does for a message.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::SafeInteger;

/// The names that some request's fields have.
#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
pub(crate) enum Key {
    Type,
    Name,
    Version,
    Session,
    Log,
    Since,
    PrivateSince,
    Ref,
    To,
    Text,
    Before,
    Count,
    /// Of a newer client.
    #[serde(other)]
    Unknown,
}

/// What stands in one field.
#[derive(Debug, Default, PartialEq)]
enum Value<'de> {
    #[default]
    Absent,
    Null,
    Text(Cow<'de, str>),
    Integer(u64),
    /// What no field holds. It is read all the same: a line that is no JSON, or nested too deep, is no request.
    Other,
    /// The field stands there more than once.
    Twice,
}

/// All fields of one object.
#[derive(Default)]
pub(crate) struct Fields<'de>([Value<'de>; Key::Unknown as usize]);

impl<'de> Fields<'de> {
    /// The text in that field; `None` if that is not what it holds.
    pub(crate) fn text(&mut self, key: Key) -> Option<Cow<'de, str>> {
        if let Value::Text(text) = self.take(key) { Some(text) } else { None }
    }

    /// The number in that field; `None` if that is not what it holds.
    pub(crate) fn number(&mut self, key: Key) -> Option<SafeInteger> {
        if let Value::Integer(number) = self.take(key) { SafeInteger::new(number) } else { None }
    }

    /// The number in a field that counts from 0, which is `Some(None)`; `None` if that is not what it holds.
    #[allow(clippy::option_option, reason = "nothing yet, and wrong, are two different things")]
    pub(crate) fn number_from_zero(&mut self, key: Key) -> Option<Option<SafeInteger>> {
        match self.take(key) {
            Value::Integer(0) => Some(None),
            Value::Integer(number) => SafeInteger::new(number).map(Some),
            _ => None,
        }
    }

    /// Whether anything stands in a field that may be left out.
    pub(crate) fn has(&self, key: Key) -> bool {
        !matches!(self.0[key as usize], Value::Absent | Value::Null)
    }

    fn take(&mut self, key: Key) -> Value<'de> {
        std::mem::take(&mut self.0[key as usize])
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfObject)
    }
}

struct OfObject;

impl<'de> Visitor<'de> for OfObject {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key::<Key>()? {
            match fields.0.get_mut(key as usize) {
                Some(field @ Value::Absent) => *field = map.next_value()?,
                Some(field) => {
                    map.next_value::<Value<'_>>()?;
                    *field = Value::Twice;
                }
                None => drop(map.next_value::<Value<'_>>()?),
            }
        }
        Ok(fields)
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfField)
    }
}

struct OfField;

impl<'de> Visitor<'de> for OfField {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text.to_owned().into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Integer(number))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<'de>, A::Error> {
        while list.next_element::<Value<'_>>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        while map.next_entry::<Value<'_>, Value<'_>>()?.is_some() {}
        Ok(Value::Other)
    }
}

//! The users that a welcome lists.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::memory::release_memory;
use crate::{MemberId, Name};

/// A member as others see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its name.
    pub name: Name,
    /// Its public id.
    pub id: MemberId,
    /// Its address.
    pub addr: SocketAddr,
}

/// The users of a room in order of joining, kept as the JSON array that a welcome carries: adding a user encodes that
/// user alone, and a clone shares the rest. Of 10,000 members that come at once, the welcomes list 50 million users.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserList {
    json: Arc<Json>,
    count: usize,
}

/// Nothing, or a JSON array.
#[derive(Clone, Default, PartialEq, Eq)]
struct Json(Vec<u8>);

impl UserList {
    /// Adds a user behind the others.
    pub fn push(&mut self, user: &User) {
        let Json(json) = Arc::make_mut(&mut self.json);
        // The end of the array.
        json.pop();
        json.push(if json.is_empty() { b'[' } else { b',' });
        // Writing to memory cannot fail and no type here refuses.
        let _ = serde_json::to_writer(&mut *json, user);
        json.push(b']');
        self.count += 1;
    }

    /// The number of users.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The users, decoded.
    pub fn to_vec(&self) -> Vec<User> {
        serde_json::from_slice(self.json()).unwrap_or_default()
    }

    /// The array as it stands on the wire.
    pub(crate) fn json(&self) -> &[u8] {
        if self.count == 0 { b"[]" } else { &self.json.0 }
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        release_memory(&mut self.0);
    }
}

impl FromIterator<User> for UserList {
    fn from_iter<I: IntoIterator<Item = User>>(users: I) -> UserList {
        let mut list = UserList::default();
        users.into_iter().for_each(|user| list.push(&user));
        list
    }
}

/// Bytes, which [`json::encode`](crate::json::encode) writes as they stand.
impl Serialize for UserList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.json())
    }
}

impl<'de> Deserialize<'de> for UserList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<UserList, D::Error> {
        Vec::<User>::deserialize(deserializer).map(UserList::from_iter)
    }
}

impl fmt::Debug for UserList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_vec().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: u128, name: &str) -> User {
        User { name: Name::parse(name).unwrap(), id: MemberId::from_random(id), addr: ([127, 0, 0, 1], 7).into() }
    }

    #[test]
    fn a_list_is_the_array_of_its_users() {
        for count in 0..4 {
            let users: Vec<User> = (0..count).map(|id| user(id, &format!(r#"","users":[]{id}"#))).collect();
            let list = UserList::from_iter(users.clone());
            assert_eq!(list.json(), serde_json::to_vec(&users).unwrap());
            assert_eq!((list.to_vec(), list.count()), (users, count as usize));
        }
    }

    #[test]
    fn a_clone_stays_as_it_is() {
        let mut list = UserList::from_iter([user(1, "ana")]);
        let earlier = list.clone();
        list.push(&user(2, "bia"));
        assert_eq!((earlier.to_vec(), list.count()), (vec![user(1, "ana")], 2));
    }
}

//! Ids and positions as a store keeps them.

use crate::actor::ActorId;
use crate::error::Result;
use crate::event::Position;

impl ActorId {
    /// The id that [`as_str`](ActorId::as_str) gave; for a [`Store`](super::Store) that reads its rows.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName) if the text is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use spawn::ActorId;
    ///
    /// let id = ActorId::parse("user_aggregate/user-42")?;
    /// assert_eq!((id.name(), id.instance()), ("user_aggregate", Some("user-42")));
    /// # Ok::<(), spawn::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once('/') {
            Some((name, instance)) => Self::checked(instance, Some(name)),
            None => Self::checked(text, None),
        }
    }
}

impl Position {
    /// The position that has this number in a log; for a [`Store`](super::Store) that reads its rows.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The number to write down; for a [`Store`](super::Store).
    pub const fn number(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::ActorId;

    #[test]
    fn an_id_comes_back_from_its_text() {
        for text in ["user", "user/a", "user/a/b", "user/%_ä", "a.b-c_d/ "] {
            assert_eq!(ActorId::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(ActorId::parse("user/a/b").unwrap().instance(), Some("a/b"));
        for text in ["", "/x", "x/", "a b", "x/\n", &"x".repeat(300)] {
            assert!(ActorId::parse(text).is_err(), "{text:?}");
        }
    }
}

//! Private payloads of public actors, private actions of public actors, and all between.

use spawn::prelude::*;

/// Seen by this module.
#[message(name = "hygiene.visibility.Secret")]
struct Secret {
    word: String,
}

/// Seen by this crate.
#[message(name = "hygiene.visibility.Keeper")]
pub(crate) struct Keeper {
    words: i64,
}

#[actor]
impl Keeper {
    #[action]
    fn keep(&mut self, secret: Secret) -> i64 {
        self.words += i64::from(!secret.word.is_empty());
        self.words
    }

    /// Seen by the crate.
    #[action]
    pub(crate) fn words(&self) -> i64 {
        self.words
    }
}

/// Seen by everyone.
#[message(name = "hygiene.visibility.Open")]
pub struct Open {
    words: i64,
}

#[actor]
impl Open {
    #[action]
    fn keep(&mut self, secret: Secret) -> i64 {
        self.words += i64::from(!secret.word.is_empty());
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn private_actions_are_dispatched_all_the_same() -> spawn::Result<()> {
        let system =
            System::builder("hygiene").in_memory().only::<(Open, Keeper)>().start().await?;
        let secret = Secret { word: "x".to_owned() };
        let words = system.invoke("open", "keep", secret.clone()).await?;
        assert_eq!(words.decode::<i64>()?, 1);
        assert_eq!(system.actor::<Keeper>().keep(secret).await?, 1);
        assert_eq!(system.actor::<Keeper>().words().await?, 1);
        Ok(())
    }
}

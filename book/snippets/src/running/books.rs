//! What went wrong.

// ANCHOR: books
use spawn::prelude::*;

#[message(name = "guide.Books")]
pub struct Books {
    total: i64,
}

#[actor(name = "guide_books", channels = [("guide.payments", book)])]
impl Books {
    #[action]
    fn book(&mut self, amount: i64) -> Result<(), ActionError> {
        if amount < 0 {
            return Err(ActionError::new("negative", "this is no payment").fatal());
        }
        self.total += amount;
        Ok(())
    }
}

pub async fn publish_what_fails(system: &System) -> spawn::Result<()> {
    system.broadcast(Broadcast::to("guide.payments", -5_i64)).await?;
    system.settled().await;

    let letters = system.dead_letters().list().await?;
    assert_eq!(letters[0].subscriber(), "guide_books");
    assert!(letters[0].error().contains("this is no payment"));
    assert!(system.dead_letters().discard(letters[0].id()).await?);
    Ok(())
}
// ANCHOR_END: books

#[tokio::test]
async fn what_fails_is_a_dead_letter() -> spawn::Result<()> {
    let system = System::builder("guide").in_memory().only::<(Books,)>().start().await?;
    publish_what_fails(&system).await?;
    system.shutdown().await
}

//! What lasts, where, and how it is found again.

use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;
use spawn::{ActorId, BoxError, ErrorKind};

// ANCHOR: revisions
#[message(name = "persistence.Cart")]
pub struct Cart {
    items: i64,
}

#[actor(kind = unnamed, name = "persistence_cart", revisions = 8)]
impl Cart {
    #[action]
    fn add(&mut self, ctx: &Context, items: i64) -> String {
        self.items += items;
        format!("{}: {}", ctx.id(), self.items)
    }
}

#[tokio::test]
async fn a_cart_goes_back_to_what_it_was() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Cart,)>()).await?;
    let cart = system.actor_by_id::<Cart>("ann");
    cart.add(2).await?;
    cart.add(1_000).await?;

    let id: ActorId = system.find().of::<Cart>().await?.remove(0);
    assert_eq!(system.history(&id).await?.len(), 2);
    let cart = system.spawn_actor::<Cart>("ann").revision(1).await?;
    assert_eq!(cart.add(1).await?, "persistence_cart/ann: 3");
    Ok(())
}
// ANCHOR_END: revisions

// ANCHOR: second
#[tokio::test]
async fn one_system_at_a_time_has_a_directory() -> Result<(), BoxError> {
    let directory = tempfile::tempdir()?;
    let builder = || System::builder("shop").only::<(Cart,)>().store(Sqlite::at(directory.path()));
    let first = builder().start().await?;

    let error = builder().start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains("is in use by the process"), "{error}");

    first.shutdown().await?;
    builder().start().await?.shutdown().await?;
    Ok(())
}
// ANCHOR_END: second

//! Reactions.

// ANCHOR: ledger
use spawn::prelude::*;

#[message(name = "guide.Ledger")]
pub struct Ledger {
    total: i64,
}

#[actor(name = "guide_ledger", channels = [("till.payments", book)])]
impl Ledger {
    #[action]
    fn book(&mut self, amount: i64) {
        self.total += amount;
    }

    #[action]
    fn total(&self) -> i64 {
        self.total
    }
}

#[tokio::test]
async fn payments_are_summed_up() -> spawn::Result<()> {
    use spawn::testing::TestSystem;

    let system = TestSystem::with(|builder| builder.only::<(Ledger,)>()).await?;
    system.broadcast(Broadcast::to("till.payments", 5_i64)).await?;
    system.broadcast(Broadcast::to("till.payments", 7_i64)).await?;
    system.settle().await;
    assert_eq!(system.actor::<Ledger>().total().await?, 12);
    Ok(())
}
// ANCHOR_END: ledger

//! A state and its actions.

// ANCHOR: account
use spawn::prelude::*;

#[message(name = "shop.Account")]
pub struct Account {
    balance: i64,
}

#[actor(name = "account", kind = unnamed)]
impl Account {
    #[action]
    fn deposit(&mut self, amount: i64) -> i64 {
        self.balance += amount;
        self.balance
    }

    #[action]
    fn withdraw(&mut self, amount: i64) -> Result<i64, ActionError> {
        self.balance -= amount;
        if self.balance < 0 {
            return Err(ActionError::new("overdrawn", "there is not so much"));
        }
        Ok(self.balance)
    }
}

pub async fn save_and_overdraw(system: &System) -> spawn::Result<()> {
    let account = system.actor_by_id::<Account>("ann");
    assert_eq!(account.deposit(50).await?, 50);
    assert!(account.withdraw(80).await.is_err());
    assert_eq!(account.deposit(0).await?, 50);
    Ok(())
}
// ANCHOR_END: account

#[tokio::test]
async fn a_failed_withdrawal_changes_nothing() -> spawn::Result<()> {
    let system = System::builder("bank").in_memory().start().await?;
    save_and_overdraw(&system).await?;
    system.shutdown().await
}

//! A system for each test.

// ANCHOR: stall
use spawn::prelude::*;

#[message(name = "guide.Sold")]
pub struct Sold {
    pub sku: String,
}

#[message(name = "guide.Stall")]
pub struct Stall {
    sold: i64,
}

#[actor(name = "guide_stall")]
impl Stall {
    #[action]
    fn sell(&mut self, sku: String) -> Result<Value<i64>, ActionError> {
        if sku.is_empty() {
            return Err(ActionError::new("no_sku", "there is nothing to sell").fatal());
        }
        self.sold += 1;
        Ok(Value::from(self.sold).broadcast(Broadcast::to("stall.sold", Sold { sku })))
    }
}

#[tokio::test]
async fn a_sale_is_announced() -> spawn::Result<()> {
    use spawn::testing::TestSystem;

    let system = TestSystem::with(|builder| builder.only::<(Stall,)>()).await?;
    let stall = system.actor::<Stall>();
    let mut events = system.probe("stall.*")?;

    assert_eq!(stall.sell("mug".to_owned()).await?, 1);
    let sold: Sold = events.expect().await;
    assert_eq!(sold.sku, "mug");

    let error = stall.sell(String::new()).await.unwrap_err();
    assert_eq!(error.cause::<ActionError>().unwrap().code(), "no_sku");
    events.expect_none().await;
    Ok(())
}
// ANCHOR_END: stall

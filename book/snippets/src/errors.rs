//! `book/src/errors.md`

// ANCHOR: cause
use spawn::ErrorKind;
use spawn::prelude::*;

#[message(name = "guide.Stock")]
pub struct Stock {
    left: u64,
}

#[actor(name = "guide_stock")]
impl Stock {
    #[action]
    fn take(&mut self, wanted: u64) -> Result<u64, ActionError> {
        let too_few = || ActionError::new("out_of_stock", "there is not so much").fatal();
        self.left = self.left.checked_sub(wanted).ok_or_else(too_few)?;
        Ok(self.left)
    }
}

pub async fn take_too_much(system: &System) {
    let error = system.actor::<Stock>().take(3).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);
    assert_eq!(error.cause::<ActionError>().map(ActionError::code), Some("out_of_stock"));
    assert!(!error.is_retryable());
}
// ANCHOR_END: cause

#[tokio::test]
async fn the_cause_is_found() -> spawn::Result<()> {
    let system = System::builder("guide").in_memory().start().await?;
    take_too_much(&system).await;
    system.shutdown().await
}

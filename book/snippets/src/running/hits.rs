//! Saved less often.

// ANCHOR: hits
use spawn::prelude::*;

#[message(name = "guide.Hits")]
pub struct Hits {
    count: u64,
}

#[actor(name = "guide_hits", snapshot_timeout = "5s")]
impl Hits {
    #[action]
    fn hit(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}
// ANCHOR_END: hits

#[tokio::test]
async fn a_hit_is_counted() -> spawn::Result<()> {
    let system = System::builder("guide").in_memory().start().await?;
    assert_eq!(system.actor::<Hits>().hit().await?, 1);
    system.shutdown().await
}

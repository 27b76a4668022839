//! Where the data is.

// ANCHOR: visits
use std::path::Path;

use spawn::prelude::*;
use spawn::store::Sqlite;

#[message(name = "guide.Visits")]
pub struct Visits {
    count: i64,
}

#[actor(name = "guide_visits")]
impl Visits {
    #[action]
    fn visit(&mut self) -> i64 {
        self.count += 1;
        self.count
    }
}

pub async fn start_twice(directory: &Path) -> spawn::Result<()> {
    for expected in 1..=2 {
        let system = System::builder("guide").store(Sqlite::at(directory)).start().await?;
        assert_eq!(system.actor::<Visits>().visit().await?, expected);
        system.shutdown().await?;
    }
    Ok(())
}
// ANCHOR_END: visits

#[tokio::test]
async fn what_an_actor_had_is_there_again() -> Result<(), spawn::BoxError> {
    let directory = tempfile::tempdir()?;
    start_twice(directory.path()).await?;
    Ok(())
}

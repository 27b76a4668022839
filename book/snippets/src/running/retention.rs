//! What is durable.

// ANCHOR: retention
use std::time::Duration;

use spawn::prelude::*;
use spawn::{ChannelOptions, SystemBuilder};

pub fn with_retention(builder: SystemBuilder) -> SystemBuilder {
    builder
        .channel("metrics.>", ChannelOptions::transient())
        .retention(Duration::from_hours(7 * 24))
}
// ANCHOR_END: retention

#[tokio::test]
async fn the_options_are_accepted() -> spawn::Result<()> {
    let system = with_retention(System::builder("guide").in_memory()).start().await?;
    system.shutdown().await
}

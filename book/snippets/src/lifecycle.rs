//! `book/src/lifecycle.md`
#![expect(clippy::print_stdout, reason = "the pages show programs for people")]

use spawn::prelude::*;

#[derive(Default)]
pub struct Oven {
    baked: u64,
}

#[actor(name = "guide_oven", stateful = false, channels = [("guide.orders", bake)])]
impl Oven {
    #[action]
    async fn bake(&mut self, _order: String) {
        std::future::pending::<()>().await;
        self.baked += 1;
    }

    #[action(timer = "30s")]
    fn look(&self) {}
}

// ANCHOR: recovery
pub fn report(system: &System) -> spawn::Result<()> {
    let found = system.recovery()?;
    if !found.was_closed() {
        println!("the last run has crashed");
    }
    for behind in found.behind() {
        println!("{} has {} events to come", behind.subscriber(), behind.events());
    }
    Ok(())
}
// ANCHOR_END: recovery

mod program {
    use super::Oven;
    use spawn::prelude::*;

    // ANCHOR: main
    use std::time::Duration;

    pub async fn main() -> spawn::Result<()> {
        let system = start().await?;
        let report = system.run_until_signal().await?;
        println!("{report}");
        Ok(())
    }

    async fn start() -> spawn::Result<System> {
        let builder = System::builder("shop").shutdown_timeout(Duration::from_secs(10));
        builder.in_memory().only::<(Oven,)>().start().await
    }
    // ANCHOR_END: main
}

#[tokio::test]
async fn a_program_runs_until_it_is_asked_to_end() {
    let running = tokio::time::timeout(std::time::Duration::from_millis(50), program::main());
    assert!(running.await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_did_not_finish_is_listed() -> spawn::Result<()> {
    let system = System::builder("shop").in_memory().only::<(Oven,)>().start().await?;
    report(&system)?;
    // ANCHOR: tree
    assert_eq!(
        system.tree()?.to_string(),
        "\
shop
├─ store: memory
└─ named
   └─ guide_oven, stateless
      ├─ guide.orders -> bake
      └─ every 30s -> look"
    );
    // ANCHOR_END: tree
    // ANCHOR: report
    system.actor::<Oven>().bake("bread".to_owned()).cast().await?;

    let report = system.shutdown_within(std::time::Duration::from_secs(5)).await?;
    assert!(!report.is_complete());
    assert_eq!(report.unfinished()[0].action(), Some("bake"));
    assert_eq!(
        report.to_string(),
        "ended in 5.0s; 1 did not finish:\n  `bake` of guide_oven, for 5.0s"
    );
    // ANCHOR_END: report
    Ok(())
}

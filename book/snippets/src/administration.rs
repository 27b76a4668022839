//! Looking into a system.

use std::net::Ipv4Addr;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::CallId;
use spawn::testing::TestSystem;

#[message(name = "administration.Counter")]
pub struct Counter {
    count: i64,
}

#[actor(name = "administration_counter", channels = [("administration.votes", count)])]
impl Counter {
    #[action]
    fn count(&mut self, vote: i64) {
        self.count += vote;
    }
}

// ANCHOR: serve
async fn serve(system: &System) -> Result<(), Box<dyn std::error::Error>> {
    let admin = system.admin().serve().await?;
    println!("http://{}", admin.address());
    Ok(())
}
// ANCHOR_END: serve

// ANCHOR: token
async fn serve_to_others(
    system: &System,
    token: String,
) -> Result<spawn::admin::AdminServer, spawn::admin::AdminError> {
    system.admin().bind((Ipv4Addr::UNSPECIFIED, 9640)).token(token).serve().await
}
// ANCHOR_END: token

// ANCHOR: alarm
/// What a person should be woken for.
async fn alarms(system: &System) -> spawn::Result<Vec<String>> {
    let mut alarms = Vec::new();
    for lag in system.lags().await? {
        if lag.age > Duration::from_mins(5) {
            let name = &lag.subscription.subscriber;
            alarms.push(format!("{name} is {:?} behind", lag.age));
        }
    }
    if !system.dead_letters().list().await?.is_empty() {
        alarms.push("there are dead letters".to_owned());
    }
    Ok(alarms)
}
// ANCHOR_END: alarm

#[tokio::test]
async fn what_a_program_can_ask_for_itself() -> Result<(), Box<dyn std::error::Error>> {
    let system = TestSystem::with(|builder| builder.only::<(Counter,)>()).await?;
    system.broadcast(Broadcast::to("administration.votes", 1_i64)).await?;
    system.settled().await;
    assert_eq!(alarms(&system).await?, [""; 0]);
    // ANCHOR: ask
    let newest = system.log("administration.*")?.limit(10).await?;
    let waiting = system.scheduled_calls(CallId::default(), 100).await?;
    let active = system.active_actors(None, 100)?;
    // ANCHOR_END: ask
    assert_eq!((newest.events.len(), waiting.len(), active.len()), (1, 0, 1));
    Ok(())
}

#[tokio::test]
async fn it_is_served() {
    let system = TestSystem::with(|builder| builder.only::<(Counter,)>()).await.unwrap();
    // The address may be taken by another system of this machine.
    if serve(&system).await.is_ok() {
        let taken = serve_to_others(&system, "t0ken".to_owned()).await;
        assert!(taken.is_err(), "the address is taken");
    }
}

//! Activation and passivation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActionError, ErrorKind};
use tokio::sync::Notify;

/// How often something happened.
#[derive(Default)]
struct Times(AtomicU32);

impl Times {
    fn count(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

#[message(name = "activation.Lamp")]
struct Lamp {
    switched: i64,
    activations: i64,
}

#[actor(name = "activation_lamp", deactivate_timeout = "1s")]
impl Lamp {
    #[init]
    async fn plug_in(&mut self, times: &Arc<Times>) -> Result<(), ActionError> {
        self.activations += 1;
        tokio::task::yield_now().await;
        match times.count() {
            2 => Err(ActionError::new("no_power", "the second time there is no power")),
            _ => Ok(()),
        }
    }

    #[action]
    fn switch(&mut self) -> Lamp {
        self.switched += 1;
        self.clone()
    }
}

/// Forgets, and is made by hand.
struct Guest {
    room: String,
    visits: i64,
}

#[actor(name = "activation_guest", kind = unnamed, stateful = false, deactivate_timeout = "1s")]
impl Guest {
    #[action]
    fn visit(&mut self) -> String {
        self.visits += 1;
        format!("{} {}", self.room, self.visits)
    }

    #[action]
    async fn stay(&mut self, door: &Arc<Notify>) -> i64 {
        self.visits += 1;
        door.notified().await;
        self.visits
    }
}

#[message(name = "activation.Account")]
struct Account {
    balance: i64,
}

#[actor(name = "activation_account", kind = unnamed, deactivate_timeout = "1s")]
impl Account {
    #[action]
    fn deposit(&mut self, amount: i64) -> i64 {
        self.balance += amount;
        self.balance
    }
}

async fn start() -> (TestSystem, Arc<Notify>, Arc<Times>) {
    let (door, times, made) =
        (Arc::<Notify>::default(), Arc::<Times>::default(), Arc::<Times>::default());
    let resources = (Arc::clone(&door), times, Arc::clone(&made));
    let system = TestSystem::with(|builder| {
        builder
            .only::<(Lamp, Guest, Account)>()
            .resource(resources.0)
            .resource(resources.1)
            .provide::<Guest>(move |id| {
                resources.2.count();
                Guest { room: format!("room of {id}"), visits: 0 }
            })
    });
    (system.await.unwrap(), door, made)
}

#[tokio::test(start_paused = true)]
async fn init_runs_at_each_activation_before_the_first_message() {
    let (system, ..) = start().await;
    let lamp = system.actor::<Lamp>();
    let first = lamp.switch().await.unwrap();
    assert_eq!((first.activations, first.switched), (1, 1));
    assert_eq!(lamp.switch().await.unwrap().activations, 1);
    tokio::time::sleep(Duration::from_secs(5)).await;

    let error = lamp.switch().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Activation);
    assert_eq!(error.to_string(), "activation_lamp could not be activated");
    assert!(format!("{error:?}").contains("the second time there is no power"), "{error:?}");

    // The next message tries again, with the saved state.
    let third = lamp.switch().await.unwrap();
    assert_eq!((third.activations, third.switched), (2, 3));
}

#[tokio::test(start_paused = true)]
async fn what_is_durable_is_kept_and_the_rest_forgotten() {
    let (system, _door, made) = start().await;
    let (ann, account) = (system.actor_by_id::<Guest>("ann"), system.actor_by_id::<Account>("a"));
    assert_eq!(ann.visit().await.unwrap(), "room of activation_guest/ann 1");
    assert_eq!(ann.visit().await.unwrap(), "room of activation_guest/ann 2");
    assert_eq!(account.deposit(5).await.unwrap(), 5);
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(ann.visit().await.unwrap(), "room of activation_guest/ann 3", "not idle for long");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(ann.visit().await.unwrap(), "room of activation_guest/ann 1");
    assert_eq!(account.deposit(5).await.unwrap(), 10);
    assert_eq!(made.0.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn who_is_busy_is_not_passivated() {
    let (system, door, made) = start().await;
    let ann = system.actor_by_id::<Guest>("ann");
    ann.visit().await.unwrap();
    let stay = tokio::spawn(ann.stay().timeout(Duration::from_secs(100)).into_future());
    tokio::time::sleep(Duration::from_secs(30)).await;
    door.notify_one();
    assert_eq!(stay.await.unwrap().unwrap(), 2);
    assert_eq!(made.0.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn there_is_one_instance_for_each_id() {
    let (system, ..) = start().await;
    for round in 1..=2 {
        for id in 0..10_000 {
            let account = system.actor_by_id::<Account>(id.to_string());
            assert_eq!(account.deposit(id).await.unwrap(), id * round);
        }
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    let error = system.actor_by_id::<Account>("").deposit(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidName);
}

/// Says when it is activated.
#[message(name = "activation.Herald")]
struct Herald {
    activations: i64,
}

#[actor(name = "activation_herald", kind = unnamed, deactivate_timeout = "1s")]
impl Herald {
    #[init]
    fn announce(&mut self, ctx: &Context) -> Value<()> {
        self.activations += 1;
        let events = Broadcast::to("activation.heralds", ctx.id().to_string());
        // The third time there is nowhere to publish to.
        let channel = if self.activations == 3 { "not a channel" } else { "activation.count" };
        Value::of().broadcast(events.and(channel.to_owned(), self.activations))
    }

    #[action]
    fn activations(&self) -> i64 {
        self.activations
    }
}

#[tokio::test(start_paused = true)]
async fn what_init_publishes_is_published() {
    let system = TestSystem::with(|builder| builder.only::<(Herald,)>()).await.unwrap();
    let mut events = system.probe("activation.>").unwrap();
    let herald = system.actor_by_id::<Herald>("h");
    for activation in 1..=2 {
        assert_eq!(herald.activations().await.unwrap(), activation);
        assert_eq!(herald.activations().await.unwrap(), activation);
        assert_eq!(events.expect::<String>().await, "activation_herald/h");
        assert_eq!(events.expect::<i64>().await, activation);
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    // All of it, or none; and what was changed before is not kept either.
    for _ in 0..2 {
        let error = herald.activations().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Activation);
        let cause = error.cause::<spawn::Error>().unwrap();
        assert_eq!(cause.kind(), ErrorKind::InvalidName, "{error:?}");
    }
    events.expect_none().await;
    let state = system.invoke("h", "get", ()).reference("activation_herald").await;
    assert_eq!(state.unwrap_err().kind(), ErrorKind::Activation);
}

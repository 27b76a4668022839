//! Events that find the one instance that they name.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::{Memory, Store};
use spawn::testing::TestSystem;
use spawn::{ActionError, ActorId, SystemBuilder};
use spawn_tests::Random;
use tokio::sync::Notify;

use crate::faulty::{Faults, Faulty};

#[message(name = "routing.Paid")]
struct Paid {
    order: String,
    number: u64,
}

#[message(name = "routing.Shipped")]
struct Shipped {
    order: u64,
    number: u64,
}

/// What the sagas are told to do.
#[derive(Debug, Default)]
struct Script {
    /// The saga of this order fails while it is set; 0 for none.
    fails: AtomicU64,
    /// Fails by chance, as often as one time in so many; 0 for never.
    fails_one_in: AtomicU64,
    chance: std::sync::Mutex<Option<Random>>,
}

#[message(name = "routing.Saga")]
struct Saga {
    numbers: Vec<u64>,
}

#[actor(
    name = "routing_saga",
    kind = unnamed,
    channels = [("routing.*", follow)],
    retry = { attempts = 4, backoff = "1s", max_backoff = "1s" },
)]
impl Saga {
    #[action(route = order)]
    fn follow(
        &mut self,
        ctx: &Context,
        script: &Arc<Script>,
        event: Paid,
    ) -> Result<(), ActionError> {
        let id = ctx.id().instance().unwrap_or_default();
        assert_eq!(id, event.order);
        self.take(script, id, event.number)
    }

    #[action(name = "follow", route = |event| format!("{}", event.order))]
    async fn follow_shipping(
        &mut self,
        script: &Arc<Script>,
        event: Shipped,
    ) -> Result<(), ActionError> {
        // So that others come meanwhile.
        tokio::time::sleep(Duration::from_millis(event.number % 4 * 100)).await;
        self.take(script, &event.order.to_string(), event.number)
    }

    #[action]
    fn numbers(&self) -> Numbers {
        Numbers { numbers: self.numbers.clone() }
    }

    fn take(&mut self, script: &Script, order: &str, number: u64) -> Result<(), ActionError> {
        let fails = script.fails.load(Ordering::SeqCst);
        let one_in = script.fails_one_in.load(Ordering::SeqCst);
        let by_chance = one_in > 0
            && script.chance.lock().unwrap().as_mut().is_some_and(|it| it.below(one_in) == 0);
        if by_chance || fails > 0 && fails.to_string() == order {
            return Err(ActionError::new("not_now", "the saga is told to fail"));
        }
        self.numbers.push(number);
        Ok(())
    }
}

#[message(name = "routing.Numbers")]
struct Numbers {
    numbers: Vec<u64>,
}

fn on(store: impl Store, script: &Arc<Script>) -> SystemBuilder {
    System::builder("routing").store(store).resource(Arc::clone(script)).only::<(Saga,)>()
}

async fn start(memory: &Memory, script: &Arc<Script>) -> TestSystem {
    on(memory.clone(), script).start().await.unwrap().into()
}

async fn paid(system: &System, order: u64, number: u64) {
    let event = Paid { order: order.to_string(), number };
    system.broadcast(Broadcast::to("routing.paid", event)).await.unwrap();
}

async fn numbers(system: &System, order: u64) -> Vec<u64> {
    system.actor_by_id::<Saga>(order.to_string()).numbers().await.unwrap().numbers
}

fn parked(memory: &Memory) -> Vec<String> {
    let parked = memory.parked("routing_saga").unwrap();
    parked.into_iter().map(|(id, _)| id.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_event_reaches_the_instance_that_it_names_and_no_other() {
    let (memory, script) = (Memory::new(), Arc::default());
    let system = start(&memory, &script).await;
    for number in 1..=9 {
        paid(&system, number % 3, number).await;
    }
    let event = Shipped { order: 2, number: 10 };
    system.broadcast(Broadcast::to("routing.shipped", event)).await.unwrap();
    system.settle().await;
    let all = memory.instances("routing_saga", None, 10).unwrap();
    assert_eq!(
        all.iter().map(ActorId::as_str).collect::<Vec<_>>(),
        ["routing_saga/0", "routing_saga/1", "routing_saga/2"]
    );
    assert_eq!(numbers(&system, 0).await, [3, 6, 9]);
    assert_eq!(numbers(&system, 2).await, [2, 5, 8, 10]);
    // One that is passive is activated for the next event.
    system.advance(Duration::from_mins(1)).await;
    paid(&system, 1, 11).await;
    system.settle().await;
    let saved = memory.load(&ActorId::parse("routing_saga/1").unwrap()).unwrap().unwrap();
    assert_eq!(saved.revision.0, 4, "it was handled before anyone asked");
    assert_eq!(numbers(&system, 1).await, [1, 4, 7, 11]);
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_fails_is_parked_and_the_others_go_on() {
    let (memory, script) = (Memory::new(), Arc::<Script>::default());
    let system = start(&memory, &script).await;
    script.fails.store(1, Ordering::SeqCst);
    for number in 1..=100 {
        paid(&system, number % 2, number).await;
    }
    system.settle().await;
    assert_eq!(numbers(&system, 0).await.len(), 50);
    assert_eq!(parked(&memory), ["routing_saga/1"]);
    let position = memory.cursor("routing_saga").unwrap().unwrap().position;
    assert_eq!(position.number(), 100, "the dispatch goes on without it");
    script.fails.store(0, Ordering::SeqCst);
    system.advance(Duration::from_secs(2)).await;
    assert_eq!(numbers(&system, 1).await, (1..=100).step_by(2).collect::<Vec<_>>());
    assert_eq!(parked(&memory), [""; 0]);
    paid(&system, 1, 101).await;
    system.settle().await;
    assert_eq!(numbers(&system, 1).await.last(), Some(&101));
}

#[tokio::test(start_paused = true)]
async fn a_parked_instance_goes_on_after_a_restart() {
    let (memory, script) = (Memory::new(), Arc::<Script>::default());
    let system = start(&memory, &script).await;
    script.fails.store(1, Ordering::SeqCst);
    for number in 1..=20 {
        paid(&system, number % 2, number).await;
    }
    system.settle().await;
    assert_eq!(parked(&memory), ["routing_saga/1"]);
    script.fails.store(0, Ordering::SeqCst);
    // The other system takes over as after a crash.
    let system = start(&memory, &script).await;
    paid(&system, 1, 21).await;
    system.settle().await;
    let saved = memory.load(&ActorId::parse("routing_saga/1").unwrap()).unwrap().unwrap();
    assert_eq!(saved.revision.0, 11, "nobody had to ask");
    assert_eq!(numbers(&system, 1).await, (1..=21).step_by(2).collect::<Vec<_>>());
    assert_eq!(numbers(&system, 0).await, (2..=20).step_by(2).collect::<Vec<_>>());
    system.settle().await;
    assert_eq!(parked(&memory), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_given_up_lets_the_later_ones_pass() {
    let (memory, script) = (Memory::new(), Arc::<Script>::default());
    let system = start(&memory, &script).await;
    script.fails.store(1, Ordering::SeqCst);
    paid(&system, 1, 1).await;
    paid(&system, 1, 2).await;
    system.settle().await;
    // Four attempts for the first, with three pauses; then the second is tried once.
    for _ in 0..3 {
        system.advance(Duration::from_millis(1_250)).await;
    }
    script.fails.store(0, Ordering::SeqCst);
    system.advance(Duration::from_secs(2)).await;
    let letters = system.dead_letters().list().await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subscriber(), "routing_saga/1");
    assert_eq!(numbers(&system, 1).await, [2]);
    assert_eq!(parked(&memory), [""; 0]);
    system.dead_letters().replay(letters[0].id()).await.unwrap();
    assert_eq!(numbers(&system, 1).await, [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_names_no_instance_is_a_dead_letter() {
    let (memory, script) = (Memory::new(), Arc::<Script>::default());
    let system = start(&memory, &script).await;
    paid(&system, 1, 1).await;
    let nameless = Paid { order: String::new(), number: 2 };
    system.broadcast(Broadcast::to("routing.paid", nameless)).await.unwrap();
    let of_no_clause = Numbers { numbers: Vec::new() };
    system.broadcast(Broadcast::to("routing.paid", of_no_clause)).await.unwrap();
    paid(&system, 1, 3).await;
    system.settle().await;
    assert_eq!(numbers(&system, 1).await, [1, 3]);
    let letters = system.dead_letters().list().await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subscriber(), "routing_saga");
    assert!(letters[0].error().contains("is empty"), "{}", letters[0].error());
    let system = start(&memory, &script).await;
    system.settle().await;
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 1, "it was moved past");
}

#[derive(Default)]
struct Gated {
    count: u64,
}

#[derive(Debug, Default)]
struct Gate {
    open: AtomicBool,
    opened: Notify,
    others: AtomicU64,
}

#[actor(name = "routing_gated", kind = unnamed, stateful = false, channels = [("routing.>", wait)])]
impl Gated {
    #[action(route = order)]
    async fn wait(&mut self, gate: &Arc<Gate>, event: Paid) {
        if event.order == "0" {
            while !gate.open.load(Ordering::SeqCst) {
                gate.opened.notified().await;
            }
        } else {
            gate.others.fetch_add(1, Ordering::SeqCst);
        }
        self.count += 1;
    }

    #[action]
    fn count(&self) -> u64 {
        self.count
    }
}

#[tokio::test]
async fn an_instance_that_hangs_holds_nobody_up() {
    let gate = Arc::<Gate>::default();
    let resource = Arc::clone(&gate);
    let system = TestSystem::with(|it| it.only::<(Gated,)>().resource(resource)).await.unwrap();
    // More than may be on their way at once.
    for number in 0..20_000 {
        paid(&system, u64::from(number % 100 == 99), number).await;
    }
    while gate.others.load(Ordering::SeqCst) < 200 {
        tokio::task::yield_now().await;
    }
    gate.open.store(true, Ordering::SeqCst);
    gate.opened.notify_one();
    system.settle().await;
    assert_eq!(system.actor_by_id::<Gated>("0").count().await.unwrap(), 19_800);
}

fn number_of(event: &Event) -> u64 {
    let paid = event.decode::<Paid>().map(|event| event.number);
    paid.unwrap_or_else(|_| event.decode::<Shipped>().unwrap().number)
}

/// Publishes, while the store fails, instances fail, and systems are replaced.
async fn round(seed: u64) {
    let mut random = Random(seed);
    let script = Arc::<Script>::default();
    *script.chance.lock().unwrap() = Some(Random(seed ^ 1));
    script.fails_one_in.store(6, Ordering::SeqCst);
    let store = Faulty::immediate();
    let faults: Arc<Faults> = Arc::clone(&store.faults);
    let mut system = TestSystem::from(on(store.clone(), &script).start().await.unwrap());
    let mut published = vec![Vec::new(); 4];
    for number in 0..120 {
        match random.below(16) {
            0 => faults.fail_next.store(true, Ordering::SeqCst),
            1 => faults.fail_next_cursor.store(true, Ordering::SeqCst),
            2 => system.settle().await,
            3 => system.advance(Duration::from_secs(random.below(3))).await,
            5 | 6 => tokio::time::sleep(Duration::from_millis(random.below(300))).await,
            4 => system = TestSystem::from(on(store.clone(), &script).start().await.unwrap()),
            _ => {}
        }
        let order = random.below(4);
        let broadcast = if random.below(2) == 0 {
            Broadcast::to("routing.paid", Paid { order: order.to_string(), number })
        } else {
            Broadcast::to("routing.shipped", Shipped { order, number })
        };
        if system.broadcast(broadcast).await.is_ok() {
            published[usize::try_from(order).unwrap()].push(number);
        }
    }
    script.fails_one_in.store(0, Ordering::SeqCst);
    for fault in [&faults.fail_next, &faults.fail_next_cursor] {
        fault.store(false, Ordering::SeqCst);
    }
    for _ in 0..20 {
        system.advance(Duration::from_secs(2)).await;
    }
    let letters = system.dead_letters().list().await.unwrap();
    for (order, published) in (0..).zip(&published) {
        let dead: Vec<_> = letters
            .iter()
            .filter(|letter| letter.subscriber() == format!("routing_saga/{order}"))
            .map(|letter| number_of(&letter.event().unwrap()))
            .collect();
        let expected: Vec<_> =
            published.iter().copied().filter(|number| !dead.contains(number)).collect();
        let handled = numbers(&system, order).await;
        assert_eq!(handled, expected, "the saga {order}, seed {seed}; given up: {dead:?}");
    }
    system.settle().await;
    let parked = store.parked("routing_saga").unwrap();
    assert_eq!(parked, [], "seed {seed}");
    let head = store.read_log(spawn::Position::default(), 10_000).unwrap().last().unwrap().position;
    let position = store.cursor("routing_saga").unwrap().unwrap().position;
    // What follows it on other channels was not looked at by the dispatch.
    assert!(position <= head, "seed {seed}");
}

#[tokio::test(start_paused = true)]
async fn whatever_fails_each_instance_has_each_of_its_events_once_and_in_order() {
    let given = std::env::var("SPAWN_ROUTING_SEED").ok().and_then(|seed| seed.parse().ok());
    if let Some(seed) = given {
        return round(seed).await;
    }
    let first = Random::any_seed();
    for number in 0..60 {
        round(first.wrapping_add(number)).await;
    }
}

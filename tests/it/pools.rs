//! Pools and tasks: actors of which any one of several members takes a message.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActionError, ErrorKind};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

#[message(name = "pools.Crate")]
struct Crate {
    number: i64,
}

/// What the members of a test share.
struct Yard {
    /// Who works.
    at_work: AtomicUsize,
    most_at_work: AtomicUsize,
    /// Members in memory.
    alive: AtomicUsize,
    /// One of it lets one work end.
    ends: Semaphore,
    handled: Mutex<Vec<i64>>,
}

impl Default for Yard {
    fn default() -> Self {
        Self {
            at_work: AtomicUsize::new(0),
            most_at_work: AtomicUsize::new(0),
            alive: AtomicUsize::new(0),
            ends: Semaphore::new(0),
            handled: Mutex::default(),
        }
    }
}

impl Yard {
    async fn work(&self) {
        let now = self.at_work.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_work.fetch_max(now, Ordering::SeqCst);
        self.ends.acquire().await.unwrap().forget();
        self.at_work.fetch_sub(1, Ordering::SeqCst);
    }

    fn at_work(&self) -> usize {
        self.at_work.load(Ordering::SeqCst)
    }

    fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }
}

/// A member of the pool, which counts what it did itself.
struct Porter {
    yard: Arc<Yard>,
    carried: i64,
}

impl Porter {
    fn new(yard: &Arc<Yard>) -> Self {
        yard.alive.fetch_add(1, Ordering::SeqCst);
        Self { yard: Arc::clone(yard), carried: 0 }
    }
}

impl Drop for Porter {
    fn drop(&mut self) {
        self.yard.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

#[actor(
    name = "pools_porter",
    kind = pooled,
    stateful = false,
    max_pool_size = 3,
    mailbox = 4,
    deactivate_timeout = "1s",
    channels = [("pools.crates", carry_away)],
)]
impl Porter {
    /// Who did it, and how much that one has done.
    #[action]
    async fn carry(&mut self, ctx: &Context) -> String {
        self.yard.work().await;
        self.carried += 1;
        format!("{} {}", ctx.id(), self.carried)
    }

    #[action]
    fn lift(&mut self, number: i64) -> Result<i64, ActionError> {
        self.carried += 1;
        match number {
            0 => Err(ActionError::new("empty", "there is nothing to lift")),
            13 => panic!("a porter has stumbled"),
            number => Ok(number),
        }
    }

    #[action]
    async fn carry_away(&mut self, lost: Crate) {
        self.yard.work().await;
        self.yard.handled.lock().push(lost.number);
    }

    #[action]
    async fn ask_back(&self, ctx: &Context) -> Result<(), spawn::Error> {
        ctx.actor::<Foreman>().order().await
    }

    /// Has another one do it.
    #[action]
    async fn delegate(&self, ctx: &Context, depth: i64) -> Result<i64, spawn::Error> {
        match depth {
            0 => Ok(0),
            depth => Ok(1 + ctx.actor::<Self>().delegate(depth - 1).await?),
        }
    }
}

/// Waits for a porter who waits for it.
#[derive(Default)]
struct Foreman;

#[actor(name = "pools_foreman", stateful = false)]
impl Foreman {
    #[action]
    async fn order(&self, ctx: &Context) -> Result<(), spawn::Error> {
        ctx.actor::<Porter>().ask_back().await
    }
}

/// A pool of one.
#[derive(Default)]
struct Hermit;

#[actor(name = "pools_hermit", kind = pooled, stateful = false, max_pool_size = 1)]
impl Hermit {
    #[action]
    async fn think(&self, ctx: &Context, of: String) -> Result<String, spawn::Error> {
        match &*of {
            "itself" => ctx.actor::<Self>().think("nothing".to_owned()).await,
            "the other" => ctx.actor::<Monk>().visit().await,
            _ => Ok(of),
        }
    }
}

#[derive(Default)]
struct Monk;

#[actor(name = "pools_monk", stateful = false)]
impl Monk {
    #[action]
    async fn visit(&self, ctx: &Context) -> Result<String, spawn::Error> {
        ctx.actor::<Hermit>().think("nothing".to_owned()).await
    }
}

/// A task: made for one message.
struct Errand {
    yard: Arc<Yard>,
    runs: i64,
}

impl Drop for Errand {
    fn drop(&mut self) {
        self.yard.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

#[actor(
    name = "pools_errand",
    kind = task,
    stateful = false,
    max_pool_size = 2,
    channels = [("pools.errands", run_with)],
)]
impl Errand {
    #[init]
    fn begin(&mut self) {
        self.runs += 100;
    }

    #[action]
    fn run(&mut self) -> i64 {
        self.runs += 1;
        self.runs
    }

    #[action]
    async fn run_long(&mut self) -> i64 {
        self.yard.work().await;
        self.runs += 1;
        self.runs
    }

    #[action]
    fn run_with(&mut self, errand: Crate) {
        self.runs += 1;
        self.yard.handled.lock().push(errand.number * 1_000 + self.runs);
    }
}

async fn start() -> (TestSystem, Arc<Yard>) {
    let yard = Arc::<Yard>::default();
    let (porters, errands) = (Arc::clone(&yard), Arc::clone(&yard));
    let system = TestSystem::with(|builder| {
        builder
            .only::<(Porter, Foreman, Hermit, Monk, Errand)>()
            .provide(move |_| Porter::new(&porters))
            .provide(move |_| {
                errands.alive.fetch_add(1, Ordering::SeqCst);
                Errand { yard: Arc::clone(&errands), runs: 0 }
            })
    });
    (system.await.unwrap(), yard)
}

/// Begins `count` calls.
fn begin(system: &TestSystem, count: usize) -> Vec<JoinHandle<spawn::Result<String>>> {
    let carry = || tokio::spawn(system.actor::<Porter>().carry());
    std::iter::repeat_with(carry).take(count).collect()
}

async fn yield_often() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_pool_grows_with_its_load_up_to_its_size() {
    let (system, yard) = start().await;
    let calls = begin(&system, 5);
    yield_often().await;
    assert_eq!((yard.at_work(), yard.alive()), (3, 3));
    yard.ends.add_permits(5);
    let mut done = Vec::new();
    for call in calls {
        done.push(call.await.unwrap().unwrap());
    }
    assert_eq!(yard.most_at_work.load(Ordering::SeqCst), 3);
    done.sort();
    let firsts = ["pools_porter/1 1", "pools_porter/2 1", "pools_porter/3 1"];
    assert!(firsts.iter().all(|first| done.contains(&(*first).to_owned())), "{done:?}");
    // One after the other, one member is enough.
    let before = yard.alive();
    for _ in 0..10 {
        assert_eq!(system.actor::<Porter>().lift(7).await.unwrap(), 7);
    }
    assert_eq!(yard.alive(), before);
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_behind_a_slow_member() {
    let (system, yard) = start().await;
    let slow = begin(&system, 2);
    yield_often().await;
    assert_eq!(yard.at_work(), 2);
    for number in 1..=10 {
        let lift = system.actor::<Porter>().lift(number);
        let lifted = tokio::time::timeout(Duration::from_secs(10), lift).await;
        assert_eq!(lifted.unwrap().unwrap(), number);
    }
    yard.ends.add_permits(2);
    for call in slow {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_pool_shrinks_to_its_least_size_when_it_is_idle() {
    let (system, yard) = start().await;
    let calls = begin(&system, 3);
    yield_often().await;
    yard.ends.add_permits(3);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(yard.alive(), 3);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(yard.alive(), 1);
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(yard.alive(), 1, "one stays");
    // It grows again, into the places that were left.
    let calls = begin(&system, 3);
    yield_often().await;
    assert_eq!(yard.at_work(), 3);
    yard.ends.add_permits(3);
    for call in calls {
        let done = call.await.unwrap().unwrap();
        let (member, _) = done.split_once(' ').unwrap();
        assert!(["pools_porter/1", "pools_porter/2", "pools_porter/3"].contains(&member));
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_that_works_is_not_let_go() {
    let (system, yard) = start().await;
    let calls = begin(&system, 3);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!((yard.at_work(), yard.alive()), (3, 3));
    yard.ends.add_permits(3);
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn the_mailbox_of_a_pool_is_bounded_as_a_whole() {
    let (system, yard) = start().await;
    let calls = begin(&system, 7);
    yield_often().await;
    assert_eq!(yard.at_work(), 3);
    let error = system.actor::<Porter>().lift(1).fail_when_full().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Overloaded);
    assert!(error.to_string().starts_with("`lift` of pools_porter: "), "{error}");
    // Who waits for room gets it.
    let more = begin(&system, 3);
    yield_often().await;
    yard.ends.add_permits(10);
    for call in calls.into_iter().chain(more) {
        call.await.unwrap().unwrap();
    }
    // All room was given back, not more and not less.
    let calls = begin(&system, 7);
    yield_often().await;
    let error = system.actor::<Porter>().lift(1).fail_when_full().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Overloaded);
    yard.ends.add_permits(7);
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_callers_and_a_panic_costs_one_state() {
    let (system, yard) = start().await;
    let porter = system.actor::<Porter>();
    assert_eq!(porter.lift(0).await.unwrap_err().kind(), ErrorKind::Action);
    assert_eq!(porter.lift(13).await.unwrap_err().kind(), ErrorKind::Panic);
    assert_eq!(yard.alive(), 0);
    assert_eq!(porter.lift(5).await.unwrap(), 5);
    assert_eq!(yard.alive(), 1);
}

#[tokio::test(start_paused = true)]
async fn each_event_is_for_one_member() {
    let (system, yard) = start().await;
    for number in 1..=10 {
        let event = Broadcast::to("pools.crates", Crate { number });
        system.broadcast(event).await.unwrap();
    }
    yield_often().await;
    assert_eq!(yard.at_work(), 3, "they compete for the events");
    yard.ends.add_permits(10);
    system.settle().await;
    let mut handled = yard.handled.lock().clone();
    handled.sort_unstable();
    assert_eq!(handled, (1..=10).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_call_does_not_wait_behind_a_thousand_events() {
    let (system, yard) = start().await;
    let events = (1..=1_000).map(|number| ("pools.crates", Crate { number }));
    system.broadcast(events.collect::<Broadcast>()).await.unwrap();
    yield_often().await;
    let calls = begin(&system, 1);
    yield_often().await;
    yard.ends.add_permits(100);
    for call in calls {
        let called = tokio::time::timeout(Duration::from_secs(10), call).await;
        called.unwrap().unwrap().unwrap();
    }
    assert!(yard.handled.lock().len() < 100);
    yard.ends.add_permits(1_000);
    system.settle().await;
    assert_eq!(yard.handled.lock().len(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn more_events_than_fit_wait_in_the_log() {
    let (system, yard) = start().await;
    let events = (1..=5_000).map(|number| ("pools.crates", Crate { number }));
    system.broadcast(events.collect::<Broadcast>()).await.unwrap();
    yard.ends.add_permits(6_000);
    system.settle().await;
    let mut handled = yard.handled.lock().clone();
    handled.sort_unstable();
    assert_eq!(handled, (1..=5_000).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn calls_with_one_key_run_once() {
    let (system, yard) = start().await;
    let carry = || tokio::spawn(system.actor::<Porter>().carry().idempotency_key("k"));
    let calls: Vec<_> = (0..3).map(|_| carry()).collect();
    yard.ends.add_permits(3);
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap().unwrap());
    }
    assert_eq!(answers, ["pools_porter 1"; 3]);
    assert_eq!(yard.ends.available_permits(), 2, "the others did nothing");
}

#[tokio::test(start_paused = true)]
async fn a_pool_is_called_by_its_name() {
    let (system, _yard) = start().await;
    let lifted = system.invoke("pools_porter", "lift", 4_i64).await.unwrap();
    assert_eq!(lifted.decode::<i64>().unwrap(), 4);
    let error = system.invoke("2", "lift", 4_i64).reference("pools_porter").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownActor);
    assert_eq!(
        error.to_string(),
        "any member of `pools_porter` takes a call, but it was called as `2`"
    );
    let definition = Porter::definition();
    assert_eq!(definition.kind().to_string(), "pooled");
}

#[tokio::test(start_paused = true)]
async fn a_circle_through_a_pool_is_one_when_every_member_is_in_it() {
    let (system, _yard) = start().await;
    let porter = system.actor::<Porter>();
    assert_eq!(porter.delegate(2).await.unwrap(), 2, "three members are enough");
    let error = format!("{:?}", porter.delegate(3).await.unwrap_err());
    let circle =
        "pools_porter/3 -> pools_porter/* -> pools_porter/1 -> pools_porter/2 -> pools_porter/3";
    assert!(error.ends_with(&format!("the call would wait for itself: {circle}")), "{error}");
    let hermit = system.actor::<Hermit>();
    for of in ["itself", "the other"] {
        let error = format!("{:?}", hermit.think(of.to_owned()).await.unwrap_err());
        assert!(error.contains("the call would wait for itself: "), "{error}");
    }
    assert_eq!(hermit.think("nothing".to_owned()).await.unwrap(), "nothing");
}

/// Who is waited for is known as soon as a member has taken the call, whatever the other members do.
#[tokio::test(start_paused = true)]
async fn a_circle_through_a_call_that_had_to_wait_is_found() {
    let (system, yard) = start().await;
    let calls = begin(&system, 3);
    yield_often().await;
    let order = tokio::spawn(system.actor::<Foreman>().order());
    yield_often().await;
    yard.ends.add_permits(1);
    let error = format!("{:?}", order.await.unwrap().unwrap_err());
    assert!(error.contains("the call would wait for itself: pools_porter/"), "{error}");
    assert_eq!(yard.at_work(), 2);
    yard.ends.add_permits(2);
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_pool_is_told_that_the_system_stops() {
    let (system, yard) = start().await;
    let calls = begin(&system, 5);
    yield_often().await;
    yard.ends.add_permits(5);
    system.clone().shutdown().await.unwrap();
    for call in calls {
        let ended = call.await.unwrap();
        assert!(ended.is_ok_and(|done| done.starts_with("pools_porter/")), "it was begun before");
    }
    assert_eq!(system.actor::<Porter>().lift(1).await.unwrap_err().kind(), ErrorKind::Stopped);
    yield_often().await;
    assert_eq!(yard.alive(), 0, "nothing of it is left");
}

#[tokio::test(start_paused = true)]
async fn a_task_is_made_for_one_message() {
    let (system, yard) = start().await;
    let errand = system.actor::<Errand>();
    for _ in 0..3 {
        assert_eq!(errand.run().await.unwrap(), 101, "it begins anew");
        assert_eq!(yard.alive(), 0, "and goes");
    }
    let long: Vec<_> = (0..4)
        .map(|_| {
            let errand = errand.clone();
            tokio::spawn(async move { errand.run_long().await.unwrap() })
        })
        .collect();
    yield_often().await;
    assert_eq!((yard.at_work(), yard.alive()), (2, 2), "so many at once");
    yard.ends.add_permits(4);
    for run in long {
        assert_eq!(run.await.unwrap(), 101);
    }
    yield_often().await;
    assert_eq!(yard.alive(), 0);
    assert_eq!(Errand::definition().kind().to_string(), "task");
}

#[tokio::test(start_paused = true)]
async fn a_task_is_made_for_an_event_and_for_a_call_with_a_key() {
    let (system, yard) = start().await;
    let events = (1..=20).map(|number| ("pools.errands", Crate { number }));
    system.broadcast(events.collect::<Broadcast>()).await.unwrap();
    system.settle().await;
    let mut handled = yard.handled.lock().clone();
    handled.sort_unstable();
    assert_eq!(handled, (1..=20).map(|number| number * 1_000 + 101).collect::<Vec<_>>());
    let errand = system.actor::<Errand>();
    for key in ["a", "b", "a"] {
        assert_eq!(errand.run().idempotency_key(key).await.unwrap(), 101);
    }
    assert_eq!(yard.alive(), 0);
}

/// None that a porter stumbles over.
fn numbered(caller: i64, number: i64) -> i64 {
    100 + caller * 10_000 + number
}

/// Threads that take members from each other.
#[test]
fn every_call_of_many_threads_is_answered_once() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let (system, yard) = start().await;
        yard.ends.add_permits(1_000_000);
        let callers: Vec<_> = (0..8_i64)
            .map(|caller| {
                let porter = system.actor::<Porter>();
                tokio::spawn(async move {
                    for number in 1..=2_000 {
                        let number = numbered(caller, number);
                        if number % 3 == 0 {
                            porter.carry().await.unwrap();
                        } else {
                            assert_eq!(porter.lift(number).await.unwrap(), number);
                        }
                    }
                })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap();
        }
        assert!(yard.most_at_work.load(Ordering::SeqCst) <= 3);
        assert!(yard.alive() <= 3);
        let numbers = (0..8).flat_map(|caller| (1..=2_000).map(move |it| numbered(caller, it)));
        let carried = numbers.filter(|number| number % 3 == 0).count();
        assert_eq!(yard.ends.available_permits(), 1_000_000 - carried);
    });
}

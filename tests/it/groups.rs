//! The same call to many instances.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;

/// How many run now, and how many did at most.
#[derive(Default)]
struct Running {
    now: AtomicUsize,
    most: AtomicUsize,
    begun: AtomicUsize,
}

#[message(name = "groups.Member")]
struct Member {
    calls: i64,
}

#[actor(name = "groups_member", kind = unnamed)]
impl Member {
    /// Takes as many milliseconds as the number says; fails for a negative one.
    #[action]
    async fn take(&mut self, running: &Arc<Running>, millis: i64) -> Result<i64, std::io::Error> {
        running.begun.fetch_add(1, Ordering::SeqCst);
        let now = running.now.fetch_add(1, Ordering::SeqCst) + 1;
        running.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(millis.unsigned_abs())).await;
        running.now.fetch_sub(1, Ordering::SeqCst);
        self.calls += 1;
        if millis < 0 { Err(std::io::Error::other("told to fail")) } else { Ok(self.calls) }
    }

    #[action]
    fn who(&self, ctx: &Context) -> String {
        let caller = ctx.caller().map_or("nobody", |caller| caller.as_str());
        format!("{} called by {caller} with {:?}", ctx.id(), ctx.metadata().get("trace"))
    }

    #[action]
    async fn ask(&self, ctx: &Context) -> spawn::Result<String> {
        let said = ctx.group::<Self>(["a", "b"]).invoke(|member| member.who()).await;
        let said: Vec<String> = said.into_iter().collect::<Result<_, _>>()?;
        Ok(said.join("; "))
    }
}

async fn start() -> (TestSystem, Arc<Running>) {
    let running = Arc::<Running>::default();
    let builder = System::builder("groups").in_memory().resource(Arc::clone(&running));
    (TestSystem::from(builder.only::<(Member,)>().start().await.unwrap()), running)
}

fn ids(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("m{number}"))
}

#[tokio::test(start_paused = true)]
async fn all_results_come_in_order_and_no_more_calls_run_than_are_allowed() {
    let (system, running) = start().await;
    let mut lengths = [50_i64, 10, -30, 20, 40, 1, 2, 3].into_iter();
    let group = system.group::<Member>(ids(8)).concurrency(3);
    let results = group.invoke(|member| member.take(lengths.next().unwrap())).await;
    assert_eq!(results.len(), 8);
    for (place, result) in results.into_iter().enumerate() {
        match result {
            Ok(calls) => assert!(calls == 1 && place != 2),
            Err(error) => assert_eq!((place, error.kind()), (2, ErrorKind::Action)),
        }
    }
    assert_eq!(running.most.load(Ordering::SeqCst), 3);

    let began = tokio::time::Instant::now();
    let results = system.group::<Member>(ids(100)).invoke(|member| member.take(10)).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(running.most.load(Ordering::SeqCst), 64);
    assert_eq!(began.elapsed(), Duration::from_millis(20), "two waves");
}

#[tokio::test(start_paused = true)]
async fn a_slow_first_one_keeps_no_other_from_being_called() {
    let (system, _running) = start().await;
    let began = tokio::time::Instant::now();
    let mut lengths = [100_i64].into_iter().chain(std::iter::repeat(10));
    let group = system.group::<Member>(ids(11)).concurrency(2);
    group.invoke(|member| member.take(lengths.next().unwrap())).await;
    assert_eq!(began.elapsed(), Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn an_empty_group_and_bad_ids_and_one_that_is_there_twice() {
    let (system, _running) = start().await;
    let none = system.group::<Member>(ids(0)).concurrency(0).invoke(|member| member.take(1)).await;
    assert!(none.is_empty());
    let results =
        system.group::<Member>(["a", "", "a"]).concurrency(0).invoke(|member| member.take(1)).await;
    let results: Vec<_> = results.into_iter().map(|it| it.map_err(|error| error.kind())).collect();
    assert_eq!(results, [Ok(1), Err(ErrorKind::InvalidName), Ok(2)]);
}

#[tokio::test(start_paused = true)]
async fn dropped_it_makes_no_further_calls() {
    let (system, running) = start().await;
    let group = system.group::<Member>(ids(10)).concurrency(2);
    let calls = group.invoke(|member| member.take(100));
    assert!(tokio::time::timeout(Duration::from_millis(150), calls).await.is_err());
    system.settle().await;
    assert_eq!(running.begun.load(Ordering::SeqCst), 4);
    assert_eq!(running.now.load(Ordering::SeqCst), 0, "what was begun runs to its end");
}

#[tokio::test]
async fn an_action_calls_a_group_as_itself() {
    let (system, _running) = start().await;
    let said = system.actor_by_id::<Member>("boss").ask().metadata("trace", "7").await.unwrap();
    assert_eq!(
        said,
        "groups_member/a called by groups_member/boss with Some(\"7\"); \
         groups_member/b called by groups_member/boss with Some(\"7\")"
    );
    // One that calls itself among others is told so, and the others answer.
    let error = system.actor_by_id::<Member>("a").ask().await.unwrap_err();
    assert!(format!("{error:?}").contains("would wait for itself"), "{error:?}");
}

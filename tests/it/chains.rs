//! Actions that let others answer: pipes and forwards.

use std::sync::Arc;
use std::time::Duration;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use tokio::sync::{Notify, Semaphore};

#[message(name = "chains.Trip")]
struct Trip {
    left: Vec<String>,
    said: Vec<String>,
}

fn trip(way: &str) -> Trip {
    Trip { left: way.split_whitespace().map(str::to_owned).collect(), said: Vec::new() }
}

/// A station notes who came from where, and sends on.
#[message(name = "chains.Station")]
struct Station {
    visits: i64,
}

/// What holds a station back.
struct Gate {
    reached: Notify,
    open: Semaphore,
}

#[actor(name = "chains_station", kind = unnamed, mailbox = 1)]
impl Station {
    /// Goes on to the first stop that is left: typed, `=stop` by name, `>stop` as a forward, `>=stop` as one by name.
    #[action]
    fn visit(&mut self, ctx: &Context, mut trip: Trip) -> Value<Trip> {
        self.visits += 1;
        let caller = ctx.caller().map_or("outside", |it| it.instance().unwrap_or("switch"));
        let trace = ctx.metadata().get("trace").unwrap_or("-");
        trip.said.push(format!("{} {caller} {trace}", ctx.id().instance().unwrap()));
        if trip.left.is_empty() {
            return Value::from(trip);
        }
        let stop = trip.left.remove(0);
        if let Some(stop) = stop.strip_prefix(">=") {
            return Value::of()
                .forward(Forward::to(stop, "visit", trip).reference("chains_station"));
        }
        if let Some(stop) = stop.strip_prefix('>') {
            return Value::of().forward(ctx.actor_by_id::<Self>(stop).visit(trip));
        }
        if let Some(stop) = stop.strip_prefix('=') {
            return Value::from(trip).pipe(Pipe::to(stop, "Visit").reference("chains_station"));
        }
        let next = ctx.actor_by_id::<Self>(stop);
        Value::from(trip).pipe(Pipe::call(next, |next, trip| next.visit(trip)))
    }

    /// Waits at the gate, and then does as `visit`.
    #[action]
    async fn wait(&mut self, ctx: &Context, gate: &Arc<Gate>, trip: Trip) -> Value<Trip> {
        gate.reached.notify_one();
        gate.open.acquire().await.unwrap().forget();
        self.visit(ctx, trip)
    }

    /// Sends to `wait` of the stop.
    #[action]
    fn send_to_wait(&mut self, ctx: &Context, stop: String) -> Value<Trip> {
        self.visits += 1;
        Value::of().forward(ctx.actor_by_id::<Self>(stop).wait(trip("")))
    }

    #[action]
    fn go_wrong(&mut self, how: String) -> Value<i64> {
        self.visits += 1;
        let value = Value::from(how.clone());
        match how.as_str() {
            "actor" => value.pipe(Pipe::to("chains_statoin", "visit")),
            "action" => value.pipe(Pipe::to("s", "vist").reference("chains_station")),
            "payload" => value.pipe(Pipe::to("s", "visit").reference("chains_station")),
            "reference" => value.pipe(Pipe::to("chains_station", "visit")),
            "name" => value.pipe(Pipe::to("no name", "visit")),
            "system" => {
                let gone = System::builder("gone").in_memory();
                drop(gone);
                value.forward(Forward::to("s", "visit", trip("")).reference("chains_station"))
            }
            _ => value
                .pipe::<String>(Pipe::to("s", "shout").reference("chains_station"))
                .pipe(Pipe::to("s", "visits").reference("chains_station")),
        }
    }

    #[action]
    fn shout(&self, text: String) -> String {
        text.to_uppercase()
    }

    #[action]
    fn visits(&self) -> i64 {
        self.visits
    }

    /// Asks the stop, which answers by way of what is left.
    #[action]
    async fn ask(&mut self, ctx: &Context, mut trip: Trip) -> spawn::Result<Trip> {
        self.visits += 1;
        let stop = trip.left.remove(0);
        ctx.actor_by_id::<Self>(stop).visit(trip).await
    }

    /// Lets the stop ask the one behind it, and answer in its place.
    #[action]
    fn let_ask(&mut self, ctx: &Context, mut trip: Trip) -> Value<Trip> {
        self.visits += 1;
        let stop = trip.left.remove(0);
        Value::of().forward(ctx.actor_by_id::<Self>(stop).ask(trip))
    }

    /// Asks the first stop to let the second ask.
    #[action]
    async fn ask_around(&mut self, ctx: &Context, mut trip: Trip) -> spawn::Result<Trip> {
        self.visits += 1;
        let stop = trip.left.remove(0);
        ctx.actor_by_id::<Self>(stop).let_ask(trip).await
    }

    /// Counts down through instances that are all different.
    #[action]
    fn count_down(&mut self, ctx: &Context, left: i64) -> Value<i64> {
        self.visits += 1;
        if left == 0 {
            return Value::from(0);
        }
        let next = ctx.actor_by_id::<Self>(format!("n{left}"));
        Value::from(left - 1).pipe(Pipe::call(next, |next, left| next.count_down(left)))
    }

    #[action]
    fn set_going(&mut self, ctx: &Context, stop: String) -> Value<()> {
        Value::of().effect(ctx.actor_by_id::<Self>(stop).visit(trip("")).metadata("trace", "own"))
    }
}

/// An event that is piped on; nobody waits for a response.
#[derive(Default)]
struct Switch;

#[actor(name = "chains_switch", stateful = false, channels = [("chains.trips", send)])]
impl Switch {
    #[action]
    fn send(&self, trip: Trip) -> Value<Trip> {
        Value::of().forward(Forward::to("first", "visit", trip).reference("chains_station"))
    }
}

async fn start() -> (TestSystem, Arc<Gate>) {
    let gate = Arc::new(Gate { reached: Notify::new(), open: Semaphore::new(0) });
    let builder = System::builder("chains").in_memory().resource(Arc::clone(&gate));
    let system = builder.only::<(Station, Switch)>().start().await.unwrap();
    (TestSystem::from(system), gate)
}

async fn visits(system: &System, stop: &str) -> i64 {
    system.actor_by_id::<Station>(stop).visits().await.unwrap()
}

#[tokio::test]
async fn the_caller_gets_what_the_last_one_responds() {
    let (system, _gate) = start().await;
    let first = system.actor_by_id::<Station>("a");
    let said = first.visit(trip("b =c >d >=e f")).metadata("trace", "7").await.unwrap().said;
    assert_eq!(said, ["a outside 7", "b a 7", "c b 7", "d c 7", "e d 7", "f e 7"]);
    let said = system.invoke("a", "visit", trip("b =c")).reference("chains_station").await;
    let said = said.unwrap().decode::<Trip>().unwrap().said;
    assert_eq!(said, ["a outside -", "b a -", "c b -"]);
    assert_eq!((visits(&system, "a").await, visits(&system, "f").await), (2, 1));
}

#[tokio::test]
async fn a_chain_that_leads_nowhere_changes_nothing() {
    let (system, _gate) = start().await;
    let first = system.actor_by_id::<Station>("a");
    for (how, kind, words) in [
        ("actor", ErrorKind::UnknownActor, "did you mean `chains_station`?"),
        ("action", ErrorKind::UnknownAction, "did you mean `visit`?"),
        ("payload", ErrorKind::UnsupportedPayload, "takes chains.Trip, not google.protobuf.String"),
        (
            "reference",
            ErrorKind::UnknownActor,
            "call the id, with `.reference(\"chains_station\")`",
        ),
        ("name", ErrorKind::InvalidName, "the actor name \"no name\""),
        ("twice", ErrorKind::Cycle, "two places"),
    ] {
        let error = first.go_wrong(how.to_owned()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{how}: {error:?}");
        assert!(error.to_string().contains(words), "{how}: {error:?}");
        assert!(error.to_string().starts_with("`go_wrong` of chains_station/a: "), "{error}");
    }
    assert_eq!(visits(&system, "a").await, 0);
    // A response of another type than the first action has announced is no response.
    let error = first.go_wrong("system".to_owned()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(visits(&system, "a").await, 1);
}

#[tokio::test]
async fn a_chain_that_comes_back_is_an_error_that_names_it() {
    let (system, _gate) = start().await;
    let error = system.actor_by_id::<Station>("a").visit(trip("b c b")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cycle);
    assert_eq!(
        error.to_string(),
        "`visit` of chains_station/c: the chain would come back to where it was: chains_station/a.visit -> \
         chains_station/b.visit -> chains_station/c.visit -> chains_station/b.visit"
    );
    assert_eq!((visits(&system, "b").await, visits(&system, "c").await), (1, 0));
    let error = system.actor_by_id::<Station>("a").visit(trip("a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cycle);

    let long = system.actor_by_id::<Station>("n0").count_down(255).await;
    assert_eq!(long.unwrap(), 0);
    let error = system.actor_by_id::<Station>("n0").count_down(100_000).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cycle);
    assert!(error.to_string().contains("more than 256 links"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_chain_that_would_wait_for_its_caller_is_a_deadlock() {
    let (system, _gate) = start().await;
    let asker = system.actor_by_id::<Station>("x");
    let began = tokio::time::Instant::now();
    // `a` would let `x` answer, which waits for `a`.
    let error = asker.ask(trip("a x")).await.unwrap_err();
    let told = error.cause::<spawn::Error>().unwrap();
    assert_eq!(told.kind(), ErrorKind::Deadlock, "{error:?}");
    assert_eq!(visits(&system, "a").await, 0, "it is known before `a` is saved");
    // `a` lets `b` answer, which asks `x`, which waits for the answer.
    let error = asker.ask_around(trip("a b x")).await.unwrap_err();
    let chain = "chains_station/b -> chains_station/x -> chains_station/b";
    assert!(format!("{error:?}").contains(chain), "{error:?}");
    assert_eq!(began.elapsed(), Duration::ZERO);
    // Nobody waits any more: `x` is asked by others as ever.
    let said = system.actor_by_id::<Station>("y").ask(trip("x")).await.unwrap().said;
    assert_eq!(said, ["x y -"]);
}

#[tokio::test(start_paused = true)]
async fn the_caller_waits_for_the_chain_as_long_as_it_wants_to() {
    let (system, gate) = start().await;
    let call = system.actor_by_id::<Station>("a").send_to_wait("b".to_owned());
    let began = tokio::time::Instant::now();
    let error = call.timeout(Duration::from_millis(700)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(began.elapsed(), Duration::from_millis(700));
    // Longer than `b` would be waited for by default.
    let call = system.actor_by_id::<Station>("c").send_to_wait("d".to_owned());
    let opens = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        gate.open.add_permits(2);
    };
    let (said, ()) = tokio::join!(call.timeout(Duration::from_secs(30)), opens);
    assert_eq!(said.unwrap().said, ["d c -"]);
    system.settle().await;
    assert_eq!(visits(&system, "b").await, 1, "what was begun goes on");
}

#[tokio::test]
async fn a_chain_goes_on_when_nobody_waits() {
    let (system, _gate) = start().await;
    system.actor_by_id::<Station>("a").visit(trip("b c")).cast().await.unwrap();
    system.broadcast(Broadcast::to("chains.trips", trip("second third"))).await.unwrap();
    system.settle().await;
    for stop in ["a", "b", "c", "first", "second", "third"] {
        assert_eq!(visits(&system, stop).await, 1, "{stop}");
    }
    system.actor_by_id::<Station>("a").set_going("d".to_owned()).await.unwrap();
    system.settle().await;
    assert_eq!(visits(&system, "d").await, 1);
}

#[tokio::test]
async fn a_chain_goes_on_when_the_caller_went_away() {
    let (system, gate) = start().await;
    let station = |id: &str| system.actor_by_id::<Station>(id);
    // While the first action runs.
    let call = tokio::spawn(station("a").wait(trip("b c")).into_future());
    gate.reached.notified().await;
    call.abort();
    assert!(call.await.is_err());
    gate.open.add_permits(1);
    system.settle().await;
    assert_eq!((visits(&system, "b").await, visits(&system, "c").await), (1, 1));

    // While the second one has it.
    let call = tokio::spawn(station("a").send_to_wait("d".to_owned()).into_future());
    gate.reached.notified().await;
    call.abort();
    assert!(call.await.is_err());
    gate.open.add_permits(1);
    system.settle().await;
    assert_eq!(visits(&system, "d").await, 1);

    // While it waits for room in the mailbox of the second one, which has room for one.
    let busy = tokio::spawn(station("e").wait(trip("")).into_future());
    gate.reached.notified().await;
    let waiting = tokio::spawn(station("e").visit(trip("")).into_future());
    tokio::task::yield_now().await;
    let call = tokio::spawn(station("a").visit(trip("e f")).into_future());
    tokio::task::yield_now().await;
    call.abort();
    assert!(call.await.is_err());
    gate.open.add_permits(1);
    busy.await.unwrap().unwrap();
    waiting.await.unwrap().unwrap();
    system.settle().await;
    assert_eq!((visits(&system, "e").await, visits(&system, "f").await), (3, 1));
}

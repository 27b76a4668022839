//! What an action returns beside its response.

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActionError, ErrorKind};

#[message(name = "flows.Moved")]
struct Moved {
    to: i64,
}

#[message(name = "flows.Robot")]
struct Robot {
    place: i64,
}

#[actor(name = "flows_robot")]
impl Robot {
    /// The functional style: the new state is returned.
    #[action]
    fn go(&self, to: i64) -> Value<i64, Self> {
        Value::of()
            .response(self.place)
            .state(Self { place: to })
            .broadcast(Broadcast::to("flows.moved", Moved { to }))
            .broadcast(Broadcast::to("flows.log", format!("to {to}")))
    }

    #[action]
    fn go_nowhere(&self, to: i64) -> Result<Value<i64, Self>, ActionError> {
        let value = self.go(to);
        if to < 0 { Err(ActionError::new("off", "off the map")) } else { Ok(value) }
    }

    #[action]
    fn tell_all(&self, names: Names) -> Value<()> {
        let all = names.names.iter().fold(Broadcast::new(), |all, name| {
            all.and(format!("flows.user.{name}"), Moved { to: self.place })
        });
        Value::of().broadcast(all)
    }

    #[action]
    fn collect(&self, names: Names) -> Value<()> {
        let mut all: Broadcast =
            names.names.iter().map(|name| (format!("flows.{name}"), Moved { to: 1 })).collect();
        all.extend([("flows.end", Moved { to: 2 })]);
        Value::of().broadcast(all.and("flows.really", "the end".to_owned()))
    }

    #[action]
    fn place(&self) -> i64 {
        self.place
    }

    #[action]
    fn plain(&self) -> Value<String> {
        "as it is".to_owned().into()
    }
}

#[message(name = "flows.Names")]
struct Names {
    names: Vec<String>,
}

fn names(names: &[&str]) -> Names {
    Names { names: names.iter().map(|&name| name.to_owned()).collect() }
}

async fn start() -> TestSystem {
    TestSystem::with(|builder| builder.only::<(Robot,)>()).await.unwrap()
}

#[tokio::test]
async fn a_value_carries_response_state_and_events() {
    let system = start().await;
    let mut events = system.probe("flows.>").unwrap();
    let robot = system.actor::<Robot>();
    assert_eq!(robot.go(4).await.unwrap(), 0);
    assert_eq!(robot.place().await.unwrap(), 4);
    assert_eq!(events.expect::<Moved>().await.to, 4);
    assert_eq!(events.expect::<String>().await, "to 4");
    assert_eq!(robot.plain().await.unwrap(), "as it is");
    events.expect_none().await;
}

#[tokio::test]
async fn an_error_leaves_nothing_of_a_value() {
    let system = start().await;
    let mut events = system.probe("flows.>").unwrap();
    let robot = system.actor::<Robot>();
    assert_eq!(robot.go_nowhere(-1).await.unwrap_err().kind(), ErrorKind::Action);
    assert_eq!(robot.place().await.unwrap(), 0);
    events.expect_none().await;
    assert_eq!(robot.go_nowhere(1).await.unwrap(), 0);
    assert_eq!(robot.place().await.unwrap(), 1);
}

#[tokio::test]
async fn a_broadcast_is_folded_or_collected() {
    let system = start().await;
    let mut events = system.subscribe("flows.>").unwrap();
    let robot = system.actor::<Robot>();
    robot.tell_all(names(&["ann", "bob"])).await.unwrap();
    robot.collect(names(&["one", "two"])).await.unwrap();
    let mut channels = Vec::new();
    while let Some(event) = events.try_next() {
        assert_eq!(event.publisher().unwrap().name(), "flows_robot");
        channels.push(event.channel().to_string());
    }
    let expected =
        ["flows.user.ann", "flows.user.bob", "flows.one", "flows.two", "flows.end", "flows.really"];
    assert_eq!(channels, expected);
}

#[tokio::test]
async fn one_bad_channel_publishes_nothing() {
    let system = start().await;
    let mut events = system.probe("flows.>").unwrap();
    let robot = system.actor::<Robot>();
    let error = robot.tell_all(names(&["ann", "b b", "cid"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidName);
    assert!(error.to_string().contains("flows.user.b b"), "{error}");
    let two =
        Broadcast::to("flows.fine", Moved { to: 1 }).and("flows.*".to_owned(), Moved { to: 1 });
    let error = system.broadcast(two).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidName);
    events.expect_none().await;
    system.broadcast(Broadcast::new()).await.unwrap();
    system.broadcast(Broadcast::to("flows.fine", Moved { to: 1 })).await.unwrap();
    assert_eq!(events.expect::<Moved>().await.to, 1);
}

#[tokio::test]
async fn events_come_in_the_order_of_the_actions() {
    let system = start().await;
    let mut events = system.probe("flows.moved").unwrap();
    let robot = system.actor::<Robot>();
    for to in 0..500 {
        robot.go(to).cast().await.unwrap();
    }
    for to in 0..500 {
        assert_eq!(events.expect::<Moved>().await.to, to);
    }
}

//! From a name and a payload to a method.

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ErrorKind, Parcel};

#[message(name = "dispatch.Circle")]
struct Circle {
    radius: i64,
}

#[message(name = "dispatch.Square")]
struct Square {
    side: i64,
}

#[message(name = "dispatch.Triangle")]
struct Triangle {
    height: i64,
}

#[message(name = "dispatch.Board")]
struct Board {
    drawn: Vec<String>,
}

#[actor(name = "dispatch_board")]
impl Board {
    #[action]
    fn draw_shape(&mut self, circle: Circle) -> String {
        self.drawn.push(format!("circle {}", circle.radius));
        self.drawn.join(", ")
    }

    /// A second clause, of another type of payload, which waits.
    #[action(name = "draw_shape")]
    async fn draw_square(&mut self, square: Square) -> i64 {
        self.drawn.push(format!("square {}", square.side));
        square.side * square.side
    }

    #[action]
    fn describe(&self, _circle: Circle) -> String {
        "a circle".to_owned()
    }

    #[action(name = "describe")]
    fn describe_anything(&self, parcel: Parcel) -> String {
        format!("something: {}", parcel.type_name())
    }

    #[action]
    fn where_from(&self, event: Event) -> String {
        format!("{} on {}", event.type_name(), event.channel())
    }

    #[action]
    fn wipe(&mut self) {
        self.drawn.clear();
    }
}

/// Its action is called like one that every actor has.
#[derive(Default)]
struct Loose;

#[actor(name = "dispatch_loose", stateful = false)]
impl Loose {
    #[action]
    #[expect(clippy::unnecessary_wraps, reason = "an `Option` is a response too")]
    fn ping(&self) -> Option<i64> {
        Some(7)
    }
}

#[message(name = "dispatch.Basket")]
struct Basket {
    items: i64,
}

#[actor(name = "dispatch_basket", kind = unnamed)]
impl Basket {
    #[action]
    fn put(&mut self, items: i64) -> i64 {
        self.items += items;
        self.items
    }
}

async fn start() -> TestSystem {
    TestSystem::with(|builder| builder.only::<(Board, Loose, Basket)>()).await.unwrap()
}

async fn error_of(system: &TestSystem, actor: &str, action: &str, payload: Parcel) -> String {
    system.invoke(actor, action, payload).await.unwrap_err().to_string()
}

#[tokio::test]
async fn an_action_has_three_spellings() {
    let system = start().await;
    for (number, action) in ["draw_shape", "drawShape", "DrawShape"].into_iter().enumerate() {
        let response = system.invoke("dispatch_board", action, Circle { radius: 1 }).await.unwrap();
        let text = response.decode::<String>().unwrap();
        assert_eq!(text, vec!["circle 1"; number + 1].join(", "));
    }
}

#[tokio::test]
async fn the_payload_chooses_the_clause() {
    let system = start().await;
    let board = system.actor::<Board>();
    assert_eq!(board.draw_shape(Circle { radius: 2 }).await.unwrap(), "circle 2");
    assert_eq!(board.draw_square(Square { side: 3 }).await.unwrap(), 9);
    let by_name = system.invoke("dispatch_board", "draw_shape", Square { side: 4 });
    assert_eq!(by_name.await.unwrap().decode::<i64>().unwrap(), 16);
    // From another language: bytes and a name.
    let bytes = Parcel::new(Square { side: 5 }).to_bytes().unwrap();
    let foreign = Parcel::encoded("type.googleapis.com/dispatch.Square", bytes);
    let by_bytes = system.invoke("dispatch_board", "draw_shape", foreign);
    assert_eq!(by_bytes.await.unwrap().decode::<i64>().unwrap(), 25);
    let state = system.invoke("dispatch_board", "get", ()).await.unwrap();
    let drawn = state.decode::<Board>().unwrap().drawn;
    assert_eq!(drawn, ["circle 2", "square 3", "square 4", "square 5"]);
}

#[tokio::test]
async fn a_clause_for_every_type_takes_what_no_other_does() {
    let system = start().await;
    let describe = async |payload: Parcel| {
        let response = system.invoke("dispatch_board", "describe", payload).await.unwrap();
        response.decode::<String>().unwrap()
    };
    assert_eq!(describe(Circle { radius: 1 }.into()).await, "a circle");
    assert_eq!(describe(Square { side: 1 }.into()).await, "something: dispatch.Square");
    let unknown = Parcel::encoded("nobody.Knows", vec![1, 2, 3]);
    assert_eq!(describe(unknown).await, "something: nobody.Knows");
    let event = system.invoke("dispatch_board", "whereFrom", Square { side: 1 }).await.unwrap();
    assert_eq!(event.decode::<String>().unwrap(), "dispatch.Square on spawn.call");
}

#[tokio::test]
async fn what_cannot_be_dispatched_is_told_with_what_could() {
    let system = start().await;
    let triangle = Triangle { height: 1 };
    assert_eq!(
        error_of(&system, "dispatch_board", "draw_shape", triangle.into()).await,
        "`draw_shape` takes dispatch.Circle or dispatch.Square, not dispatch.Triangle"
    );
    assert_eq!(
        error_of(&system, "dispatch_board", "wipe", 1_i64.into()).await,
        "`wipe` takes no payload, not google.protobuf.Int64Value"
    );
    assert_eq!(
        error_of(&system, "dispatch_board", "draw_shapes", ().into()).await,
        "`dispatch_board` has no action `draw_shapes`; did you mean `draw_shape`? it has draw_shape, describe, where_from, wipe"
    );
    assert_eq!(
        error_of(&system, "dispatch_bored", "wipe", ().into()).await,
        "the system `test` has no actor `dispatch_bored`; did you mean `dispatch_board`?"
    );
    let malformed = Parcel::encoded("dispatch.Circle", vec![8]);
    let error = system.invoke("dispatch_board", "draw_shape", malformed).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
}

#[tokio::test]
async fn every_actor_can_be_asked_for_its_state() {
    let system = start().await;
    system.actor::<Board>().draw_shape(Circle { radius: 1 }).await.unwrap();
    for action in ["get", "get_state", "getState", "GetState"] {
        let state = system.invoke("dispatch_board", action, ()).await.unwrap();
        assert_eq!(state.decode::<Board>().unwrap().drawn, ["circle 1"]);
        let nothing = system.invoke("dispatch_loose", action, ()).await.unwrap();
        nothing.decode::<()>().unwrap();
    }
}

#[tokio::test]
async fn an_instance_is_called_by_reference() {
    let system = start().await;
    let put = async |id: &str, items: i64| {
        let call = system.invoke(id, "put", items).reference("dispatch_basket");
        call.await.unwrap().decode::<i64>().unwrap()
    };
    assert_eq!(put("ann", 2).await, 2);
    assert_eq!(put("bob", 1).await, 1);
    assert_eq!(put("ann", 3).await, 5);
    assert_eq!(system.actor_by_id::<Basket>("ann").put(0).await.unwrap(), 5);
    let error = system.invoke("dispatch_basket", "put", 1_i64).await.unwrap_err();
    assert!(error.to_string().contains(".reference(\"dispatch_basket\")"), "{error}");
    let error = system.invoke("x", "wipe", ()).reference("dispatch_board").await.unwrap_err();
    assert_eq!(error.to_string(), "`dispatch_board` has one instance, but was called as `x`");
}

#[tokio::test]
async fn a_response_has_a_type() {
    let system = start().await;
    let response = system.invoke("dispatch_loose", "ping", ()).await.unwrap();
    assert_eq!(response.decode::<i64>().unwrap(), 7);
    let error = response.decode::<String>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(system.actor::<Loose>().ping().await.unwrap(), Some(7));
}

//! What a system tells about itself.

use std::fmt::Debug;
use std::marker::PhantomData;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{BoxError, Kind, Subscriber};

#[message(name = "introspection.Order")]
struct Order {
    id: String,
}

#[message(name = "introspection.Created")]
struct Created {
    order_id: String,
}

/// A channel that is no literal where it is used.
const HIDDEN: Channel = Channel::new("order.hidden");

#[message(name = "introspection.Orders")]
struct Orders {
    ids: Vec<String>,
}

#[actor(name = "introspection.orders")]
impl Orders {
    #[action]
    fn create_order(&mut self, order: Order) -> Value<Order> {
        self.ids.push(order.id.clone());
        let event = Created { order_id: order.id.clone() };
        let all = Broadcast::to("order.created", event.clone()).and("audit.order", event.clone());
        Value::from(order).broadcast(all.and(HIDDEN, event))
    }

    #[action]
    async fn find(&self, id: String) -> Result<Option<Order>, ActionError> {
        Ok(self.ids.contains(&id).then_some(Order { id }))
    }

    #[action]
    fn any(&self, parcel: Parcel) {
        drop(parcel);
    }
}

#[message(name = "introspection.Saga")]
struct Saga {
    steps: i64,
}

#[actor(
    name = "introspection.saga",
    kind = unnamed,
    channels = [("order.created", from = start, step)],
)]
impl Saga {
    #[action(route = order_id)]
    fn step(&mut self, event: Created) -> Result<(), ActionError> {
        self.steps += 1;
        if event.order_id.is_empty() { Err(ActionError::new("empty", "no id")) } else { Ok(()) }
    }
}

#[derive(Default)]
struct Audit;

#[actor(name = "introspection.audit", stateful = false, channels = ["audit.>", ("order.*", note)])]
impl Audit {
    #[action]
    fn receive(&self, event: Event) {
        drop(event);
    }

    #[action]
    fn note(&self, created: Created) -> Value<Created> {
        Self::announce(created)
    }

    #[action(name = "note")]
    fn note_order(&self, _order: Order) -> bool {
        true
    }

    fn announce(created: Created) -> Value<Created> {
        Value::from(created).broadcast(Broadcast::new().and("audit.done", 1_i64))
    }
}

#[derive(Default)]
struct Silent;

#[actor(name = "introspection.silent", stateful = false)]
impl Silent {
    #[action(timer = "90s")]
    fn look_around(&self) {}
}

struct Bridge<T>(Option<&'static str>, PhantomData<T>);

impl<T: Debug + Send + 'static> Subscriber for Bridge<T> {
    fn channels(&self) -> Vec<String> {
        vec!["order.created".to_owned(), "audit.*".to_owned()]
    }

    fn name(&self) -> Option<String> {
        self.0.map(str::to_owned)
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        Ok(())
    }
}

async fn start() -> TestSystem {
    let (named, nameless) =
        (Bridge::<()>(Some("web.hook"), PhantomData), Bridge::<Vec<u8>>(None, PhantomData));
    let build = |builder: spawn::SystemBuilder| {
        let builder = builder.only::<(Saga, Silent, Audit, Orders)>();
        builder.external_subscriber(named).external_subscriber(nameless)
    };
    TestSystem::with(build).await.unwrap()
}

#[tokio::test]
async fn definitions_are_a_table() {
    let system = start().await;
    insta::assert_snapshot!(system.definitions().unwrap(), @r#"
    introspection.audit: named, stateless, it::introspection::Audit
      action     payload                response
        receive  any                    -
        note     introspection.Created  introspection.Created
                 introspection.Order    google.protobuf.BoolValue
      channel    action                 options
        audit.>  receive                -
        order.*  note                   -
      publishes  audit.done

    introspection.orders: named, stateful, it::introspection::Orders
      action          payload                      response
        create_order  introspection.Order          introspection.Order
        find          google.protobuf.StringValue  introspection.Order or nothing
        any           any                          -
      publishes       audit.order, order.created

    introspection.saga: unnamed, stateful, it::introspection::Saga
      action           payload                response
        step           introspection.Created  -
      channel          action                 options
        order.created  step                   from = start, routed

    introspection.silent: named, stateless, it::introspection::Silent
      action         payload  response
        look_around  -        -
      timer          every
        look_around  90s
    "#);
}

#[tokio::test]
async fn a_topology_is_a_flowchart() {
    let system = start().await;
    insta::assert_snapshot!(system.topology().unwrap().to_mermaid(), @r#"
    flowchart LR
        a0["introspection.audit"]
        a1["introspection.orders"]
        a2[["introspection.saga"]]
        a3["introspection.silent"]
        s0(["web.hook"])
        s1(["it::introspection::Bridge#60;alloc::vec::Vec#60;u8#62;#62;"])
        c0{{"audit.#42;"}}
        c1{{"audit.#62;"}}
        c2{{"audit.done"}}
        c3{{"audit.order"}}
        c4{{"order.#42;"}}
        c5{{"order.created"}}
        c1 -->|"receive"| a0
        c4 -->|"note"| a0
        c5 -->|"step"| a2
        c5 --> s0
        c0 --> s0
        c5 --> s1
        c0 --> s1
        a0 -.-> c2
        a1 -.-> c3
        a1 -.-> c5
        c2 ==> c0
        c2 ==> c1
        c3 ==> c0
        c3 ==> c1
        c5 ==> c4
    "#);
}

#[test]
fn a_definition_has_what_was_written() {
    let definition = Orders::definition();
    assert_eq!((definition.name(), definition.kind()), ("introspection.orders", Kind::Named));
    assert_eq!(definition.publishes(), ["audit.order", "order.created"]);
    let find = &definition.actions()[1];
    assert_eq!((find.name(), find.clauses().len()), ("find", 1));
    let clause = &find.clauses()[0];
    assert_eq!(clause.payload().unwrap(), "google.protobuf.StringValue");
    assert_eq!(clause.response(), "introspection.Order");
    assert!(clause.is_optional());
    let any = &definition.actions()[2].clauses()[0];
    assert_eq!((any.payload(), any.is_optional()), (None, false));
    assert_eq!(any.response(), "google.protobuf.Empty");
    assert!(Saga::definition().publishes().is_empty());
}

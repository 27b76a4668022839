//! Payloads, responses and events that are any serde type.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Any, json};
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{Client, ErrorKind};

/// Has neither a `Debug` nor a `Default`.
#[derive(Clone, Serialize, Deserialize)]
struct OrderData {
    sku: String,
    quantity: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: String,
    lines: Vec<(String, u32)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum OrderEvent {
    Created { order: Order },
    Deleted { id: String },
}

/// Counts how often it is written.
#[derive(Clone, Deserialize)]
struct Watched {
    text: String,
}

static WRITTEN: AtomicU64 = AtomicU64::new(0);

impl Serialize for Watched {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WRITTEN.fetch_add(1, Ordering::SeqCst);
        BTreeMap::from([("text", &self.text)]).serialize(serializer)
    }
}

/// Cannot be written, for its keys are no text.
type Unwritable = BTreeMap<(i32, i32), i32>;

#[message(name = "json.Shop")]
struct Shop {
    orders: u64,
}

#[actor(name = "json_shop")]
impl Shop {
    #[action]
    fn create_order(&mut self, Json(data): Json<OrderData>) -> Value<Json<Order>> {
        self.orders += 1;
        let id = format!("o-{}", self.orders);
        let order = Order { id, lines: vec![(data.sku, data.quantity)] };
        let event = OrderEvent::Created { order: order.clone() };
        Value::from(Json(order)).broadcast(Broadcast::to("json.orders", Json(event)))
    }

    #[action]
    fn delete(&mut self, id: String) -> Result<Option<Json<Order>>, std::io::Error> {
        match id.as_str() {
            "" => Err(std::io::Error::other("no id")),
            "o-0" => Ok(None),
            _ => Ok(Some(Json(Order { id, lines: Vec::new() }))),
        }
    }

    /// Goes on with JSON, and comes back with it.
    #[action]
    fn price(&mut self, ctx: &Context, data: Json<OrderData>) -> Value<Json<Order>> {
        let priced = Pipe::call(ctx.actor::<Till>(), Client::<Till>::price);
        Value::from(data).pipe(priced)
    }

    #[action]
    fn price_elsewhere(&mut self, data: Json<OrderData>) -> Value<Json<Order>> {
        Value::of().forward(Forward::to("json_till", "price", data))
    }

    #[action]
    fn price_by_name(&mut self) -> Value<Json<Order>> {
        let data = json!({ "sku": "by name", "quantity": 3 });
        Value::of().forward(Forward::to("json_till", "price", data))
    }

    #[action]
    fn order_later(&mut self, data: Json<OrderData>) -> Value<()> {
        self.orders += 10;
        let untyped = json!({ "sku": "milk", "quantity": 7 });
        Value::of()
            .effect(SideEffect::to("json_shop", "create_order", data))
            .effect(SideEffect::to("json_shop", "create_order", untyped))
    }

    #[action]
    fn announce_nonsense(&mut self) -> Value<()> {
        self.orders += 1_000;
        let event: Unwritable = [((1, 2), 3)].into();
        Value::of().broadcast(Broadcast::to("json.orders", Json(event)))
    }

    #[action]
    fn answer_nonsense(&mut self) -> Json<Unwritable> {
        self.orders += 1_000;
        Json([((1, 2), 3)].into())
    }

    #[action]
    fn count(&self) -> u64 {
        self.orders
    }
}

#[derive(Default)]
struct Till;

#[actor(name = "json_till", stateful = false)]
impl Till {
    #[action]
    async fn price(&self, ctx: &Context, data: Json<OrderData>) -> Json<Order> {
        let caller = ctx.caller().map(ToString::to_string).unwrap_or_default();
        Json(Order { id: caller, lines: vec![(data.0.sku, data.0.quantity)] })
    }
}

/// Says what it was given.
#[derive(Default)]
struct Taker;

#[actor(name = "json_taker", stateful = false)]
impl Taker {
    #[action]
    fn either(&self, _data: Json<OrderData>) -> String {
        "data".to_owned()
    }

    #[action(name = "either")]
    fn or_order(&self, _order: Json<Order>) -> String {
        "order".to_owned()
    }

    #[action]
    fn any(&self, Json(any): Json<Any>) -> String {
        any.to_string()
    }

    #[action]
    fn same(&self, watched: Json<Watched>) -> Json<Watched> {
        watched
    }

    #[action]
    fn number(&self, number: i64) -> i64 {
        number
    }
}

#[derive(Default)]
struct Log;

#[actor(
    name = "json_log",
    kind = unnamed,
    stateful = false,
    channels = [("json.orders", follow)]
)]
impl Log {
    /// The fields are those of the type inside.
    #[action(route = id)]
    fn follow(&self, ctx: &Context, order: Json<Order>) -> Value<()> {
        let seen = format!("{} has {}", ctx.id(), order.id);
        Value::of().broadcast(Broadcast::to("json.seen", seen))
    }
}

#[message(name = "json.Ledger")]
struct Ledger {
    seen: Vec<String>,
}

#[actor(name = "json_ledger", channels = [("json.orders", book), ("json.all", receive)])]
impl Ledger {
    #[action]
    fn book(&mut self, event: Json<OrderEvent>) {
        let seen = match event.0 {
            OrderEvent::Created { order } => format!("created {}", order.id),
            OrderEvent::Deleted { id } => format!("deleted {id}"),
        };
        self.seen.push(seen);
    }

    #[action]
    fn receive(&mut self, event: Event) {
        self.seen.push(format!("{} {}", event.type_name(), event.is::<Json<Order>>()));
    }

    #[action]
    fn seen(&self) -> String {
        self.seen.join(", ")
    }
}

async fn start() -> TestSystem {
    TestSystem::with(|builder| builder.only::<(Shop, Till, Taker, Log, Ledger)>()).await.unwrap()
}

fn data() -> Json<OrderData> {
    Json(OrderData { sku: "tea".to_owned(), quantity: 2 })
}

fn order(id: &str, sku: &str, quantity: u32) -> Order {
    Order { id: id.to_owned(), lines: vec![(sku.to_owned(), quantity)] }
}

#[tokio::test]
async fn json_is_payload_response_and_event() {
    let system = start().await;
    let shop = system.actor::<Shop>();
    let mut orders = system.probe("json.orders").unwrap();
    assert_eq!(shop.create_order(data()).await.unwrap().0, order("o-1", "tea", 2));
    let event: Json<OrderEvent> = orders.expect().await;
    assert_eq!(event.0, OrderEvent::Created { order: order("o-1", "tea", 2) });
    let gone = Json(OrderEvent::Deleted { id: "o-9".to_owned() });
    system.broadcast(Broadcast::to("json.orders", gone)).await.unwrap();
    system.settle().await;
    let seen = system.actor::<Ledger>().seen().await.unwrap();
    assert_eq!(seen, "created o-1, deleted o-9");

    assert_eq!(shop.delete("o-0".to_owned()).await.unwrap(), None);
    assert_eq!(shop.delete("o-5".to_owned()).await.unwrap().unwrap().id, "o-5");
    assert_eq!(shop.delete(String::new()).await.unwrap_err().kind(), ErrorKind::Action);
    let nothing = system.invoke("json_shop", "delete", "o-0".to_owned()).await.unwrap();
    assert!(nothing.is::<()>());
}

#[tokio::test]
async fn a_value_is_a_payload_by_name_and_the_response_is_one_too() {
    let system = start().await;
    let data = json!({ "sku": "tea", "quantity": 2 });
    let response = system.invoke("json_shop", "CreateOrder", data.clone()).await.unwrap();
    assert_eq!(response.type_name(), "spawn.json.Order");
    assert_eq!(response.decode::<Json<Order>>().unwrap().0, order("o-1", "tea", 2));
    let value = response.decode::<Json<Any>>().unwrap().0;
    assert_eq!(value, json!({ "id": "o-1", "lines": [["tea", 2]] }));
    // As it comes from another process.
    let bytes = Parcel::encoded("spawn.json.OrderData", data.to_string());
    system.invoke("json_shop", "create_order", bytes).await.unwrap();
    assert_eq!(system.actor::<Shop>().count().await.unwrap(), 2);
    // A kept answer was written, and is read again.
    for _ in 0..2 {
        let call = system.invoke("json_shop", "create_order", data.clone());
        let kept = call.idempotency_key("k").await.unwrap();
        assert_eq!(kept.decode::<Json<Order>>().unwrap().id, "o-3");
        let typed = system.actor::<Shop>().create_order(self::data()).idempotency_key("k");
        assert_eq!(typed.await.unwrap().0, order("o-3", "tea", 2));
    }
}

#[tokio::test]
async fn json_that_is_something_else_is_an_error_that_says_where_and_why() {
    let system = start().await;
    let half = json!({ "sku": "tea" });
    let error = system.invoke("json_shop", "create_order", half).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        (error.actor().unwrap().as_str(), error.action()),
        ("json_shop", Some("create_order"))
    );
    assert_eq!(error.to_string(), "`create_order` of json_shop: malformed spawn.json.OrderData");
    let cause = error.source().unwrap().to_string();
    assert!(cause.starts_with("missing field `quantity`"), "{cause}");
    assert!(format!("{error:?}").contains("missing field `quantity`"), "{error:?}");
    assert_eq!(system.actor::<Shop>().count().await.unwrap(), 0);

    // What is no JSON has no names for its fields.
    let error = system.invoke("json_taker", "number", json!(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedPayload);
    let text = error.to_string();
    assert!(text.ends_with("`number` takes google.protobuf.Int64Value, not spawn.Json"), "{text}");
    // Either could be meant.
    let error = system.invoke("json_taker", "either", json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedPayload);
    let text = error.to_string();
    let wanted = "`either` takes spawn.json.OrderData or spawn.json.Order, not spawn.Json";
    assert!(text.ends_with(wanted), "{text}");
}

#[tokio::test]
async fn the_type_chooses_the_clause_and_a_clause_for_any_json_takes_all() {
    let system = start().await;
    let taker = system.actor::<Taker>();
    assert_eq!(taker.either(data()).await.unwrap(), "data");
    assert_eq!(taker.or_order(Json(order("1", "tea", 1))).await.unwrap(), "order");
    let call = |action, payload| system.invoke("json_taker", action, payload);
    let name =
        async |action, payload| call(action, payload).await.unwrap().decode::<String>().unwrap();
    let bytes = Parcel::encoded("spawn.json.Order", r#"{"id":"1","lines":[]}"#);
    assert_eq!(name("either", Parcel::new(data())).await, "data");
    assert_eq!(name("either", bytes.clone()).await, "order");
    assert_eq!(name("any", bytes).await, r#"{"id":"1","lines":[]}"#);
    assert_eq!(name("any", Parcel::new(data())).await, r#"{"quantity":2,"sku":"tea"}"#);
    assert_eq!(name("any", Parcel::new(Json(json!([1, null])))).await, "[1,null]");
}

#[tokio::test]
async fn json_travels_as_it_is_within_the_process() {
    let system = start().await;
    let text = "x".repeat(100);
    let address = text.as_ptr();
    let watched = system.actor::<Taker>().same(Json(Watched { text })).await.unwrap();
    assert_eq!(watched.text.as_ptr(), address, "moved, not copied");
    let parcel = Parcel::new(watched);
    let response = system.invoke("json_taker", "same", parcel).await.unwrap();
    assert_eq!(response.downcast_ref::<Json<Watched>>().unwrap().text.as_ptr(), address);
    assert_eq!(WRITTEN.load(Ordering::SeqCst), 0);
    response.decode::<Json<Any>>().unwrap();
    assert_eq!(WRITTEN.load(Ordering::SeqCst), 1, "it is seen when it is written");
}

#[tokio::test]
async fn json_is_piped_forwarded_and_an_effect() {
    let system = start().await;
    let shop = system.actor::<Shop>();
    let piped = shop.price(data()).await.unwrap().0;
    assert_eq!(piped, order("json_shop", "tea", 2));
    assert_eq!(shop.price_elsewhere(data()).await.unwrap().0, order("json_shop", "tea", 2));
    assert_eq!(shop.price_by_name().await.unwrap().0, order("json_shop", "by name", 3));
    let mut orders = system.probe("json.orders").unwrap();
    shop.order_later(data()).await.unwrap();
    let mut made = Vec::new();
    for _ in 0..2 {
        let OrderEvent::Created { order } = orders.expect::<Json<OrderEvent>>().await.0 else {
            panic!("nothing is deleted")
        };
        made.extend(order.lines);
    }
    made.sort();
    assert_eq!(made, [("milk".to_owned(), 7), ("tea".to_owned(), 2)]);
}

#[tokio::test]
async fn a_route_sees_the_fields_of_the_type_inside() {
    let system = start().await;
    let mut seen = system.probe("json.seen").unwrap();
    let event = Broadcast::to("json.orders", Json(order("o-7", "tea", 1)));
    system.broadcast(event).await.unwrap();
    assert_eq!(seen.expect::<String>().await, "json_log/o-7 has o-7");
    // JSON of no type goes to the clause that it can be for.
    let event = Broadcast::to("json.orders", json!({ "id": "o-8", "lines": [] }));
    system.broadcast(event).await.unwrap();
    assert_eq!(seen.expect::<String>().await, "json_log/o-8 has o-8");
}

#[tokio::test]
async fn an_event_tells_its_type() {
    let system = start().await;
    let all = Broadcast::to("json.all", Json(order("o-7", "tea", 1))).and("json.all", data());
    system.broadcast(all).await.unwrap();
    system.settle().await;
    let seen = system.actor::<Ledger>().seen().await.unwrap();
    assert_eq!(seen, "spawn.json.Order true, spawn.json.OrderData false");
    let table = Shop::definition().to_string();
    assert!(
        table.contains("spawn.json.OrderData") && table.contains("spawn.json.Order"),
        "{table}"
    );
}

#[tokio::test]
async fn what_cannot_be_written_changes_nothing() {
    let system = start().await;
    let mut orders = system.probe("json.orders").unwrap();
    let shop = system.actor::<Shop>();
    let error = shop.announce_nonsense().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    assert!(
        error.to_string().starts_with("`announce_nonsense` of json_shop: a spawn.json."),
        "{error}"
    );
    assert!(error.source().unwrap().to_string().contains("key must be a string"), "{error:?}");
    assert_eq!(shop.count().await.unwrap(), 0);
    let error = shop.answer_nonsense().idempotency_key("k").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    assert_eq!(shop.count().await.unwrap(), 0);
    orders.expect_none().await;
    let event: Unwritable = [((1, 2), 3)].into();
    let outside = Broadcast::to("json.orders", Json(event));
    assert_eq!(system.broadcast(outside).await.unwrap_err().kind(), ErrorKind::Encode);
    // It is not written on its way to a caller.
    assert_eq!(shop.answer_nonsense().await.unwrap().0.len(), 1);
    assert_eq!(shop.count().await.unwrap(), 1_000);
}

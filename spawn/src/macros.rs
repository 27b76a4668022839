//! The attributes, with their documentation: this is where a person meets them.

/// Makes an actor of a type: goes on its `impl` block, whose methods with [`#[action]`](macro@action) are what can be called.
///
/// The struct is the actor's state. The attribute implements [`Actor`](crate::Actor) for it, makes the typed
/// [`Client`](crate::Client) with one method for each method that is an action, and registers the definition, so that every system of
/// the program has the actor unless [`SystemBuilder::only`](crate::SystemBuilder::only) or
/// [`actors`](crate::SystemBuilder::actors) leaves it out. Nothing is added to the type itself, and methods without an attribute
/// stay what they are.
///
/// ```
/// use spawn::prelude::*;
///
/// #[message(name = "docs_actor.OrderCreated")]
/// struct OrderCreated { order_id: String }
///
/// /// Counts orders.
/// #[message(name = "docs_actor.OrderCounter")]
/// struct OrderCounter { orders: i64 }
///
/// #[actor(channels = [("order.events", count)], deactivate_timeout = "5m")]
/// impl OrderCounter {
///     #[action]
///     fn count(&mut self, event: OrderCreated) -> i64 {
///         println!("order {}", event.order_id);
///         self.orders += 1;
///         self.orders
///     }
/// }
///
/// let definition = OrderCounter::definition();
/// assert_eq!(definition.name(), "order_counter");
/// assert_eq!(definition.channels()[0].pattern(), "order.events");
/// ```
///
/// # Keys
///
/// All of them can be left out: `#[actor]` alone is a durable actor of which a system has one.
///
/// | key | value | default |
/// | --- | --- | --- |
/// | `name` | a string: 1 to 128 bytes of `A-Z a-z 0-9 _ - .` | the type's name in snake case |
/// | `kind` | `named`, `unnamed`, `pooled` or `task` | `named` |
/// | `min_pool_size` | a whole number from 1 to 4294967295; of a pool | `1` |
/// | `max_pool_size` | the same; of a pool or a task | the number of cores; `256` for a task |
/// | `channels` | a list of entries | no subscription |
/// | `stateful` | `true` or `false` | `true` |
/// | `deactivate_timeout` | a duration | `"10s"` |
/// | `ask_timeout` | a duration | `"5s"` |
/// | `mailbox` | a whole number from 1 to 4294967295 | `1024` |
/// | `retry` | `{ attempts = 10, backoff = "100ms", max_backoff = "30s" }` | those |
/// | `snapshot_timeout` | a duration | saved before each response |
/// | `revisions` | a whole number from 1 to 1024 | `16` |
/// | `tags` | `{ region = "eu" }` | none |
/// | `crate` | a path | `::spawn` |
///
/// A duration is a string with a whole number and a unit (`ms`, `s`, `m`, `h`, `d`), or a whole number of milliseconds: `"30s"`,
/// `"250ms"`, `30_000`. It is longer than zero and not longer than about 100 years.
///
/// **`name`** is what the actor is called in calls by name ([`System::invoke`](crate::System::invoke)), in errors and in logs. A
/// system cannot have two actors of one name; its [`start`](crate::SystemBuilder::start) says where both of them are.
///
/// **`kind`** says how many there are. Of a `named` actor each system has one, reached with
/// [`System::actor`](crate::System::actor). Of an `unnamed` one it has as many as there are ids, each with a state and a mailbox of
/// its own, reached with [`System::actor_by_id`](crate::System::actor_by_id) and activated when it is first called.
///
/// The other two are `stateful = false`, and reached with [`System::actor`](crate::System::actor). A `pooled` actor is a pool of
/// members that are all alike, of which any one that is idle takes the next call and the next event: for work that can be done side by side, with
/// something that each member keeps for itself, such as a connection. It grows up to **`max_pool_size`** while no member is idle, and shrinks to
/// **`min_pool_size`** when members have nothing to do for the `deactivate_timeout`. A `task` actor is made for one message and goes when that
/// is handled; so many run at once, and more wait. Both have one mailbox for all members, and neither knows an order: messages that are
/// begun one after the other may end in any order. Calls with an
/// [idempotency key](crate::Call::idempotency_key) are the exception, and are run one at a time.
///
/// ```
/// # use spawn::prelude::*;
/// # #[derive(Default)] struct Connection;
/// # impl Connection { async fn render(&self, page: String) -> String { page } }
/// #[derive(Default)]
/// struct Renderer { connection: Connection }
///
/// #[actor(kind = pooled, stateful = false, max_pool_size = 8, name = "docs_renderer")]
/// impl Renderer {
///     #[action]
///     async fn render(&self, page: String) -> String {
///         self.connection.render(page).await
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("docs").in_memory().only::<(Renderer,)>().start().await?;
/// // Up to eight are rendered at once.
/// let renderer = system.actor::<Renderer>();
/// let pages = tokio::try_join!(renderer.render("a".into()), renderer.render("b".into()))?;
/// # assert_eq!(pages, ("a".to_owned(), "b".to_owned()));
/// # Ok(()) }
/// ```
///
/// **`channels`** subscribes the actor. An entry is `("order.events", handler)`, where the handler is the name of an action, as an
/// identifier or a string; `"order.events"` alone is handled by the action `receive`. The channel may be a
/// [`Pattern`](crate::Pattern): `*` stands for one token, a final `>` for one or more. The type of the event chooses the clause
/// of the action; an event that no clause takes is skipped. An event whose action fails comes
/// again after a pause, and is put among the [dead letters](crate::System::dead_letters) after the last attempt. A named actor gets each
/// event once for every entry that matches. An unnamed one gets it in the instance that it names, if the action has a
/// [`route`](macro@action#keys), and in every instance that exists if not. Of a pool, one member gets it, and several events are handled at
/// once. All subscriptions stand before the system accepts its
/// first message. It is an error if the channel is not well formed, the handler is no action of the block or takes no payload, or an
/// entry stands there twice.
///
/// After the handler, an entry can say more: `("order.events", count, from = start)`. With `from = start` a subscription that is new
/// begins with the oldest event that is kept, instead of with the next one. With `wake = eager` a passive instance of an unnamed actor without routes
/// is activated for an event, sixty-four of them at a time; without it, it catches up before its next message.
///
/// **`stateful`** says whether the state is durable. With `true` the struct has to be a message (see
/// [`#[message]`](macro@message)); what a failed action did to it is undone, and each change is saved before
/// anybody sees it. With `false`
/// it can be any type that is `Send` and `'static`, made by its `Default` or by
/// [`SystemBuilder::provide`](crate::SystemBuilder::provide), and is gone when the actor is passivated. It cannot be copied, so
/// what an action did to it before it returned an error stays; after a panic it is made anew.
///
/// **`deactivate_timeout`** is how long an actor may have nothing to do before it is passivated, which frees the memory of its state. The
/// next message activates it again. Time is measured coarsely: it may take half as long again.
///
/// **`ask_timeout`** is how long a call waits for its response, unless [`Call::timeout`](crate::Call::timeout) says otherwise.
/// The wait for room in a full mailbox counts.
///
/// **`mailbox`** is how many calls can wait for one instance, or for a pool as a whole. Those that come when it is full wait for room, or fail if they were
/// told to with [`Call::fail_when_full`](crate::Call::fail_when_full). Events wait elsewhere and have no limit.
///
/// **`retry`** says how an event comes again that an action has failed on: how often it is tried, the first time included, the pause
/// after the first attempt, which doubles with each one after it, and the longest pause. Each pause is a fifth longer or shorter
/// by chance. Later events wait meanwhile, but for those of a pool; calls do not. What is left out keeps its default.
///
/// **`snapshot_timeout`** trades the promise that a response means saved for speed: the state is saved so long after it changed, when the actor
/// is passivated, and when the system stops, and a crash takes what was done since. An action that publishes, has an effect, or serves a
/// call with an idempotency key takes the state along into its commit all the same, and an `async` action starts when the state that it sees is
/// saved. An event that the state reflects comes again if the state was lost.
///
/// **`revisions`** is how many states of the actor are kept, the newest included, so that `revisions = 1` keeps none to go back to: each commit that
/// changes the state makes one, [`System::history`](crate::System::history) lists them, and [`System::spawn_actor`](crate::System::spawn_actor) goes
/// back to one. Each takes the room of a state, and every commit writes where all of them are. With a number that is lower than it was, those that are too many
/// go with the actor's next change.
///
/// **`tags`** are pairs of text by which [`System::find`](crate::System::find) finds the actor, as long as it sets no others with
/// [`Value::tags`](crate::Value::tags). An action reads them with [`Context::tags`](crate::Context::tags).
///
/// **`crate`** is the path of this library where it has another name than `spawn`:
/// `#[actor(crate = actors)]` after `actors = { package = "spawn", .. }` in `Cargo.toml`.
///
/// # Errors
///
/// All mistakes of a block are reported in one compilation, each where it is. Beside those above: the attribute on anything
/// but an inherent `impl` block (a struct, a function, an `impl` of a trait, an `unsafe` one), a block with generic
/// parameters, a second `#[actor]` for the type, an unknown key, a key that is given twice, a literal channel in
/// [`Broadcast::to`](crate::Broadcast::to) or `and` that is not well formed, and whatever is wrong with an action.
///
/// ```compile_fail
/// # use spawn::prelude::*;
/// # #[derive(Default)] struct Mailer {}
/// #[actor(stateful = false, channels = [("order.events", on_ordr)])]
/// impl Mailer {
///     #[action]
///     fn on_order(&self, _event: Event) {}
/// }
/// ```
///
/// # The client
///
/// A method of the client has the name, the visibility, the documentation and the payload of the method that it calls, also
/// where [`name`](macro@action#keys) gives the action another name, and gives a [`Call`](crate::Call) of its response. A private
/// method can be called from where the client is used only if that is within the same module.
///
/// ```
/// # use spawn::prelude::*;
/// # #[message(name = "docs_client.Basket")] struct Basket { items: i64 }
/// #[actor(kind = unnamed, name = "docs_basket")]
/// impl Basket {
///     #[action]
///     fn add(&mut self, items: i64) -> i64 {
///         self.items += items;
///         self.items
///     }
/// }
///
/// # async fn example(system: System) -> spawn::Result<()> {
/// let items: i64 = system.actor_by_id::<Basket>("user-42").add(2).await?;
/// # Ok(()) }
/// ```
#[doc(inline)]
pub use spawn_macros::actor;

/// Makes an action of a method: something that other code can call, or a channel entry can name. It means something only inside of
/// an [`#[actor]`](macro@actor) block.
///
/// ```
/// use spawn::prelude::*;
///
/// #[message(name = "docs_action.Deposit")]
/// struct Deposit { cents: i64 }
///
/// #[message(name = "docs_action.Account")]
/// struct Account { cents: i64 }
///
/// #[actor(kind = unnamed, name = "docs_account")]
/// impl Account {
///     /// A payload by value, a response.
///     #[action]
///     fn deposit(&mut self, deposit: Deposit) -> i64 {
///         self.cents += deposit.cents;
///         self.cents
///     }
///
///     /// Borrows the context, may fail, and publishes when it does not.
///     #[action]
///     async fn withdraw(&mut self, ctx: &Context, cents: i64) -> Result<Value<i64>, ActionError> {
///         if cents > self.cents {
///             let message = format!("{} has {} cents", ctx.id(), self.cents);
///             return Err(ActionError::new("no_funds", message).fatal());
///         }
///         self.cents -= cents;
///         Ok(Value::from(self.cents).broadcast(Broadcast::to("account.withdrawn", cents)))
///     }
///
///     /// Neither a payload nor a change.
///     #[action]
///     fn balance(&self) -> i64 {
///         self.cents
///     }
/// }
/// ```
///
/// # Keys
///
/// **`name`** is the action's name, a string of letters, digits and `_` that does not start with a digit. Left out, it is the
/// method's. It is turned into snake case, so that `createOrder`, `CreateOrder` and `create_order` are one action wherever a name is
/// written. Several methods with one name are the clauses of one action.
///
/// **`timer`** has the runtime call the action by the clock, so long from one call to the next: of a named actor while the system runs,
/// which activates it, of an unnamed one while an instance is activated, which it does not keep activated. It takes no payload, and can be called
/// by hand as well. The ticks do not drift. One that would come before the last one has ended is left out, and
/// counted in the metric `spawn_timer_ticks_skipped_total`; one that fails is logged, and the next one comes. Ticks are not saved: after a restart the first one comes
/// after the whole time. For something that has to be done once, there is [`Call::delay`](crate::Call::delay).
///
/// ```
/// # use spawn::prelude::*;
/// # #[message(name = "docs_timer.Cache")] struct Cache { entries: Vec<String> }
/// #[actor(name = "docs_cache")]
/// impl Cache {
///     #[action(timer = "30s")]
///     fn clean(&mut self) {
///         self.entries.clear();
///     }
/// }
/// ```
///
/// **`route`** says which instance of an unnamed actor gets an event: the one whose id is in this field of the event, or is returned by a closure, as in
/// `route = |event| event.order.id.clone()`. An id is text or a whole number, or an [`InstanceId`](crate::InstanceId) of your own. The
/// instance is activated if need be. Either every action of an actor that handles a channel has a route, or none. An instance that
/// fails keeps its own later events waiting, and nobody else's. An event whose id is not well formed becomes a
/// [dead letter](crate::System::dead_letters). Without a durable state, an instance sees an event at least once, and not exactly once.
///
/// ```
/// # use spawn::prelude::*;
/// # #[message(name = "docs_route.Paid")] struct Paid { order_id: String, cents: i64 }
/// # #[message(name = "docs_route.Shipped")] struct Shipped { order_id: String }
/// #[message(name = "docs_route.Saga")]
/// struct Saga { cents: i64, shipped: bool }
///
/// #[actor(kind = unnamed, name = "docs_saga", channels = [("order.*", follow)])]
/// impl Saga {
///     #[action(route = order_id)]
///     fn follow(&mut self, event: Paid) {
///         self.cents += event.cents;
///     }
///
///     #[action(name = "follow", route = order_id)]
///     fn follow_shipping(&mut self, _event: Shipped) {
///         self.shipped = true;
///     }
/// }
/// ```
///
/// # Parameters
///
/// After the receiver, at most one parameter is taken by value: the payload, which is a [`Message`](crate::Message), or an
/// [`Event`](crate::Event) or [`Parcel`](crate::Parcel) to take a message of any type. Everything that is taken by reference is lent by the
/// runtime: `&Context` ([`Context`](crate::Context)), and `&T` of a value that was given to
/// [`SystemBuilder::resource`](crate::SystemBuilder::resource). They may stand in any order. A `&T` of a message does not compile, since a payload was
/// meant; a resource that is one is lent in an `Arc`.
///
/// A handler of `channels` that takes nothing by value looks at its event, which is its last parameter: `&T` of a message, of
/// [`Event`](crate::Event) or of [`Parcel`](crate::Parcel). All subscribers look at the same one then, and nothing is cloned, if the method is not `async` and
/// borrows nothing else, and the event does not come from the log. The client's method takes it by value.
///
/// ```
/// # use spawn::prelude::*;
/// # #[message(name = "docs_looks.Created")] struct Created { cents: i64 }
/// # #[derive(Default)] struct Board { cents: i64 }
/// #[actor(stateful = false, name = "docs_board", channels = [("order.created", add)])]
/// impl Board {
///     #[action]
///     fn add(&mut self, created: &Created) {
///         self.cents += created.cents;
///     }
/// }
/// ```
///
/// The receiver is `&mut self` if the action changes the state and `&self` if it does not. An action with `&self` can
/// still replace the state with [`Value::state`](crate::Value::state).
///
/// # Response
///
/// An action returns `()`, a message, an `Option` of a message, a [`Value`](crate::Value), or a `Result` of one of those. The error
/// is any that implements [`std::error::Error`], or an [`ActionError`](crate::ActionError), which also says whether it makes sense to
/// try again. The caller gets it as the [`cause`](crate::Error::cause) of an error of kind
/// [`Action`](crate::ErrorKind::Action).
///
/// An action that returns an error or panics changes the state of a durable actor in no way and publishes nothing; the actor goes on
/// with the next message. See `stateful` under [`#[actor]`](macro@actor#keys) for an actor whose state is not durable.
///
/// An actor handles one message at a time. An `async` action keeps the actor while it waits, so that it always sees the state that it
/// left; an action that waits for an actor which waits for it ends with the timeout of the call. A caller who goes away or
/// whose call times out cancels nothing: the action runs to its end.
///
/// # Clauses
///
/// Methods of one name that take different payloads are the clauses of one action. The type of the message chooses; a clause for
/// `Event` or `Parcel` takes what no other clause takes. The client has a method for each clause, named as the method.
///
/// ```
/// # use spawn::prelude::*;
/// # #[message(name = "docs_clauses.Created")] struct Created { id: String }
/// # #[message(name = "docs_clauses.Updated")] struct Updated { id: String }
/// # #[derive(Default)] struct Mailer {}
/// #[actor(stateful = false, name = "docs_mailer", channels = [("order.events", on_order)])]
/// impl Mailer {
///     #[action]
///     async fn on_order(&self, event: Created) {
///         println!("created {}", event.id);
///     }
///
///     #[action(name = "on_order")]
///     async fn on_update(&self, event: Updated) {
///         println!("updated {}", event.id);
///     }
///
///     #[action(name = "on_order")]
///     fn on_anything_else(&self, event: Event) {
///         println!("{} on {}", event.type_name(), event.channel());
///     }
/// }
/// # assert_eq!(Mailer::definition().actions().len(), 1);
/// ```
///
/// # Errors
///
/// What the compiler reports: no receiver or an owned one; a second payload; `&mut T`, `&str`, a slice, a trait object or a lifetime
/// among the parameters; a timer with a payload or a route; `impl Trait`, generic parameters, `const`, `unsafe` or `extern`; a payload or response that is not a
/// message; an `async` action whose future is not `Send`; two clauses of one action for one payload; the names `get` and
/// `get_state`, which every actor has; a method that is called `clone` or `fmt`, which the client has; the attribute on
/// something that is not a method.
///
/// ```compile_fail
/// # use spawn::prelude::*;
/// # #[message(name = "docs_refused.Account")] struct Account { cents: i64 }
/// #[actor]
/// impl Account {
///     #[action]
///     fn transfer(&mut self, cents: i64, to: String) {} // two payloads: make a message of them
/// }
/// ```
#[doc(inline)]
pub use spawn_macros::action;

/// Runs a method of an [`#[actor]`](macro@actor) block at each activation, before the first message is handled.
///
/// The state is there already: a new one, or for a durable actor the one that was saved. The method is called by the runtime alone, so it
/// takes no payload, but may borrow `&Context` and resources as an [`#[action]`](macro@action) does; it returns `()`,
/// `Value<()>`, or a `Result` of those, and may be `async`. The attribute has no keys, and an actor has one `#[init]` at most.
///
/// If it returns an error or panics, the actor is not activated: the message that activated it is answered with an error of kind
/// [`Activation`](crate::ErrorKind::Activation) whose source says why, and the next message tries again.
///
/// ```
/// use spawn::prelude::*;
///
/// #[derive(Default)]
/// struct Rates { cents_per_kilo: i64 }
///
/// #[actor(stateful = false, name = "docs_rates")]
/// impl Rates {
///     #[init]
///     async fn load(&mut self) -> Result<(), std::num::ParseIntError> {
///         self.cents_per_kilo = "250".parse()?;
///         Ok(())
///     }
///
///     #[action]
///     fn price(&self, kilos: i64) -> i64 {
///         self.cents_per_kilo * kilos
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = spawn::System::builder("docs").in_memory().only::<(Rates,)>().start().await?;
/// assert_eq!(system.actor::<Rates>().price(2).await?, 500);
/// # Ok(()) }
/// ```
#[doc(inline)]
pub use spawn_macros::init;

/// Makes a message of a struct or of an enum with data, and an enumeration of an enum without: what an action takes and returns,
/// what a channel carries, and what a durable actor keeps.
///
/// The type gets an encoding that is compatible with Protocol Buffers ([`prost::Message`](crate::prost::Message)), a full name
/// ([`prost::Name`](crate::prost::Name)), and with these it is a [`Message`](crate::Message). It also gets `Clone`, `Debug`, `Default` and
/// `PartialEq`, each unless it is derived *below* the attribute; derives above it cannot be seen and conflict. An enumeration gets
/// `Clone`, `Copy`, `Debug`, `PartialEq`, `Eq`, `Hash` in the same way, and always the variant that is 0 as its `Default`.
///
/// ```
/// use std::collections::HashMap;
/// use std::time::SystemTime;
/// use spawn::prelude::*;
///
/// #[message(name = "docs_message.Order")]
/// struct Order {
///     id: String,
///     status: Status,
///     lines: Vec<Line>,
///     note: Option<String>,
///     labels: HashMap<String, String>,
///     placed_at: SystemTime,
///     payment: Option<Payment>,
/// }
///
/// #[message(name = "docs_message.Line")]
/// struct Line { sku: String, quantity: u32 }
///
/// #[message(name = "docs_message.Status")]
/// enum Status { Open, Paid, Shipped }
///
/// #[message(name = "docs_message.Payment")]
/// enum Payment { Card(Card), Cash(i64), Free }
///
/// #[message(name = "docs_message.Card")]
/// struct Card { number: String }
///
/// let order = Order { id: "ord-1".to_owned(), payment: Some(Payment::Cash(300)), ..Order::default() };
/// let parcel = Parcel::new(order.clone());
/// assert_eq!(parcel.type_name(), "docs_message.Order");
///
/// let again = Parcel::encoded("docs_message.Order", parcel.to_bytes()?);
/// assert_eq!(again.decode::<Order>()?, order);
/// # Ok::<(), spawn::Error>(())
/// ```
///
/// Messages that `prost-build` generated with type names from `.proto` files are messages without it.
///
/// # Keys
///
/// **`name`** has to be given: package and name with a dot between them, each part of `A-Z a-z 0-9 _` and not starting with a digit.
/// The name is what another program, or a later version of this one, knows the message by. It does not follow the Rust type when that is
/// renamed. A program with two messages of one name does not start; enumerations are only ever fields, and their names are
/// not compared.
///
/// **`reserved`** lists tags and names of fields that older versions had: `reserved(2, 5..=7, 100.., "old_name")`. Tags that are given
/// out leave them out, and a field that uses one is an error. Of an enumeration it lists numbers and names of variants.
///
/// **`crate`** is the path of this library where it has another name than `spawn`.
///
/// Above a field or a variant with data:
///
/// **`#[message(tag = 3)]`** gives it a tag: from 1 to 536870911, but not 19000 to 19999. Either all have one or
/// none; without, they are numbered from 1 in the order in which they stand. The tag is what the encoding knows a field by. So
/// fields can be renamed, but without written tags they can be added at the end only.
///
/// **`#[message(sint)]`** and **`#[message(fixed)]`** choose another encoding of whole numbers, also in an `Option`, a `Vec`, or the
/// values of a map: `sint` is shorter for negative `i32` and `i64` (`sint32`, `sint64`), `fixed` for large `i32`, `i64`, `u32` and
/// `u64` (`sfixed32`, `sfixed64`, `fixed32`, `fixed64`). **`#[message(keys = sint)]`** and `keys = fixed` do so for the keys of a map. The
/// encoding is a part of the format, as the tag is.
///
/// **`#[message(oneof)]`** takes the variants of an enum for fields of this message; see [below](#enums-with-data).
///
/// ```
/// # use spawn::prelude::*;
/// #[message(name = "docs_message.Customer", reserved(2, "nickname"))]
/// struct Customer {
///     #[message(tag = 1)]
///     id: String,
///     #[message(tag = 3)]
///     email: String,
///     #[message(tag = 4, sint)]
///     balance: i64,
/// }
/// ```
///
/// # Fields
///
/// | Rust | `.proto` |
/// | --- | --- |
/// | `bool`, `i32`, `i64`, `u32`, `u64`, `f32`, `f64`, `String` | `bool`, `int32`, `int64`, `uint32`, `uint64`, `float`, `double`, `string` |
/// | `Vec<u8>`, `bytes::Bytes` | `bytes` |
/// | `SystemTime`, `Duration` of [`std::time`] | `google.protobuf.Timestamp`, `google.protobuf.Duration` |
/// | a message, in a `Box` where it holds itself; an enumeration | the same |
/// | an `Option` of one of those | `optional`; for a message, the field as it is |
/// | a `Vec` of one of those | `repeated`, numbers packed |
/// | a `HashMap` or a `BTreeMap` to one of those, by `String`, `bool` or a whole number | `map` |
///
/// The bytes are those that `prost` writes for the `.proto`. A message or a time that is no `Option` is left out if it is the
/// default; the default of a `SystemTime` is 1970. Times have nanoseconds. A time that a `SystemTime` cannot hold and a negative
/// duration, as another language may write them, are errors.
///
/// A field that is not in the bytes is read as its default, and one that the program does not know is skipped, so that old and new
/// programs understand each other.
///
/// # Enumerations
///
/// The variants of an enum without data are numbered as Rust numbers them: from 0, or as they are written (`Paid = 2`). One of them is 0,
/// since that is what a field that is not there means; it is best one that says so, as `Unspecified`.
///
/// A number that no variant has, as a newer program may have written it, is read as the variant that is 0, also in an `Option`, a `Vec` or a
/// map: the message is not lost for it.
///
/// # Enums with data
///
/// An enum of which a variant has data is a message too: one that has one of several fields. It is a payload, an event, a response,
/// a state, and a field as any other message is. A variant holds one value of those that a field can be, or nothing; several values,
/// a `Vec`, a map or an `Option` go into a message of their own. In a `.proto` it is a message with a `oneof`
/// (`message Payment { oneof payment { Card card = 1; int64 cash = 2; google.protobuf.Empty free = 3; } }`).
///
/// Its default is the first variant with the default of what it holds, unless `Default` is derived below the attribute. That is what is
/// read where no variant was written. A variant that this program does not know, as a newer one may have written it, is an error of
/// decoding: there is nothing that it could be taken for. An event with it goes to the dead letters, and an actor with it in its
/// state is not activated, so that nothing is lost.
///
/// A `.proto` often has the `oneof` among the other fields of a message. For that, the field is an `Option` of the enum
/// under `#[message(oneof)]`. The variants then are fields of the message, so that all of them have written tags that are
/// different; the compiler compares them. A variant that this program does not know is `None` there.
///
/// ```
/// # use spawn::prelude::*;
/// # use spawn::prost::Message as _;
/// /// `message Refund { string id = 1; oneof how { string voucher = 2; int64 cash = 3; } string note = 4; }`
/// #[message(name = "docs_message.Refund")]
/// struct Refund {
///     #[message(tag = 1)]
///     id: String,
///     #[message(oneof)]
///     how: Option<How>,
///     #[message(tag = 4)]
///     note: String,
/// }
///
/// #[message(name = "docs_message.How")]
/// enum How {
///     #[message(tag = 2)]
///     Voucher(String),
///     #[message(tag = 3)]
///     Cash(i64),
/// }
///
/// let refund = Refund { how: Some(How::Cash(5)), ..Refund::default() };
/// assert_eq!(refund.encode_to_vec(), [3 << 3, 5]);
/// ```
///
/// # Errors
///
/// What the compiler reports: no name, or one that is not well formed; a tuple struct, a generic one, or anything else than a struct or an
/// enum; a field of another type, with what to write instead (`u32` for `u8`, a message of its own for an `Option<Vec<T>>`); a
/// map by something else than text, `bool` or whole numbers; an encoding that the type does not have; a message that holds itself and is
/// always there; a tag that is out of range, given twice or reserved, also by way of a oneof; tags on some fields only; a `reserved`
/// with an empty range or something twice; an enumeration that is empty, has no variant that is 0, or derives `Default`; a variant
/// with several values.
///
/// ```compile_fail
/// # use spawn::prelude::*;
/// #[message(name = "docs_message.Refused")]
/// struct Refused { port: u16 }
/// ```
#[doc(inline)]
pub use spawn_macros::message;

//! Every key of the attribute, in every form.
// style: 3.2

use spawn::prelude::*;

#[message(name = "pass.Basket")]
struct Basket {
    items: i64,
}

#[actor(
    name = "basket",
    kind = unnamed,
    stateful = true,
    deactivate_timeout = "5m",
    ask_timeout = 250,
    mailbox = 16,
    retry = { attempts = 3, backoff = "10ms", max_backoff = 1_000 },
    snapshot_timeout = "1m",
    revisions = 1,
    tags = { region = "eu", r#type = "basket" },
    channels = [
        ("a.b", put, from = start),
        ("a.*", "put", wake = lazy, from = now),
        ("a.>", "Put", wake = eager),
        ("plain", from = start),
    ],
    crate = ::spawn,
)]
impl Basket {
    #[init]
    fn begin(&mut self) {}

    #[action]
    fn put(&mut self, items: i64) {
        self.items += items;
    }

    #[action]
    fn receive(&self, _event: Event) {}

    #[action(name = "every_minute", timer = "1m")]
    async fn clean(&mut self) {}
}

#[message(name = "pass.Moved")]
struct Moved {
    basket: String,
    number: u64,
}

#[message(name = "pass.Follower")]
struct Follower {
    items: i64,
}

#[actor(kind = unnamed, channels = [("a.b", follow), ("c", by_number), ("d", by_both), ("e", any)])]
impl Follower {
    #[action(route = basket)]
    fn follow(&mut self, _event: Moved) {}

    #[action(route = number)]
    fn by_number(&mut self, _event: Moved) {}

    #[action(name = "by_both", route = |moved| format!("{}-{}", moved.basket, moved.number))]
    fn by_basket_and_number(&mut self, _event: Moved) {}

    #[action(route = |event: &Event| event.metadata().get("basket").unwrap_or_default().to_owned())]
    fn any(&mut self, _event: Event) {}
}

#[test]
fn it_compiles() {
    let channels = Basket::definition().channels();
    assert_eq!(channels.len(), 4);
    assert_eq!(Basket::definition().tags()["type"], "basket");
    assert!(channels[0].is_from_start() && channels[2].wakes_eagerly());
    assert!(Follower::definition().channels().iter().all(|channel| channel.is_routed()));
}

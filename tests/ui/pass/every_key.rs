//! Every key of the attribute, in every form.

use spawn::prelude::*;

#[message(name = "pass.Basket")]
pub struct Basket {
    items: i64,
}

#[actor(
    name = "basket",
    kind = unnamed,
    stateful = true,
    deactivate_timeout = "5m",
    ask_timeout = 250,
    mailbox = 16,
    channels = [("a.b", put), ("a.*", "put"), ("a.>", "Put"), "plain"],
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
}

fn main() {
    assert_eq!(Basket::definition().channels().len(), 4);
}

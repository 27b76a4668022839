// says: E0599

// style: 3.4
// says: E0599

use spawn::prelude::*;

#[message(name = "flows.Order")]
struct Order {
    id: String,
}

#[derive(Default)]
struct Billing;

#[actor(stateful = false)]
impl Billing {
    #[action]
    fn charge(&self, order: Order) -> i64 {
        order.id.len() as i64
    }
}

#[derive(Default)]
struct Shop;

#[actor(stateful = false)]
impl Shop {
    #[action]
    fn place(&self, ctx: &Context, order: Order) -> Value<()> {
        Value::of().effect(ctx.actor::<Billing>().chrge(order))
    }
}

fn main() {}

// style: G1
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(name = "shop", chann)]
impl Shop {
    #[action]
    fn count(&self) -> i64 {
        self.orders
    }
}

// The rest of the program sees an actor all the same.
async fn elsewhere(system: System) -> spawn::Result<i64> {
    system.actor::<Shop>().count().await
}

fn main() {}
